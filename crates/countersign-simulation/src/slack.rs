//! The chat product: messages, what they say, and the reactions on them.

use countersign_core::ids::MessageId;
use countersign_core::plan::Fingerprint;
use countersign_core::reply::{Block, Reply, Span, actions};
use jiff::Timestamp;

use crate::history::Tick;

/// All messages of the one channel.
#[derive(Debug, Default)]
pub struct Slack {
    /// In the order in which they were posted.
    pub messages: Vec<Message>,
}

/// One message.
#[derive(Debug)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// When it was posted (UTC).
    pub at: Timestamp,
    /// The root of the thread in which it stands.
    pub thread: Option<MessageId>,
    /// The bot's mark on it.
    pub mark: Option<String>,
    /// The sentence that it is about.
    pub ask: Option<usize>,
    /// What it said, since when; empty for a person's message.
    pub shown: Vec<Shown>,
    /// All reactions that it ever carried.
    pub reactions: Vec<Reaction>,
    /// When it was deleted.
    pub gone: Option<Tick>,
}

/// What a message of the bot said from some moment on.
#[derive(Debug)]
pub struct Shown {
    /// Since when.
    pub tick: Tick,
    /// Since when (UTC).
    pub at: Timestamp,
    /// The plan that its button signs.
    pub signs: Option<Fingerprint>,
    /// Its heading.
    pub heading: String,
}

/// A person's reaction.
#[derive(Debug)]
pub struct Reaction {
    /// Whose.
    pub person: usize,
    /// Which.
    pub emoji: &'static str,
    /// Since when.
    pub put: Tick,
    /// Since when (UTC).
    pub at: Timestamp,
    /// Until when.
    pub taken: Option<Tick>,
}

impl Reaction {
    /// Did it stand at some moment of a window?
    pub fn stood(&self, (from, to): (Tick, Tick)) -> bool {
        self.put <= to && self.taken.is_none_or(|taken| taken >= from)
    }

    /// Did it stand at every moment of a window?
    pub fn stood_throughout(&self, (from, to): (Tick, Tick)) -> bool {
        self.put <= from && self.taken.is_none_or(|taken| taken > to)
    }
}

impl Message {
    /// Is it the card of its sentence?
    pub fn is_card(&self) -> bool {
        self.mark.as_ref().is_some_and(|mark| mark.starts_with("op_") && !mark.contains('/'))
    }

    /// The plan that its button signs now.
    pub fn signs(&self) -> Option<Fingerprint> {
        self.shown.last().and_then(|shown| shown.signs)
    }

    /// Did its button sign this plan at a moment (UTC)?
    pub fn signed_at(&self, at: Timestamp, plan: Fingerprint) -> bool {
        let ends = self.shown.iter().skip(1).map(|shown| shown.at).chain([Timestamp::MAX]);
        let mut shown = self.shown.iter().zip(ends);
        shown.any(|(shown, end)| shown.signs == Some(plan) && shown.at <= at && at <= end)
    }

    /// Does it stand?
    pub fn stands(&self) -> bool {
        self.gone.is_none()
    }
}

impl Slack {
    /// A message by its id.
    pub fn message(&self, id: &MessageId) -> Option<&Message> {
        self.messages.iter().find(|message| message.id == *id)
    }

    /// A message by its id, to change it.
    pub fn message_mut(&mut self, id: &MessageId) -> Option<&mut Message> {
        self.messages.iter_mut().find(|message| message.id == *id)
    }

    /// The card of a sentence.
    pub fn card(&self, ask: usize) -> Option<&Message> {
        let cards = || self.messages.iter().filter(|message| message.ask == Some(ask) && message.is_card());
        cards().find(|card| card.signs().is_some()).or_else(|| cards().next())
    }

    /// Posts a message and gives its id.
    pub fn post(&mut self, at: Timestamp, thread: Option<&MessageId>, mark: Option<&str>) -> &mut Message {
        let number = self.messages.len() + 1;
        let id = MessageId::new(format!("{}.{number:06}", at.as_second()));
        self.messages.push(Message {
            id,
            at,
            thread: thread.cloned(),
            mark: mark.map(str::to_owned),
            ask: None,
            shown: Vec::new(),
            reactions: Vec::new(),
            gone: None,
        });
        #[expect(clippy::indexing_slicing, reason = "it was pushed above")]
        &mut self.messages[number - 1]
    }
}

impl Shown {
    /// What `reply` says, from `tick` on.
    pub fn of(reply: &Reply, (tick, at): (Tick, Timestamp)) -> Self {
        let heading = reply.blocks.iter().find_map(|block| match block {
            Block::Heading(text) => Some(text.clone()),
            _ => None,
        });
        let buttons = reply.blocks.iter().filter_map(|block| match block {
            Block::Buttons(buttons) => Some(buttons),
            _ => None,
        });
        let sign = buttons.flatten().find(|button| button.action == actions::SIGN);
        let signs = sign.and_then(|button| Fingerprint::try_from(button.value.clone()).ok());
        Self { tick, at, signs, heading: heading.unwrap_or_default() }
    }
}

/// The number of the sentence that a reply quotes.
pub fn quoted(reply: &Reply) -> Option<usize> {
    let spans = reply.blocks.iter().filter_map(|block| match block {
        Block::Text(spans) => Some(spans),
        _ => None,
    });
    spans.flatten().find_map(|span| match span {
        Span::Code(text) => text.split_once(" ref ")?.1.parse().ok(),
        _ => None,
    })
}
