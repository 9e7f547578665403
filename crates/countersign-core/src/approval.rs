//! Votes: who must sign, who has, and who is missing.
//!
//! A vote is one person's yes or no to one plan. The same person may express
//! it in several ways (a ✅, a 👍, the button); they still count once, and
//! their vote stands until they have taken back every way.

mod quorum;
mod tally;
mod vote;

pub use quorum::Quorum;
pub use tally::Tally;
pub use vote::{Verdict, Vote, VoteSource};
