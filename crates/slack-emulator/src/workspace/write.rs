//! How messages come, change and go within one change of the state.

use serde_json::Value;

use super::Refused;
use super::change::{MessageRef, What};
use super::ids::{ChannelId, Ts, UserId};
use super::message::{Edited, Ephemeral, EphemeralAuthor, Message, Subtype};
use super::post::{Author, Draft, Edit, MAX_TEXT};
use super::state::State;
use super::tx::Tx;
use crate::events;

impl Tx<'_> {
    /// Posts into a channel that `author` may write to.
    pub(crate) fn post(
        &mut self,
        author: &Author,
        channel: &ChannelId,
        draft: Draft,
    ) -> Result<Message, Refused> {
        if draft.is_empty() && draft.subtype.is_none() {
            return Err(Refused::NoText);
        }
        let thread_ts = draft.thread_ts.map(|ts| thread_root(self.state, channel, ts)).transpose()?;
        let from_app = *author == Author::App;
        let client_msg_id = (!from_app).then(|| self.next_uuid());
        let message = Message {
            channel: channel.clone(),
            ts: self.next_ts(),
            thread_ts,
            author: author.user(self.state).clone(),
            from_app,
            text: draft.text.chars().take(MAX_TEXT).collect(),
            blocks: self.with_block_ids(draft.blocks),
            attachments: draft.attachments,
            metadata: draft.metadata,
            edited: None,
            reactions: Vec::new(),
            subtype: draft.subtype,
            files: draft.files,
            client_msg_id,
        };
        self.put_message(message.clone());
        self.changed(What::MessagePosted(self.reference(&message)));
        self.touch_root(&message);
        events::message_posted(self, &message);
        Ok(message)
    }

    /// Replaces parts of a message.
    pub(crate) fn update(&mut self, before: &Message, edit: Edit) -> Result<Message, Refused> {
        let mut after = before.clone();
        let same = edit.text.as_ref().is_none_or(|text| *text == before.text) && edit.blocks.is_none();
        after.text = edit.text.unwrap_or(after.text);
        if let Some(blocks) = edit.blocks {
            after.blocks = self.with_block_ids(blocks);
        }
        after.attachments = edit.attachments.unwrap_or(after.attachments);
        after.metadata = edit.metadata.or(after.metadata);
        if after.text.trim().is_empty() && after.blocks.is_empty() && after.attachments.is_empty() {
            return Err(Refused::NoText);
        }
        if !same || after.attachments != before.attachments {
            after.edited = Some(Edited { user: after.author.clone(), ts: self.next_ts() });
        }
        self.put_message(after.clone());
        self.changed(What::MessageChanged(self.reference(&after)));
        events::message_changed(self, &after, before);
        Ok(after)
    }

    /// Deletes a message; a root with replies becomes a tombstone.
    pub(crate) fn remove(&mut self, message: &Message) {
        if self.state.thread(&message.channel, message.ts).is_some() {
            let tombstone = Message {
                text: "This message was deleted.".into(),
                blocks: Vec::new(),
                attachments: Vec::new(),
                metadata: None,
                reactions: Vec::new(),
                files: Vec::new(),
                subtype: Some(Subtype::Tombstone),
                ..message.clone()
            };
            self.put_message(tombstone);
        } else {
            self.remove_message(&message.channel, message.ts);
        }
        self.changed(What::MessageDeleted(self.reference(message)));
        self.touch_root(message);
        events::message_deleted(self, message);
    }

    /// Shows a message to one person.
    pub(crate) fn whisper(
        &mut self,
        author: EphemeralAuthor,
        channel: &ChannelId,
        user: &UserId,
        draft: Draft,
    ) -> Ts {
        let ts = self.next_ts();
        let blocks = self.with_block_ids(draft.blocks);
        let message = Ephemeral {
            channel: channel.clone(),
            ts,
            user: user.clone(),
            thread_ts: draft.thread_ts,
            author,
            text: draft.text,
            blocks,
        };
        self.whispered(message);
        ts
    }

    /// Saves an ephemeral message and tells its reader's page.
    pub(crate) fn whispered(&mut self, message: Ephemeral) {
        let reference =
            MessageRef { channel: message.channel.clone(), ts: message.ts, thread_ts: message.thread_ts };
        self.changed(What::EphemeralChanged { user: message.user.clone(), message: reference });
        self.put_ephemeral(message);
    }

    /// Gives each block the `block_id` that Slack gives it when the app did not.
    pub(crate) fn with_block_ids(&mut self, mut blocks: Vec<Value>) -> Vec<Value> {
        for block in blocks.iter_mut().filter_map(Value::as_object_mut) {
            if !block.get("block_id").is_some_and(Value::is_string) {
                block.insert("block_id".into(), Value::String(self.next_id("b")));
            }
        }
        blocks
    }

    /// A reply moves the root's thread summary, and makes the root name itself as the thread.
    fn touch_root(&mut self, reply: &Message) {
        let Some(root_ts) = reply.thread_ts.filter(|root| *root != reply.ts) else { return };
        let Some(mut root) = self.state.message(&reply.channel, root_ts).cloned() else { return };
        if root.thread_ts.is_none() {
            root.thread_ts = Some(root_ts);
            self.put_message(root.clone());
        }
        self.changed(What::MessageChanged(self.reference(&root)));
    }
}

/// The root that a reply to `ts` belongs to.
fn thread_root(state: &State, channel: &ChannelId, ts: Ts) -> Result<Ts, Refused> {
    state.message(channel, ts).map(Message::thread_root).ok_or(Refused::CannotReply)
}
