//! What a channel is told outside of any operation, and the buttons under it.

use countersign_core::envelope::{Address, Utterance};
use countersign_core::ids::ChannelId;
use countersign_core::reply::Reply;

use super::Engine;
use crate::ports::{ChatError, Post};

impl Engine {
    /// Tells a channel something that no operation is about. It is tried once.
    ///
    /// # Errors
    /// [`ChatError`] when the chat product does not take it.
    pub async fn announce(&self, channel: &ChannelId, reply: &Reply) -> Result<(), ChatError> {
        self.ports.chat.post(Post { channel, thread: None, reply, mark: None }).await.map(drop)
    }
}

/// A button that says a sentence is as good as typing it: policy asks who pressed it, and they sign the plan.
pub(super) fn said_by_button(sentence: &str) -> Utterance {
    Utterance { text: sentence.to_owned(), address: Address::Mention, message: None, thread: None }
}
