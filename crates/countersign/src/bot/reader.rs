//! Stored payloads → what the engine takes.

use std::sync::Arc;

use countersign_core::envelope::Envelope;
use countersign_engine::intake::{Reader, Skip};
use countersign_engine::ports::Delivery;
use countersign_slack::Me;
use countersign_slack::inbound::{self, Reading};

use super::notices::Notices;

/// Reads as the bot `me`; what the engine has no use for is logged, counted or noticed.
pub(super) fn reader(me: Me, notices: Arc<Notices>) -> Reader {
    Box::new(move |delivery| read(delivery, &me, &notices))
}

fn read(delivery: &Delivery, me: &Me, notices: &Notices) -> Result<Envelope, Skip> {
    match inbound::read(delivery, me) {
        Reading::Envelope(envelope) => return Ok(envelope),
        Reading::Notice(notice) => notices.take(&notice),
        Reading::Ignored(reason) => tracing::debug!(key = delivery.key, reason, "a payload was ignored"),
        Reading::Unreadable(reason) => {
            tracing::warn!(key = delivery.key, reason, "a payload could not be read and is kept");
            return Err(Skip::Unknown);
        }
        Reading::Unknown(name) => {
            tracing::debug!(key = delivery.key, name, "a payload of an unknown kind is kept");
            notices.count(name);
            return Err(Skip::Unknown);
        }
    }
    Err(Skip::Nothing)
}
