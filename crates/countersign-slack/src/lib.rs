//! The Slack wire for Countersign: Socket Mode, Web API, payloads, text and Block Kit.
