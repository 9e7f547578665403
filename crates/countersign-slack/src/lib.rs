//! The Slack wire for Countersign: Socket Mode, Web API, payloads, text and Block Kit.
//!
//! What comes in stands in the order in which a payload meets it:
//! [`socket_mode`] or [`http`] receives and stores it, [`inbound`] reads it into an
//! envelope with the help of [`text`]. What goes out: [`block_kit`] draws a
//! reply, and [`web_api`] carries it. [`SlackChat`] and [`SlackDirectory`] are
//! the engine's ports on top of that.
//!
//! Nothing in here decides anything, and no payload makes it panic.

pub mod block_kit;
mod chat;
mod directory;
mod emoji;
pub mod http;
pub mod inbound;
mod me;
mod payload;
mod secret;
pub mod socket_mode;
pub mod text;
mod ts;
pub mod web_api;

#[cfg(test)]
mod test_clock;
#[cfg(test)]
mod test_slack;

pub use chat::{Keeper, Reactions, Redrawn, SlackChat, payload_of};
pub use directory::{Room, SlackDirectory};
pub use me::Me;
pub use secret::Secret;
pub use web_api::WebApi;
