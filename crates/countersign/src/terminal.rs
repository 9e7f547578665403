//! The other channel: the same commands at a terminal, also while Slack is away.
//!
//! The program that holds the ledger listens on a socket beside it ([`socket`]); where none runs, the command line
//! holds the ledger itself for as long as it needs ([`alone`]). Either way a [`Desk`] makes sure who somebody is
//! ([`who`], [`token`]), asks the engine, and answers in the words of [`protocol`].
//!
//! A person is known by the Unix user that the kernel names for their connection, or by a token that the holder of
//! the key has signed; never by what they say. Both lead to one Slack user, so that nobody counts twice.

pub mod alone;
mod away;
pub mod caller;
mod desk;
pub mod protocol;
pub(crate) mod remembered;
mod settings;
pub mod socket;
pub mod token;
mod view;
pub mod who;

pub use desk::Desk;
pub use settings::Settings;
