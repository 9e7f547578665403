//! A Slack workspace on 127.0.0.1.

mod clock;
mod events;
mod page;
pub mod seed;
mod store;
pub mod workspace;

pub use clock::{Clock, Sleep, SystemClock};
pub use seed::Seed;
pub use workspace::Workspace;

/// What every route works with.
pub(crate) struct Shared {
    /// The workspace itself.
    pub(crate) workspace: Workspace,
}
