//! Operations as this process last wrote them, so that they are not read back at once.
//!
//! Right after writing, the next step goes on from what was written, as if it had been read back: once. Later it
//! may be old, because other processes write, too. Then it is good enough to try to append to, since the ledger
//! refuses what does not follow; that nothing is to be done, or that somebody is to be refused, is never
//! decided by it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use countersign_core::ids::OperationId;
use countersign_core::operation::Operation;

/// So many operations are remembered; those that were written first are forgotten first.
const MOST: usize = 256;

/// What was written, by operation.
#[derive(Default)]
pub(super) struct Written {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    operations: HashMap<OperationId, Entry>,
    order: VecDeque<OperationId>,
}

struct Entry {
    operation: Operation,
    /// Did no step go on from it yet?
    fresh: bool,
}

impl Written {
    /// This is how an operation is after a write of ours. What follows it stays.
    pub(super) fn learn(&self, operation: Operation) {
        let mut known = self.lock();
        let id = operation.request.id.clone();
        match known.operations.get_mut(&id) {
            Some(entry) if entry.operation.head.seq >= operation.head.seq => {}
            Some(entry) => *entry = Entry { operation, fresh: true },
            None => {
                known.operations.insert(id.clone(), Entry { operation, fresh: true });
                known.order.push_back(id);
            }
        }
        while known.order.len() > MOST {
            if let Some(oldest) = known.order.pop_front() {
                known.operations.remove(&oldest);
            }
        }
    }

    /// The operation as it was just written, once.
    pub(super) fn take(&self, id: &OperationId) -> Option<Operation> {
        let mut known = self.lock();
        let entry = known.operations.get_mut(id)?;
        std::mem::take(&mut entry.fresh).then(|| entry.operation.clone())
    }

    /// The operation as it was written some time ago.
    pub(super) fn remembered(&self, id: &OperationId) -> Option<Operation> {
        self.lock().operations.get(id).map(|entry| entry.operation.clone())
    }

    /// From now on others may have written, too.
    pub(super) fn rest(&self, id: &OperationId) {
        if let Some(entry) = self.lock().operations.get_mut(id) {
            entry.fresh = false;
        }
    }

    /// Others have written, or nothing is left to write.
    pub(super) fn forget(&self, id: &OperationId) {
        let mut known = self.lock();
        if known.operations.remove(id).is_some() {
            known.order.retain(|one| one != id);
        }
    }

    /// Nothing here leaves a value half changed, so a panic elsewhere does not spoil it.
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use countersign_core::audit::{Head, Record};
    use countersign_core::command::spec::{CommandName, Risk};
    use countersign_core::envelope::Origin;
    use countersign_core::ids::{ChannelId, MessageId, PersonId};
    use countersign_core::operation::{Event, Request};
    use jiff::Timestamp;

    use super::*;

    fn id(number: usize) -> OperationId {
        OperationId::from_parts(1_800_000_000_000, number as u128)
    }

    fn begun(number: usize) -> Operation {
        let request = Request {
            id: id(number),
            command: CommandName::new("set-trial"),
            sentence: "set acme trial".to_owned(),
            args: serde_json::json!({}),
            caller: PersonId::new("T1", "ana"),
            origin: Origin { channel: ChannelId::new("C1"), message: None, thread: None },
            risk: Risk::Low,
            quorum: Risk::Low.quorum(),
            lock: None,
            frozen: Vec::new(),
            emergency: None,
        };
        let event = Event::Requested(Box::new(request));
        Operation::fold(&[Record::after(Head::start(), id(number), Timestamp::UNIX_EPOCH, event)]).unwrap()
    }

    fn shown(mut operation: Operation) -> Operation {
        let card = Event::CardShown { message: MessageId::new("1"), shown_at: Timestamp::UNIX_EPOCH };
        let next = Record::after(operation.head, operation.request.id.clone(), Timestamp::UNIX_EPOCH, card);
        operation.apply(&next).unwrap();
        operation
    }

    #[test]
    fn a_step_goes_on_from_what_was_written_once() {
        let written = Written::default();
        assert_eq!(written.take(&id(1)), None);
        written.learn(begun(1));
        assert_eq!(written.take(&id(1)), Some(begun(1)));
        assert_eq!(written.take(&id(1)), None);
        written.learn(shown(begun(1)));
        written.rest(&id(1));
        assert_eq!(written.take(&id(1)), None, "others may have written since");
        assert_eq!(written.remembered(&id(1)), Some(shown(begun(1))));
        written.forget(&id(1));
        assert_eq!(written.remembered(&id(1)), None);
    }

    #[test]
    fn what_follows_stays() {
        let written = Written::default();
        written.learn(shown(begun(1)));
        written.learn(begun(1));
        assert_eq!(written.take(&id(1)), Some(shown(begun(1))), "it came late");
    }

    #[test]
    fn the_newest_are_remembered() {
        let written = Written::default();
        (0..=MOST).for_each(|number| written.learn(begun(number)));
        assert_eq!(written.remembered(&id(0)), None);
        assert!(written.remembered(&id(1)).is_some() && written.remembered(&id(MOST)).is_some());
    }
}
