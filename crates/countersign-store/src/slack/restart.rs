//! A start: what an earlier one left in Slack is found, checked, and taken up.

use std::collections::BTreeSet;
use std::sync::Arc;

use countersign_core::envelope::Envelope;
use countersign_core::ids::{ChannelId, MessageId};
use countersign_core::operation::{Operation, Phase};
use countersign_engine::ports::{Begun, Ledger as _, LedgerError, Next, Place};
use countersign_slack::{Me, Reactions, SlackChat, WebApi};

use super::book::Book;
use super::markers::{APPLYING, TAKEN};
use super::scan::{Left, Scan};
use super::seal::{Kept, Sealer};
use super::untold::Untold;
use super::{OpenError, Parts, SlackStore};

/// A ledger with what was left open, ready to go on.
pub struct Restarted {
    /// The ledger.
    pub store: Arc<SlackStore>,
    /// The bot's voice, which keeps the ledger's state in the cards.
    pub chat: Arc<SlackChat>,
    /// What people did to cards while nobody heard them: to be handled like anything that was just received.
    pub missed: Vec<Envelope>,
}

impl SlackStore {
    /// Looks through these channels for what an earlier start left there, and takes it up.
    ///
    /// # Errors
    /// [`OpenError`]: nobody knows what is open.
    pub async fn open(
        (api, me): (WebApi, Me),
        parts: Parts,
        channels: &[ChannelId],
    ) -> Result<Restarted, OpenError> {
        let Parts { key, lease, clock, ids } = parts;
        let book = Arc::new(Book::new(Sealer::new(key, Arc::clone(&ids)), clock, lease));
        let chat = SlackChat::new(api.clone(), me.clone()).with_reactions(Reactions::Used);
        let chat = Arc::new(chat.with_keeper(Arc::clone(&book) as _));
        let scan = Scan { api: &api, me: &me, sealer: &book.sealer, now: book.now() };
        let mut left = Left::default();
        for channel in channels {
            scan.channel(channel, &mut left).await.map_err(OpenError::Slack)?;
        }
        let known: BTreeSet<MessageId> = left.cards.iter().filter_map(Kept::root).collect();
        left.taken.retain(|request| !known.contains(&request.message));
        let (mouth, hand) = ((Arc::clone(&chat), Arc::clone(&book)), (api.clone(), me.clone()));
        let untold = Untold::start(hand, mouth, left.taken);
        let store = Self { book, api, me, chat: Arc::clone(&chat), ids, _untold: untold };
        left.cards.sort_by(|a, b| a.operation.cmp(&b.operation));
        for kept in &left.cards {
            store.take_up(kept).await.map_err(OpenError::Ledger)?;
        }
        store.line_up_again().await.map_err(OpenError::Ledger)?;
        let missed = store.missed_votes().await.map_err(OpenError::Ledger)?;
        Ok(Restarted { store: Arc::new(store), chat, missed })
    }

    /// Takes one operation into memory, as its card and its markers say that it is.
    async fn take_up(&self, kept: &Kept) -> Result<(), LedgerError> {
        let records = kept.records();
        let (Some((first, rest)), Ok(_)) = (records.split_first(), Operation::fold(&records)) else {
            return Ok(());
        };
        let now = self.book.now();
        if self.book.begin(&kept.key, first, now).await? != Begun::New {
            return Ok(());
        }
        self.book.memory.append(rest, Next { due: Some(now), place: Place::Kept }).await?;
        let Some(operation) = self.book.operation(&kept.operation).await? else { return Ok(()) };
        let standing = self.standing_of(&operation).await?;
        if let Some(root) = &operation.root {
            let channel = &operation.request.origin.channel;
            let marks = [standing.taken.then_some(TAKEN), standing.applying.then_some(APPLYING)];
            let marks = marks.into_iter().chain([standing.end.map(super::markers::End::emoji)]);
            marks.flatten().for_each(|emoji| self.book.marked(channel, root, emoji));
        }
        tracing::info!(operation = %kept.operation, events = kept.seq, "taken up from its card");
        let events = self.settle(&operation, standing);
        if events.is_empty() { Ok(()) } else { self.append_instead(&operation, events).await }
    }

    /// What runs, or may have run, holds its lock; the others line up by themselves.
    async fn line_up_again(&self) -> Result<(), LedgerError> {
        for id in self.book.memory.open().await? {
            let Some(operation) = self.book.operation(&id).await? else { continue };
            let runs = matches!(operation.phase, Phase::Applying(_)) || operation.is_unknown();
            if let Some(lock) = operation.request.lock.as_ref().filter(|_| runs) {
                self.book.memory.line_up(lock, &id, operation.head).await?;
            }
        }
        Ok(())
    }
}
