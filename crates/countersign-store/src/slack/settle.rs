//! What the markers in Slack say of an operation that its records do not: as events to append.
//!
//! A crash can fall between a marker and the card. The marker was written first, so it is right.

use countersign_core::ids::WorkerId;
use countersign_core::operation::{Event, Operation, Outcome, Phase, Reference, Report, Stop};
use countersign_core::policy::Refusal;
use jiff::Timestamp;

use super::markers::{End, Standing};

/// Nobody knows who put the marker there.
const SOMEBODY: &str = "worker-unknown";

const DONE: &str = "It was done. The program stopped before it could say what came of it.";
const FAILED: &str = "It was not done. The program stopped before it could say why.";
const UNKNOWN: &str = "The program stopped in the middle: someone must look whether it was done.";
const STOPPED: &str =
    "It was stopped, and nothing was changed. The program stopped, too, before it could say why.";

/// What an event needs that no marker tells.
pub(super) struct Seen {
    /// When the markers were seen (UTC).
    pub(super) at: Timestamp,
    /// So long a worker is left alone that may be alive (UTC).
    pub(super) lease_until: Timestamp,
    /// Joins an end that is not a success with the log.
    pub(super) reference: Reference,
}

/// The events that make `operation` what the markers say it is.
pub(super) fn events(operation: &Operation, standing: Standing, seen: Seen) -> Vec<Event> {
    if operation.is_over() {
        return Vec::new();
    }
    let Seen { at, lease_until, reference } = seen;
    let approved = approved(operation, at);
    let Some(end) = standing.end else {
        let runs = standing.applying && !matches!(operation.phase, Phase::Applying(_) | Phase::Requested);
        return if runs { [approved, vec![claimed(operation, lease_until)]].concat() } else { Vec::new() };
    };
    let began = standing.applying || matches!(operation.phase, Phase::Applying(_));
    let can_finish = operation.proposal.is_some();
    let outcome = match end {
        End::Failed if !began => None,
        End::Failed => Some(Outcome::Failed { reason: FAILED.to_owned(), reference }),
        End::Unknown => Some(Outcome::Unknown { reason: UNKNOWN.to_owned(), reference }),
        End::Done => Some(Outcome::Succeeded(Report { summary: DONE.to_owned(), table: None })),
    };
    match outcome.filter(|_| can_finish) {
        Some(outcome) => [approved, vec![Event::Finished { outcome }]].concat(),
        None => {
            let refusal = Refusal::Blocked { sentence: STOPPED.to_owned() };
            vec![Event::Stopped { stop: Stop::Refused { refusal } }]
        }
    }
}

/// Whoever has begun to apply it had seen all signatures.
fn approved(operation: &Operation, run_by: Timestamp) -> Vec<Event> {
    match (&operation.phase, operation.fingerprint()) {
        (Phase::Voting, Some(fingerprint)) => vec![Event::Approved { fingerprint, run_by }],
        _ => Vec::new(),
    }
}

fn claimed(operation: &Operation, lease_until: Timestamp) -> Event {
    Event::Claimed { worker: WorkerId::new(SOMEBODY), fence: operation.fence + 1, lease_until }
}

#[cfg(test)]
#[path = "settle_tests.rs"]
mod tests;
