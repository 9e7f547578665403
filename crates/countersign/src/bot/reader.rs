//! Stored payloads → what the engine takes.

use std::sync::Arc;

use countersign_core::envelope::Envelope;
use countersign_engine::intake::{Reader, Skip};
use countersign_engine::ports::{Delivery, Directory};
use countersign_slack::Me;
use countersign_slack::inbound::{self, Notice, Reading};

use super::notices::Notices;

/// Reads as the bot `me`; what the engine has no use for is logged, counted or noticed. What `directory`
/// remembers of a channel is forgotten as soon as Slack says that others share it.
pub(super) fn reader(me: Me, notices: Arc<Notices>, directory: Arc<dyn Directory>) -> Reader {
    Box::new(move |delivery| read(delivery, &me, (&notices, &directory)))
}

fn read(
    delivery: &Delivery,
    me: &Me,
    (notices, directory): (&Arc<Notices>, &Arc<dyn Directory>),
) -> Result<Envelope, Skip> {
    let key = delivery.key.clone();
    let notices = Arc::clone(notices);
    Err(match inbound::read(delivery, me) {
        Reading::Envelope(envelope) => return Ok(envelope),
        Reading::Ignored(reason) => {
            tracing::debug!(key, reason, "a payload is ignored");
            Skip::Nothing
        }
        Reading::Notice(notice) => {
            let directory = Arc::clone(directory);
            Skip::Notice(Box::new(move || {
                if let Notice::Shared(channel) | Notice::Unshared(channel) = &notice {
                    directory.forget(channel);
                }
                notices.take(&notice);
            }))
        }
        Reading::Unreadable(reason) => Skip::Unknown(Box::new(move || {
            tracing::warn!(key, reason, "a payload could not be read and is kept");
        })),
        Reading::Unknown(name) => Skip::Unknown(Box::new(move || {
            tracing::debug!(key, name, "a payload of an unknown kind is kept");
            notices.count(name);
        })),
    })
}
