//! Run production from Slack, with a second signature.
