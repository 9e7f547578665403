//! Beginning an operation.

use countersign_core::audit::{Head, Record};
use countersign_core::ids::{ChannelId, MessageId, OperationId};
use countersign_core::operation::{Event, Request};
use countersign_engine::ports::Begun;
use jiff::Timestamp;

use super::change::Change;
use super::error::StoreError;
use super::item::{Held, maybe_text, text};
use super::order::millis;
use super::table::{EXPIRES, Key, LIST, OPERATIONS};
use super::transaction::Committed;
use super::{DynamoStore, delivery, event};

/// Begins an operation, and with it marks the delivery under the same key as done: whatever is left to do is
/// due, and so will be found.
pub(super) async fn begin(
    store: &DynamoStore,
    key: &str,
    (first, due): (&Record, Timestamp),
) -> Result<Begun, StoreError> {
    let Event::Requested(request) = &first.event else { return Err(StoreError::NoRequest) };
    if first.builds_on() != Head::start() || request.id != first.operation {
        return Err(StoreError::NoRequest);
    }
    let id = &first.operation;
    let month = first.at.strftime("%Y-%m").to_string();
    list_month(store, &month).await?;
    let token = store.order.token();
    // It never expires: however late the same key comes again, it began this operation.
    let natural = delivery::emptied(Change::of(Key::natural(key)?))
        .remove([EXPIRES])
        .set("operation", id.to_string())
        .set("token", token.as_str())
        .only_if("attribute_not_exists(#operation)");
    let since = store.order.since();
    let mut changes = vec![natural, operation((first, request), &since, due), event::written(first)?];
    changes.push(Change::of(Key::month(&month, id)).set("key", key));
    let channel = &request.origin.channel;
    let message = request.origin.message.as_ref();
    let mut names = message.map(|message| (channel, message));
    loop {
        let named = names.map(|(channel, message)| named((channel, message), id));
        let all: Vec<Change> = changes.iter().cloned().chain(named).collect();
        let held = match store.table.commit(&all).await? {
            Committed::Done => break,
            Committed::Refused(held) => held,
        };
        match held.as_slice() {
            // Our own, whose answer was lost.
            [Held::Refused(Some(there)), ..] if maybe_text(there, "token") == Some(&token) => break,
            [Held::Refused(Some(already)), ..] => {
                let already = text(already, "operation")?.parse().map_err(StoreError::unreadable)?;
                return Ok(Begun::Already(already));
            }
            [.., Held::Refused(_)] if names.take().is_some() => {}
            _ => return Err(StoreError::Taken(id.clone())),
        }
    }
    if let Some((channel, message)) = names {
        store.messages.learn((channel.clone(), message.clone()), id.clone());
    }
    store.channels.learn(id.clone(), channel.clone());
    store.answered.learn(key.to_owned(), ());
    Ok(Begun::New)
}

fn operation((first, request): (&Record, &Request), since: &str, due: Timestamp) -> Change {
    Change::of(Key::operation(&first.operation))
        .set("channel", request.origin.channel.as_str())
        .set("seq", first.seq)
        .set("hash", first.hash.to_string())
        .set(LIST, OPERATIONS)
        .set("since", since)
        .set("unsealed", since)
        .set("due", millis(due))
        .only_if("attribute_not_exists(#pk)")
}

/// Leads from a message to an operation, unless it leads to another one: the first one keeps it.
pub(super) fn named((channel, message): (&ChannelId, &MessageId), id: &OperationId) -> Change {
    Change::of(Key::message(channel, message))
        .set("operation", id.to_string())
        .only_if("attribute_not_exists(#operation) OR #operation = :operation")
}

/// Lists a month, before anything begins in it. Outside of the transaction, which would otherwise cross every
/// other one of the month.
async fn list_month(store: &DynamoStore, month: &str) -> Result<(), StoreError> {
    if store.months.get(month).is_none() {
        store.table.change(Change::of(Key::listed_month(month)).set("month", month)).await?;
        store.months.learn(month.to_owned(), ());
    }
    Ok(())
}
