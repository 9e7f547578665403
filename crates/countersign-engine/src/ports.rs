//! What the pipeline needs from the world, one trait each.

mod chat;
mod clock;
mod directory;
mod freezes;
mod ids;
mod inbox;
mod ledger;
mod runbook;
mod trail;
mod witness;

pub use chat::{Chat, ChatError, Dialog, Marker, Post, Reaction, Search, Whisper};
pub use clock::{BoxFuture, Clock};
pub use directory::{Directory, DirectoryError, Freshness};
pub use freezes::{Freezes, FreezesError};
pub use ids::Ids;
pub use inbox::{Delivery, Inbox, InboxError, Keep, Retry, Stored};
pub use ledger::{Appended, Begun, Ledger, LedgerError, Next, Place, Turn};
pub use runbook::{Applied, Interrupted, Run, Runbook, RunbookError};
pub use trail::{Chain, Page, Trail, TrailError, WrittenCheckpoint};
pub use witness::Witness;

/// The cause of a failure, for the log alone.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;
