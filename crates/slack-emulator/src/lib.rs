//! A Slack workspace on 127.0.0.1: Web API, Socket Mode, signed HTTP, slash commands, buttons, modals, faults, and a page.
//!
//! ```
//! # async fn example() -> Result<(), slack_emulator::StartError> {
//! use slack_emulator::{Emulator, Options};
//!
//! let emulator = Emulator::start(Options::default()).await?;
//! // Point an app at `emulator.api_url()` with the tokens `xoxb-backoffice` and `xapp-backoffice`,
//! // then act as a person with an ordinary Slack client and the token `xoxp-ana`.
//! emulator.settled().await;
//! emulator.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! - [`workspace`]: the state, what people do to it, and the feed of changes
//! - [`seed`]: who and what is there at the start
//! - `api`: the Web API; `socket_mode`: the app's WebSockets; `http`: requests to the app's URLs; `control`: `POST /emulator/…`; `page`: the browser's page
//! - `events`, `delivery`, `interaction`: how the app hears of things; `store`: how they survive a restart

use std::sync::Arc;

mod api;
pub mod aside;
mod clock;
mod control;
mod delivery;
mod events;
mod faults;
mod guard;
mod http;
mod interaction;
mod limits;
mod page;
mod render;
pub mod seed;
mod server;
mod socket_mode;
mod store;
pub mod workspace;

pub use clock::{Clock, Sleep, SystemClock};
pub use delivery::{LoopbackUrl, NotLoopbackUrl, RequestUrls, Transport};
pub use limits::RateLimits;
pub use seed::Seed;
pub use server::{Emulator, Options, StartError};
pub use store::{StoreError, StoreLocation, forget};
pub use workspace::Workspace;

/// What every route works with.
pub(crate) struct Shared {
    /// The workspace itself.
    pub(crate) workspace: Workspace,
    /// Slash commands, buttons and modals.
    pub(crate) interactions: interaction::Interactions,
    /// The app's connections.
    pub(crate) socket_mode: socket_mode::SocketMode,
    /// The app's URLs.
    pub(crate) http: http::Http,
    /// Which of the two is switched on.
    pub(crate) switch: Arc<delivery::Switch>,
    /// Links for new connections.
    pub(crate) tickets: socket_mode::Tickets,
    /// What goes wrong on purpose.
    pub(crate) faults: faults::Faults,
    /// Slack's own rate limits.
    pub(crate) limits: limits::Limits,
    /// What the workspace started with.
    pub(crate) seed: Seed,
    /// What the page shows beside the workspace.
    pub(crate) aside: Option<Arc<dyn aside::Aside>>,
    /// The emulator's address, without a slash at the end.
    pub(crate) base_url: String,
}
