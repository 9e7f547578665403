//! Finding a message of ours again whose posting nobody answered.

use countersign_core::ids::MessageId;
use countersign_engine::ports::Search;
use serde_json::Value;

use super::SlackChat;
use crate::payload::text;
use crate::web_api::{Found, WebError};

/// Pages (200 messages each) of a thread that are searched.
pub(super) const MOST_PAGES_OF_A_THREAD: usize = 20;
/// Pages of a channel since the time that is asked for. It is long only where the bot was away for long.
pub(super) const MOST_PAGES_OF_A_CHANNEL: usize = 5;

impl SlackChat {
    /// The bot's own message with this mark.
    ///
    /// # Errors
    /// All of [`WebError`]. Where the bot may not read along (`missing_scope`) that is `Unavailable`, not a
    /// `None`, after which the message would be posted twice: the operator grants the scope, and the next try finds it.
    /// `not_in_channel` stays what it is, since whoever asks can say what to do about that.
    pub(super) async fn search(&self, search: &Search<'_>) -> Result<Option<MessageId>, WebError> {
        let pages = match search.thread {
            Some(_) => MOST_PAGES_OF_A_THREAD,
            None => MOST_PAGES_OF_A_CHANNEL,
        };
        let mut page: Option<String> = None;
        for _ in 0..pages {
            let Found { messages, next } = match self.page_of(search, page.as_deref()).await {
                Ok(found) => found,
                // With its root, the thread is gone, and so is the message.
                Err(error) if error.code() == Some("thread_not_found") => return Ok(None),
                Err(error) if error.code() == Some("missing_scope") => return Err(unknown(&error)),
                Err(error) => return Err(error),
            };
            let ours = messages.iter().find(|message| self.carries(message, search.mark));
            if let Some(ts) = ours.and_then(|message| text(message, "/ts")) {
                return Ok(Some(MessageId::new(ts)));
            }
            page = next;
            if page.is_none() {
                return Ok(None);
            }
        }
        Err(unknown("there are too many messages to be searched"))
    }

    async fn page_of(&self, search: &Search<'_>, page: Option<&str>) -> Result<Found, WebError> {
        match search.thread {
            Some(root) => self.api.replies(search.channel, root, page).await,
            None => self.api.history(search.channel, search.since, page).await,
        }
    }

    fn carries(&self, message: &Value, mark: &str) -> bool {
        super::payload_of(message, &self.me).is_some_and(|payload| text(payload, "/mark") == Some(mark))
    }
}

/// Nobody can tell whether it stands there.
fn unknown(reason: &(impl ToString + ?Sized)) -> WebError {
    WebError::Unavailable { method: "a search for an earlier message", reason: reason.to_string() }
}
