//! Has everything come to rest: is it over, or does it wait for a person?

use countersign_engine::ports::{Inbox as _, Ledger as _};
use jiff::Timestamp;

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
    // The ledger is told that an operation waits for a person alone once its card says so.
    let open: Vec<_> = {
        let world = schedule.shared.lock();
        let open = world.history.chains.iter().filter(|chain| chain.closed.is_none());
        if open.clone().any(|chain| !chain.is_unknown) {
            return false;
        }
        open.map(|chain| chain.operation.clone()).collect()
    };
    let due = || now(schedule.stores.ledger.due(Timestamp::MAX, usize::MAX));
    open.is_empty() || matches!(due(), Some(Ok(due)) if open.iter().all(|open| !due.contains(open)))
}
