//! The workspace: its state, the operations that people and the app perform on it, and the feed of its changes.
//!
//! - [`State`] is everything, in memory; read it with [`Workspace::read`].
//! - Operations are methods of [`Workspace`], one file each by subject ([`post`], [`react`], [`members`],
//!   [`views`], …). Each one either refuses ([`Refused`]) and changes nothing, or has been saved when it returns.
//! - [`Workspace::changes`] tells a page what to redraw.
//!
//! A page acts for a person like this: `workspace.say(&ana, &channel, None, "@Backoffice Bot help").await`.

pub mod change;
pub(crate) mod compose;
mod error;
mod ids;
mod installation;
mod members;
mod message;
mod people;
mod post;
mod react;
mod reset;
mod sharing;
mod state;
pub(crate) mod tx;
mod view;
mod views;
mod write;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast;

pub use change::{Change, MessageRef, What};
pub use error::Refused;
pub use ids::{ChannelId, FileId, TeamId, Ts, UserId, ViewId};
pub use installation::Installation;
pub use members::HomeTab;
pub use message::{Edited, Ephemeral, EphemeralAuthor, Message, Metadata, Reaction, Subtype, ThreadSummary};
pub use people::PersonChange;
pub(crate) use post::{Author, Draft, Edit};
pub use sharing::Sharing;
pub(crate) use state::ResponseUrl;
pub use state::{File, State};
pub use view::{MAX_STACK, View, ViewKind};
pub(crate) use views::ViewRef;

use crate::clock::Clock;
use crate::store::Journal;
use tx::{Batch, Tx};

/// A handle to the workspace; clones share the same one.
#[derive(Clone)]
pub struct Workspace {
    inner: Arc<Inner>,
}

struct Inner {
    state: Mutex<State>,
    clock: Arc<dyn Clock>,
    journal: Journal,
}

impl Workspace {
    pub(crate) fn new(state: State, clock: Arc<dyn Clock>, journal: Journal) -> Self {
        Self { inner: Arc::new(Inner { state: Mutex::new(state), clock, journal }) }
    }

    /// Looks at the state; `look` must be quick, since everything else waits for it.
    pub fn read<R>(&self, look: impl FnOnce(&State) -> R) -> R {
        look(&self.inner.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The changes from now on. A reader that falls far behind gets `Lagged` and should read everything anew.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.inner.journal.publisher().changes()
    }

    /// Saves nothing from now on; every further operation answers [`Refused::NotSaved`].
    pub(crate) fn stop(&self) {
        self.inner.journal.stop();
    }

    /// The clock that this workspace lives by.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// Performs one change: `work` checks, then changes. When this returns, the change is saved and published.
    pub(crate) async fn commit<R>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<R, Refused>,
    ) -> Result<R, Refused> {
        let (result, saved) = {
            let mut state = self.inner.state.lock().unwrap_or_else(PoisonError::into_inner);
            let mut tx = Tx { state: &mut state, now: self.inner.clock.now(), batch: Batch::default() };
            let result = work(&mut tx)?;
            (result, self.inner.journal.append(tx.batch))
        };
        saved.wait().await?;
        Ok(result)
    }
}
