//! Reading an operation from the ledger and writing to it.

use countersign_core::audit::{Head, Record};
use countersign_core::ids::OperationId;
use countersign_core::operation::{Event, Operation};

use super::{Engine, Failure};
use crate::ports::{Appended, Next, Place};

impl Engine {
    /// The operation as it stands; `None` when the ledger does not know it.
    pub(super) async fn load(&self, id: &OperationId) -> Result<Option<Operation>, Failure> {
        let records = self.ports.ledger.load(id).await?;
        if records.is_empty() {
            return Ok(None);
        }
        Ok(Some(Operation::fold(&records)?))
    }

    /// Appends `events` to what `operation` was when it was loaded. On a conflict nothing is
    /// written: load it again, then decide again.
    pub(super) async fn append(
        &self,
        operation: &Operation,
        events: Vec<Event>,
    ) -> Result<Appended, Failure> {
        let records = self.records(operation.head, &operation.request.id, events);
        let mut then = operation.clone();
        for record in &records {
            then.apply(record)?;
        }
        Ok(self.ports.ledger.append(&records, self.next(&then)).await?)
    }

    /// What the ledger is to keep beside the records that made `operation` what it is.
    fn next(&self, operation: &Operation) -> Next {
        Next {
            due: operation.due(self.approve_within(operation), self.now()),
            place: if operation.keeps_its_place() { Place::Kept } else { Place::GivenUp },
        }
    }

    /// `events` as the records that follow `head`.
    pub(super) fn records(&self, mut head: Head, id: &OperationId, events: Vec<Event>) -> Vec<Record> {
        let now = self.now();
        let mut records = Vec::with_capacity(events.len());
        for event in events {
            let record = Record::after(head, id.clone(), now, event);
            head = record.head();
            records.push(record);
        }
        records
    }
}
