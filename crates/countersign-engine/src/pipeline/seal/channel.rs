//! A channel as a witness: whoever reads it has seen the checkpoint.

use std::sync::Arc;

use async_trait::async_trait;
use countersign_core::audit::Checkpoint;
use countersign_core::ids::ChannelId;
use countersign_core::reply::{self, Reply};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::ports::{Cause, Chat, Clock, Post, Witness};

/// People read the channel: no more than one line in this time.
const BETWEEN: SignedDuration = SignedDuration::from_mins(15);

/// Posts the newest checkpoint to a channel, every quarter of an hour at most.
pub struct ChannelWitness {
    chat: Arc<dyn Chat>,
    clock: Arc<dyn Clock>,
    channel: ChannelId,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The newest checkpoint that was not posted.
    pending: Option<Reply>,
    /// When the last one was (UTC).
    posted: Option<Timestamp>,
}

impl ChannelWitness {
    /// Posts to `channel`, which the bot must be in.
    pub fn new(chat: Arc<dyn Chat>, clock: Arc<dyn Clock>, channel: ChannelId) -> Self {
        Self { chat, clock, channel, state: Mutex::default() }
    }

    async fn post(&self, state: &mut State) -> Result<(), Cause> {
        let Some(reply) = &state.pending else { return Ok(()) };
        self.chat.post(Post { channel: &self.channel, thread: None, reply, mark: None }).await?;
        *state = State { pending: None, posted: Some(self.clock.now()) };
        Ok(())
    }
}

#[async_trait]
impl Witness for ChannelWitness {
    async fn note(&self, sealed: &[Checkpoint]) -> Result<(), Cause> {
        let mut state = self.state.lock().await;
        if let Some(newest) = sealed.last() {
            state.pending = Some(reply::checkpoint(newest));
        }
        let since = state.posted.map(|posted| self.clock.now().duration_since(posted).abs());
        if since.is_none_or(|since| since >= BETWEEN) { self.post(&mut state).await } else { Ok(()) }
    }

    async fn end(&self) -> Result<(), Cause> {
        self.post(&mut *self.state.lock().await).await
    }
}

#[cfg(test)]
mod tests;
