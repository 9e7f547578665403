//! What makes an argument ask for more people.

use countersign_core::command::escalation::{Bound, Escalation};

use super::Config;
use super::error::ConfigError;
use super::file::{Command, Escalate, Width};

impl Config {
    /// The escalations of a command.
    pub(super) fn escalations(&self, command: &Command, errors: &mut Vec<ConfigError>) -> Vec<Escalation> {
        let mut found = Vec::new();
        for escalate in &command.escalate {
            match bound(escalate) {
                Some(bound) => found.push(Escalation {
                    argument: escalate.argument.get_ref().clone(),
                    bound,
                    others: escalate.others,
                }),
                None => errors.push(self.at(
                    &escalate.argument,
                    "This escalation needs one bound: `above = 30` for a number or a duration, or `wider_than = { v4 = 24, v6 = 48 }` for a network.".to_owned(),
                )),
            }
        }
        found
    }
}

fn bound(escalate: &Escalate) -> Option<Bound> {
    match (escalate.above, escalate.wider_than) {
        (Some(above), None) => Some(Bound::Number(above)),
        (None, Some(Width { v4, v6 })) => Some(Bound::Width { v4, v6 }),
        _ => None,
    }
}
