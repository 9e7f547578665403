//! Looking at one operation in Slack.

use countersign_core::ids::{ChannelId, MessageId};
use countersign_core::operation::Operation;
use countersign_engine::ports::LedgerError;
use countersign_slack::payload_of;
use countersign_slack::web_api::{Reacted, WebError};
use jiff::SignedDuration;
use serde_json::Value;

use super::SlackStore;
use super::markers::Standing;
use super::seal::Place;
use super::write::{failed, messages};

/// How long before its repetition a slash command can have been delivered at most.
const REPEATED_WITHIN: SignedDuration = SignedDuration::from_mins(15);
/// Pages of a channel that are searched for an earlier delivery.
const MOST_PAGES: usize = 5;

impl SlackStore {
    /// Puts the bot's marker on a message, and says who did.
    pub(super) async fn claim(
        &self,
        (channel, message): (&ChannelId, &MessageId),
        emoji: &'static str,
    ) -> Result<Reacted, LedgerError> {
        let claimed = self.api.claim_reaction((channel, message), emoji).await;
        match &claimed {
            Ok(_) => self.book.marked(channel, message, emoji),
            Err(WebError::Lost { .. } | WebError::Unreadable { .. }) => {
                self.book.doubt(channel, message, emoji);
            }
            // Nothing was done.
            Err(_) => {}
        }
        claimed.map_err(failed)
    }

    /// The bot's markers on a message; none when it is gone.
    pub(super) async fn standing(
        &self,
        (channel, message): (&ChannelId, &MessageId),
    ) -> Result<Standing, LedgerError> {
        match self.api.reactions(channel, message).await {
            Ok(reactions) => Ok(Standing::of(&reactions, &self.me)),
            Err(error) if error.code() == Some("message_not_found") => Ok(Standing::default()),
            Err(error) => Err(failed(error)),
        }
    }

    /// The markers of an operation, wherever they are.
    pub(super) async fn standing_of(&self, operation: &Operation) -> Result<Standing, LedgerError> {
        let channel = &operation.request.origin.channel;
        let mut all = Standing::default();
        for message in messages(operation) {
            let Standing { taken, applying, end } = self.standing((channel, message)).await?;
            all.taken |= taken;
            all.applying |= applying;
            all.end = all.end.or(end);
        }
        Ok(all)
    }

    /// The operation as its card holds it now; `None`: there is no card, or it holds nothing of ours.
    pub(super) async fn kept_in_card(&self, operation: &Operation) -> Result<Option<Operation>, LedgerError> {
        let Some(card) = &operation.card else { return Ok(None) };
        let channel = &operation.request.origin.channel;
        let thread = operation.thread_root().unwrap_or(&card.message);
        let Some(found) = self.api.reply(channel, (thread, &card.message)).await.map_err(failed)? else {
            return Ok(None);
        };
        let place = Place { channel, message: &card.message };
        let kept = payload_of(&found, &self.me).and_then(|payload| self.book.sealer.open(place, payload));
        Ok(kept.and_then(|kept| Operation::fold(&kept.records()).ok()))
    }

    /// Was this slash command delivered before? Then the bot posted a request for it that is older than this one.
    pub(super) async fn has_an_earlier_root(
        &self,
        mark: &str,
        (channel, root): (&ChannelId, &MessageId),
    ) -> Result<bool, LedgerError> {
        let since = self.book.now() - REPEATED_WITHIN;
        let mut page = None;
        for _ in 0..MOST_PAGES {
            let found = self.api.history(channel, since, page.as_deref()).await.map_err(failed)?;
            let earlier = |message: &Value| {
                let is_root = message.get("ts").and_then(Value::as_str) == Some(root.as_str());
                let payload = payload_of(message, &self.me).filter(|_| !is_root);
                payload.and_then(|payload| payload.get("mark")).and_then(Value::as_str) == Some(mark)
            };
            if found.messages.iter().any(earlier) {
                return Ok(true);
            }
            page = found.next;
            if page.is_none() {
                break;
            }
        }
        Ok(false)
    }
}
