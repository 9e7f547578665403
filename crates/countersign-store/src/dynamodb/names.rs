//! The messages that lead to an operation from some records on.

use std::collections::BTreeSet;

use countersign_core::audit::Record;
use countersign_core::ids::{ChannelId, MessageId, OperationId};

use super::change::Change;
use super::error::StoreError;
use super::item::{Held, text};
use super::table::Key;
use super::{DynamoStore, begin};

/// Messages of one operation's channel.
pub(super) struct Names<'a> {
    operation: Option<(&'a OperationId, ChannelId)>,
    /// Each once: no item may be written twice in one transaction.
    messages: BTreeSet<&'a MessageId>,
}

impl<'a> Names<'a> {
    /// What `records` name. The channel is known, or asked for.
    pub(super) async fn of(store: &DynamoStore, records: &'a [Record]) -> Result<Self, StoreError> {
        let messages: BTreeSet<_> = records.iter().filter_map(Record::names).collect();
        let operation = match records.first() {
            Some(first) if !messages.is_empty() => {
                Some((&first.operation, channel(store, &first.operation).await?))
            }
            _ => None,
        };
        Ok(Self { operation, messages })
    }

    /// What makes them lead to the operation.
    pub(super) fn changes(&self) -> Vec<Change> {
        let Some((id, channel)) = &self.operation else { return Vec::new() };
        self.messages.iter().map(|message| begin::named((channel, message), id)).collect()
    }

    /// Leaves those alone whose changes were refused: they lead elsewhere.
    pub(super) fn keep(&mut self, held: &[Held]) {
        let mut held = held.iter();
        self.messages.retain(|_| !matches!(held.next(), Some(Held::Refused(_))));
    }

    /// They lead to the operation now.
    pub(super) fn learn(self, store: &DynamoStore) {
        let Some((id, channel)) = self.operation else { return };
        for message in self.messages {
            store.messages.learn((channel.clone(), message.clone()), id.clone());
        }
    }
}

/// The channel in which the operation was asked for, in which its messages are.
async fn channel(store: &DynamoStore, id: &OperationId) -> Result<ChannelId, StoreError> {
    if let Some(channel) = store.channels.get(id) {
        return Ok(channel);
    }
    let operation = store.table.get(Key::operation(id)).await?;
    let operation = operation.ok_or_else(|| StoreError::NoOperation(id.clone()))?;
    let channel = ChannelId::new(text(&operation, "channel")?);
    store.channels.learn(id.clone(), channel.clone());
    Ok(channel)
}
