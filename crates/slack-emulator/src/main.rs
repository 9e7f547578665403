//! A Slack workspace on 127.0.0.1, as a program.

fn main() {}
