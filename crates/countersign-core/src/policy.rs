//! Who may: one function decides for running, voting, help, completion and
//! the command line. The default is no.
//!
//! [`Policy::permit`] gives the [`Permit`] that planning and applying demand;
//! [`Policy::why`] shows the same checks one by one.

mod freeze;
mod group;
mod permit;
mod person;
mod place;
mod refusal;
mod rules;
mod terminal;

pub use freeze::{Freeze, Frozen, LONGEST_FREEZE, When, Window};
pub use group::{Group, Roster};
pub use permit::Permit;
pub use person::{Person, Standing};
pub use place::{Place, Reach};
pub use refusal::Refusal;
pub use rules::{Ask, Ballot, Check, Policy};
pub use terminal::{BreakGlass, Manner, Terminal};
