//! What holds for every input from outside, as functions that panic where it does not. Property tests feed
//! them here, and fuzzing feeds them for hours (`fuzz/`).

mod configuration;
mod frame;
mod pattern;
mod signature;
#[cfg(test)]
mod tests;
mod text;

pub use configuration::configuration;
pub use frame::frame;
pub use pattern::pattern;
pub use signature::signature;
pub use text::text;

use std::collections::BTreeSet;

use countersign_core::approval::Quorum;
use countersign_core::command::spec::{CommandName, Risk, Scope, Spec};
use jiff::SignedDuration;

/// A command with this pattern, for everybody everywhere.
fn command(name: &str, pattern: &str) -> Spec {
    Spec {
        name: CommandName::new(name),
        pattern: pattern.to_owned(),
        description: "Does it.".to_owned(),
        examples: Vec::new(),
        channels: Scope::Everyone,
        groups: BTreeSet::new(),
        risk: Risk::High,
        quorum: Quorum::default(),
        escalations: Vec::new(),
        approve_within: SignedDuration::from_hours(1),
        run_within: SignedDuration::from_mins(15),
        lock: None,
        freezing: false,
    }
}
