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
        self.write(None, operation, events).await
    }

    /// Appends `events` in answer to the delivery that was stored under `key`.
    pub(super) async fn append_for(
        &self,
        key: &str,
        operation: &Operation,
        events: Vec<Event>,
    ) -> Result<Appended, Failure> {
        self.write(Some(key), operation, events).await
    }

    async fn write(
        &self,
        delivery: Option<&str>,
        operation: &Operation,
        events: Vec<Event>,
    ) -> Result<Appended, Failure> {
        let records = self.records(operation.head, &operation.request.id, events);
        let mut then = operation.clone();
        for record in &records {
            then.apply(record)?;
        }
        let next = self.next(&then);
        let appended = match delivery {
            Some(key) => self.ports.ledger.append_for(key, &records, next).await?,
            None => self.ports.ledger.append(&records, next).await?,
        };
        match appended {
            Appended::Done => self.written.learn(then),
            Appended::Conflict => self.written.forget(&operation.request.id),
        }
        Ok(appended)
    }

    /// The operation as it was just written here, or else as it stands.
    pub(super) async fn current(&self, id: &OperationId) -> Result<Option<Operation>, Failure> {
        match self.written.take(id) {
            Some(operation) => Ok(Some(operation)),
            None => self.load(id).await,
        }
    }

    /// An operation for the sake of what never changes of it: its request.
    pub(super) async fn known(&self, id: &OperationId) -> Result<Option<Operation>, Failure> {
        match self.written.remembered(id) {
            Some(operation) => Ok(Some(operation)),
            None => self.load(id).await,
        }
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
            let record = Record::after(head, id.clone(), now, self.without_secrets(id, &event));
            head = record.head();
            records.push(record);
        }
        records
    }
}
