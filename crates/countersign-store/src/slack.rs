//! No database: Slack itself is the ledger.
//!
//! What a restart has to find stands in Slack; everything else lives in memory and is gone with the process, the
//! inbox too ([`MemoryInbox`](countersign_engine::memory::MemoryInbox)).
//!
//! | what | where |
//! |---|---|
//! | an operation has begun | the bot's 👀 on the request |
//! | what was asked, the plan, the votes, how far it is | the card's metadata, sealed under our key (`seal`) |
//! | votes | the reactions on the card, and the sealed state for those by button |
//! | somebody applies it | the bot's ⚙️ on the request |
//! | how it ended | the bot's ✅, ❌ or ❓ on the request; then the card |
//!
//! `already_reacted` is the test-and-set: of all processes that hold the bot's token, one is told that it put 👀
//! or ⚙️ there. A card's metadata has no such thing, so that the last writer wins.
//!
//! # What it guarantees
//!
//! - **At most once.** An operation begins once per request, and ⚙️ stands there before anything is done. A ⚙️
//!   without an end is never retried by itself: after a minute the runbook is asked what became of it
//!   ([`Runbook::interrupted`](countersign_engine::ports::Runbook::interrupted)). A SQL runbook knows, by its
//!   mark in the product's database: what was not done is let go of, and runs if the card shows all signatures,
//!   else its time is over. For the rest it becomes unknown, and a person looks.
//! - **The votes that count are there.** Before the work, the reactions are read once more, as with every ledger.
//! - **Nobody else writes.** A state counts in a message of the bot's own, sealed under our key for that message.
//!   Other apps can neither read nor forge one, and a copied one does not open.
//! - **A later part of a long run is written down before it begins**, so that a crash never repeats one.
//!
//! # What it does not
//!
//! - A sentence that was acknowledged and not begun when the process died is lost: it has no 👀, and its author
//!   says it again. One that was begun and had no card yet is marked ❌, with a word in its thread.
//! - A button that was pressed less than about a second before a crash may have to be pressed again: it is
//!   written with the next edit of the card. After a restart an approval that was put on the *request* while
//!   nobody heard it does not count: nobody can say whether its author had seen the plan.
//! - One process works. A second one, as in a rolling restart, does no harm; but the two do not see each other's
//!   votes by button, and if both take over from a third that died, only a SQL runbook's mark keeps them apart.
//! - A deleted card takes its state with it: what runs is finished, what waited is found no more after a restart.
//!   A deleted request is no harm: its markers stand on the card from then on.
//! - Operations in direct messages, in threads below another operation's request, or older than a week are not
//!   found again after a restart. They never run.
//! - Places in lines for locks are taken anew after a restart, what runs first.
//! - There is no audit trail beyond what the channel shows, and no checkpoints.
//!
//! Slack's limits shape it: one edit of a message per second, so that votes go with the edit that shows them;
//! 8,000 bytes of metadata, so that a plan longer than 3,000 bytes is refused with a sentence for its author.

mod book;
mod key;
mod ledger;
mod markers;
mod read;
mod restart;
mod scan;
mod seal;
mod settle;
#[cfg(test)]
mod tests;
mod untold;
mod votes;
mod write;

use std::sync::Arc;

use countersign_engine::ports::{Clock, Ids};
use countersign_slack::web_api::WebError;
use countersign_slack::{Me, SlackChat, WebApi};
use jiff::SignedDuration;

use book::Book;
pub use key::{BadKey, LedgerKey};
pub use restart::Restarted;
use untold::Untold;

/// A ledger in the bot's own messages and markers.
pub struct SlackStore {
    book: Arc<Book>,
    api: WebApi,
    me: Me,
    chat: Arc<SlackChat>,
    ids: Arc<dyn Ids>,
    _untold: Untold,
}

/// What a ledger in Slack works with.
pub struct Parts {
    /// The key of its seals.
    pub key: LedgerKey,
    /// How long a worker owns what it has claimed without saying that it is alive.
    pub lease: SignedDuration,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub ids: Arc<dyn Ids>,
}

/// What the bot left in Slack cannot be read, so that nobody knows what is open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Slack did not answer, or does not let the bot read along.
    #[error("the bot's earlier messages cannot be read")]
    Slack(#[source] WebError),
    /// What was read does not go into memory.
    #[error("what was found in Slack cannot be taken up")]
    Ledger(#[source] countersign_engine::ports::LedgerError),
}
