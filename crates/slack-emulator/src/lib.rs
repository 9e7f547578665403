//! A Slack workspace on 127.0.0.1.
