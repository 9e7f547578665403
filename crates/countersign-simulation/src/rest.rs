//! Has everything come to rest: is it over, or does it wait for a person?

use countersign_core::audit::Record;
use countersign_core::operation::Operation;
use countersign_engine::ports::{Inbox as _, Ledger as _};

use crate::checker::now;
use crate::schedule::Schedule;

/// How far everything is at rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Something is going on, or will by itself.
    Not,
    /// Only the inbox still holds what a restart will look at again: it could not be marked as done.
    ButForTheInbox,
    /// Nothing is on its way, and every operation is closed or waits for a person who looks what became of it.
    Full,
}

/// How far everything is at rest now.
pub fn rest(schedule: &Schedule) -> Rest {
    if !is_quiet(schedule) {
        return Rest::Not;
    }
    match now(schedule.stores.inbox.waiting()) {
        Some(Ok(waiting)) if waiting.is_empty() => Rest::Full,
        _ => Rest::ButForTheInbox,
    }
}

fn is_quiet(schedule: &Schedule) -> bool {
    {
        let world = schedule.shared.lock();
        let is_up = schedule.is_up();
        if !is_up || !world.calls.is_empty() || !world.agenda.is_empty() || !world.frozen.is_empty() {
            return false;
        }
    }
    let Some(Ok(open)) = now(schedule.stores.ledger.open()) else { return false };
    open.iter().all(|operation| {
        let Some(Ok(records)) = now(schedule.stores.ledger.load(operation)) else { return false };
        is_shown(schedule, &records)
    })
}

/// Does nobody know what became of it, and does the card say so?
fn is_shown(schedule: &Schedule, records: &[Record]) -> bool {
    let Ok(operation) = Operation::fold(records) else { return false };
    if !operation.is_unknown() {
        return false;
    }
    // The ledger is told that it waits for a person alone once the card says so.
    let due = now(schedule.stores.ledger.due(jiff::Timestamp::MAX, usize::MAX));
    matches!(due, Some(Ok(due)) if !due.contains(&operation.request.id))
}
