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

mod decide;
mod event;
mod outcome;
mod remind;
mod state;

pub use decide::Cast;
pub use event::{Event, Request, WithdrawnBecause};
pub use outcome::{Outcome, Progress, Reference, Report, Stop, Table};
pub use state::{Card, Claim, FoldError, Operation, Phase, Proposal};
