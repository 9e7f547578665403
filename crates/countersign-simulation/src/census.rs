//! What histories had in them: a simulation in which nothing happens finds nothing.

use countersign_core::operation::{Event, Outcome, Phase};

use crate::checker::Case;
use crate::world::World;

/// Counts over one or many histories.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Census {
    /// Operations.
    pub operations: usize,
    /// Those that succeeded.
    pub succeeded: usize,
    /// Those that ran, and changed nothing.
    pub failed: usize,
    /// Those that did not run.
    pub stopped: usize,
    /// Those whose outcome nobody knows.
    pub unknown: usize,
    /// Plans that the world overtook.
    pub drifted: usize,
    /// Claims.
    pub claims: usize,
    /// Engines that died.
    pub deaths: usize,
    /// Engines that stood still.
    pub freezes: usize,
    /// Calls that went wrong on purpose.
    pub faults: usize,
}

impl Census {
    /// The counts of one history.
    pub fn of(world: &World, cases: &[Case]) -> Self {
        let ended = |is: fn(&Phase) -> bool| cases.iter().filter(|case| is(&case.operation.phase)).count();
        let events = cases.iter().flat_map(|case| &case.records).map(|(record, _, _)| &record.event);
        Self {
            operations: cases.len(),
            succeeded: ended(|phase| matches!(phase, Phase::Finished(Outcome::Succeeded(_)))),
            failed: ended(|phase| matches!(phase, Phase::Finished(Outcome::Failed { .. }))),
            stopped: ended(|phase| matches!(phase, Phase::Stopped(_))),
            unknown: ended(|phase| matches!(phase, Phase::Finished(Outcome::Unknown { .. }))),
            drifted: events.filter(|event| matches!(event, Event::Drifted { .. })).count(),
            claims: cases.iter().map(|case| case.claims.len()).sum(),
            deaths: world.history.deaths(),
            freezes: world.history.freezes,
            faults: world.history.faults,
        }
    }

    /// Adds the counts of another.
    pub fn add(&mut self, other: &Self) {
        self.operations += other.operations;
        self.succeeded += other.succeeded;
        self.failed += other.failed;
        self.stopped += other.stopped;
        self.unknown += other.unknown;
        self.drifted += other.drifted;
        self.claims += other.claims;
        self.deaths += other.deaths;
        self.freezes += other.freezes;
        self.faults += other.faults;
    }
}

impl std::fmt::Display for Census {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} operations: {} succeeded, {} failed, {} stopped, {} unknown; {} plans overtaken, {} claims; \
             {} engines died, {} stood still, {} calls went wrong",
            self.operations,
            self.succeeded,
            self.failed,
            self.stopped,
            self.unknown,
            self.drifted,
            self.claims,
            self.deaths,
            self.freezes,
            self.faults
        )
    }
}
