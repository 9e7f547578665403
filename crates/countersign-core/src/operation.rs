//! One run of a command, from the sentence to the outcome.
//!
//! An operation *is* its events ([`Event`]); its state ([`Operation`]) is their
//! fold, and what may be appended next follows from the state alone:
//!
//! ```text
//! Requested ─Planned─> Voting ─Approved─> Approved ─Claimed─> Applying ─Finished─> Finished
//!                        ^  └─Stopped─┐      │ ^                 │ └─Progressed─┘
//!                        └─Drifted────┼──────┤ └────Released─────┤
//!                        └─Withdrawn──┼──────┘                   └─Claimed (the next part, or another worker)
//!                                     v
//!                                  Stopped
//! ```
//!
//! An outcome that nobody knows stays open until a person says what they found (`Resolved`), and what was
//! done in an emergency until somebody else has looked at it (`Reviewed`).

mod decide;
mod due;
mod event;
mod outcome;
mod people;
mod remind;
mod retell;
mod state;
mod texts;
mod wish;

pub use decide::Cast;
pub use due::GRACE;
pub use event::{Event, Request, WithdrawnBecause};
pub use outcome::{Alarm, Found, Outcome, Progress, Reference, Report, Resolution, Review, Stop, Table};
pub use state::{Card, Claim, FoldError, Operation, Phase, Proposal};
pub use wish::{Named, Wish};
