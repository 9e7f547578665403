//! The engine in a world that is made of one number.
//!
//! [`simulate`] takes a seed and makes a history of it: people ask, sign, withdraw and object; deliveries are
//! lost and repeated; the chat, the directory and the stores fail; engines die at an await point, or stand
//! still until their lease is gone. The engine is the real one. Then the [checker](checker) holds what happened
//! against the promises. The same seed gives the same history, to the letter.
//!
//! ```
//! let simulated = countersign_simulation::simulate(1, countersign_simulation::Trace::Off);
//! assert!(simulated.violations.is_empty());
//! ```

mod census;
mod checker;
mod disturb;
mod faults;
mod gate;
mod history;
mod life;
mod office;
mod people;
mod ports;
mod random;
mod rest;
mod schedule;
mod slack;
mod staff;
mod stalls;
mod world;

pub use census::Census;
pub use checker::Violation;
use schedule::Schedule;

/// Is what happens written down in words?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trace {
    /// No: that takes time.
    Off,
    /// Yes.
    On,
}

/// A history and what is wrong with it.
#[derive(Debug)]
pub struct Simulated {
    /// The promises that were not kept.
    pub violations: Vec<Violation>,
    /// What happened, a line for each thing; empty unless it was asked for.
    pub trace: String,
    /// What there was in it.
    pub census: Census,
}

/// Makes the history of a seed, and checks it.
pub fn simulate(seed: u64, trace: Trace) -> Simulated {
    let mut schedule = Schedule::new(seed, trace == Trace::On);
    let ending = schedule.run();
    let (violations, census) = checker::check(&schedule, ending);
    let trace = schedule.shared.lock().trace.take().unwrap_or_default();
    Simulated { violations, trace, census }
}
