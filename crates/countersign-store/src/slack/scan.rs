//! Looking through channels for what an earlier start left there.

use countersign_core::ids::{ChannelId, MessageId};
use countersign_slack::web_api::{Found, WebError};
use countersign_slack::{Me, WebApi, payload_of};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::markers::Standing;
use super::seal::{Kept, Place, Sealer};

/// How far back a channel is read.
const REACHES_BACK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Pages (200 messages each) of a channel that are read.
const MOST_PAGES: usize = 10;
/// Threads of a channel that are read, the newest first.
const MOST_THREADS: usize = 100;
/// Pages of a thread that are read.
const MOST_PAGES_OF_A_THREAD: usize = 5;

/// What is left in the channels.
#[derive(Default)]
pub(super) struct Left {
    /// What the bot's cards keep.
    pub(super) cards: Vec<Kept>,
    /// Requests with the bot's 👀 and without an end.
    pub(super) taken: Vec<Request>,
}

/// A request that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) channel: ChannelId,
    pub(super) message: MessageId,
    /// The root of the thread in which it stands, or itself.
    pub(super) thread: MessageId,
}

/// Whoever looks.
pub(super) struct Scan<'a> {
    pub(super) api: &'a WebApi,
    pub(super) me: &'a Me,
    pub(super) sealer: &'a Sealer,
    /// The time now (UTC).
    pub(super) now: Timestamp,
}

impl Scan<'_> {
    /// Looks through one channel. Where the bot is not, it has left nothing.
    ///
    /// # Errors
    /// All of [`WebError`], where nobody can tell what is left.
    pub(super) async fn channel(&self, channel: &ChannelId, left: &mut Left) -> Result<(), WebError> {
        let threads = match self.roots(channel, left).await {
            Err(error) if matches!(error.code(), Some("not_in_channel" | "channel_not_found")) => {
                tracing::warn!(%channel, cause = %error, "a channel is not looked through: the bot is not there");
                return Ok(());
            }
            threads => threads?,
        };
        if threads.len() > MOST_THREADS {
            tracing::warn!(%channel, "a channel has more open threads than are looked through after a start");
        }
        for root in threads.iter().take(MOST_THREADS) {
            self.thread(channel, root, left).await?;
        }
        Ok(())
    }

    /// Reads the channel's own messages; gives the roots of threads in which something may be open.
    async fn roots(&self, channel: &ChannelId, left: &mut Left) -> Result<Vec<MessageId>, WebError> {
        let (mut threads, mut page) = (Vec::new(), None);
        for _ in 0..MOST_PAGES {
            let Found { messages, next } =
                self.api.history(channel, self.now - REACHES_BACK, page.as_deref()).await?;
            for message in &messages {
                let Some(ts) = text(message, "ts") else { continue };
                let standing = self.standing(message);
                self.note_request((channel, ts), (ts, standing), left);
                if !standing.is_settled() && (standing.taken || self.has_answered(message)) {
                    threads.push(MessageId::new(ts));
                }
            }
            page = next;
            if page.is_none() {
                return Ok(threads);
            }
        }
        tracing::warn!(%channel, "a channel has more messages than are looked through after a start");
        Ok(threads)
    }

    async fn thread(&self, channel: &ChannelId, root: &MessageId, left: &mut Left) -> Result<(), WebError> {
        let mut page = None;
        for _ in 0..MOST_PAGES_OF_A_THREAD {
            let Found { messages, next } = match self.api.replies(channel, root, page.as_deref()).await {
                Err(error) if error.code() == Some("thread_not_found") => return Ok(()),
                found => found?,
            };
            for message in &messages {
                let Some(ts) = text(message, "ts").filter(|ts| *ts != root.as_str()) else { continue };
                self.note_request((channel, ts), (root.as_str(), self.standing(message)), left);
                let id = MessageId::new(ts);
                let payload = payload_of(message, self.me);
                let place = Place { channel, message: &id };
                left.cards.extend(payload.and_then(|payload| self.sealer.open(place, payload)));
            }
            page = next;
            if page.is_none() {
                return Ok(());
            }
        }
        tracing::warn!(%channel, thread = %root, "a thread has more answers than are looked through");
        Ok(())
    }

    fn note_request(
        &self,
        (channel, ts): (&ChannelId, &str),
        (thread, standing): (&str, Standing),
        left: &mut Left,
    ) {
        if standing.taken && standing.end.is_none() {
            let (channel, message, thread) = (channel.clone(), MessageId::new(ts), MessageId::new(thread));
            left.taken.push(Request { channel, message, thread });
        }
    }

    fn standing(&self, message: &Value) -> Standing {
        Standing::of(list(message, "reactions"), self.me)
    }

    /// Has the bot answered in the thread, as far as the root tells? It does not name everybody.
    fn has_answered(&self, root: &Value) -> bool {
        let named = list(root, "reply_users");
        let count = root.get("reply_users_count").and_then(Value::as_u64).unwrap_or_default();
        let everybody = count <= named.len() as u64;
        !everybody || named.iter().any(|user| user.as_str() == Some(self.me.user.as_str()))
    }
}

fn text<'a>(message: &'a Value, key: &str) -> Option<&'a str> {
    message.get(key).and_then(Value::as_str)
}

fn list<'a>(message: &'a Value, key: &str) -> &'a [Value] {
    message.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
