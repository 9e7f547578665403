//! Leases and fences: nobody takes over what another still owns, and nobody writes what they own no more.

use countersign_core::operation::{Event, Outcome};

use super::{Case, Findings};

/// Every record of work was written by the one whose claim stood.
pub fn check(is_alone: bool, case: &Case, found: &mut Findings) {
    for (record, tick, life) in &case.records {
        let standing = case.claims.iter().rev().find(|claim| claim.tick < *tick);
        let standing = standing.filter(|claim| claim.ended.is_none_or(|ended| ended >= *tick));
        let owner = standing.map(|claim| claim.life);
        let may = match writes(&record.event) {
            Writes::NoWork => true,
            Writes::Work => owner == Some(*life),
            Writes::WorkIfClaimed => owner.is_none_or(|owner| owner == *life),
            // Who finds that a worker has died, and that nobody may carry on, says so without a claim.
            Writes::GivesUp => {
                is_alone || standing.is_none_or(|claim| claim.life == *life || record.at > claim.lease_until)
            }
        };
        found.expect(may, "nobody writes under another's claim", || {
            format!("#{life} wrote {} of {} at {tick}, which {owner:?} had claimed", record.seq, case.id)
        });
    }
    for (one, next) in case.claims.iter().zip(case.claims.iter().skip(1)) {
        let was_over = one.ended.is_some_and(|ended| ended < next.tick);
        // Only where several write at once is a dead worker's lease waited for.
        let waited = next.at > one.lease_until || one.life == next.life;
        found.expect(was_over || waited || is_alone, "nobody takes over within a lease", || {
            format!("#{} took {} over at {}", next.life, case.id, next.tick)
        });
    }
}

/// Whose word a record needs.
enum Writes {
    NoWork,
    /// Only who has the claim can know.
    Work,
    /// What could not be planned fails before it is claimed.
    WorkIfClaimed,
    /// Nobody knows.
    GivesUp,
}

fn writes(event: &Event) -> Writes {
    match event {
        Event::Progressed { .. } | Event::Released { .. } | Event::Renewed { .. } => Writes::Work,
        Event::Finished { outcome: Outcome::Succeeded(_) } => Writes::Work,
        Event::Finished { outcome: Outcome::Failed { .. } } => Writes::WorkIfClaimed,
        Event::Finished { outcome: Outcome::Unknown { .. } } => Writes::GivesUp,
        _ => Writes::NoWork,
    }
}
