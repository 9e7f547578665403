//! Every text that a person reads, as data: what it says, not how Slack draws it.
//!
//! Structure is in [`Block`] and [`Span`]; whatever a person typed or a database
//! answered is a [`Span::Text`] or [`Span::Code`], which the wire escapes, so
//! that no argument can ping a channel or forge a card.

mod card;
mod checkpoint;
mod emergency;
mod help;
mod home;
mod lost;
mod model;
mod refusal;
mod sentence;
mod terminal;
mod wish;

pub use card::{card, missing, pages};
pub use checkpoint::checkpoint;
pub use emergency::alarm;
pub use help::{HelpEntry, greeting, help, nothing_here};
pub use home::{Home, Waiting, home};
pub use lost::{lost_before_its_plan, lost_halfway};
use model::Medium;
pub use model::{Block, Button, Reply, Span, Style, actions};
pub use refusal::{failure, refusal};
pub use sentence::{
    SECRET_IS_ELSEWHERE, SECRET_IS_GONE, dialog_late, invite_me, not_yours_to_explain, reminder,
    shown_elsewhere, slash_root, vote_refused,
};
pub use terminal::{Names, plain, refusal_at_terminal, sheet, terminal_root};
pub use wish::which_operation;
