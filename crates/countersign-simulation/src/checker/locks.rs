//! Of operations with the same lock, one is at work at a time.

use countersign_core::operation::{Operation, Phase};

use super::{Case, Findings};
use crate::history::Tick;

/// No two claims on one lock overlap.
pub fn check(cases: &[Case], found: &mut Findings) {
    for (place, case) in cases.iter().enumerate() {
        for other in cases.iter().skip(place + 1) {
            let same = case.operation.request.lock.is_some()
                && case.operation.request.lock == other.operation.request.lock;
            let overlap =
                same && spans(case).iter().any(|a| spans(other).iter().any(|b| a.0 < b.1 && b.0 < a.1));
            found.expect(!overlap, "one at a time for a lock", || format!("{} and {}", case.id, other.id));
        }
    }
}

/// From each claim to the record after which nothing is at work any more.
fn spans(case: &Case) -> Vec<(Tick, Tick)> {
    let mut spans = Vec::new();
    let mut began = None;
    let Some(((first, _, _), rest)) = case.records.split_first() else { return spans };
    let Ok(mut operation) = Operation::fold(std::slice::from_ref(first)) else { return spans };
    for (record, tick, _) in rest {
        if operation.apply(record).is_err() {
            break;
        }
        let at_work = matches!(operation.phase, Phase::Applying(_)) || operation.is_unknown();
        match (began, at_work) {
            (None, true) => began = Some(*tick),
            (Some(since), false) => {
                spans.push((since, *tick));
                began = None;
            }
            _ => {}
        }
    }
    spans.extend(began.map(|since| (since, Tick::MAX)));
    spans
}
