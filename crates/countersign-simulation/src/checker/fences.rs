//! Leases and fences: nobody takes over what another still owns, and nobody writes what they own no more.

use countersign_core::operation::{Event, Outcome};

use super::{Case, Findings};

/// Every record of work was written by the one whose claim stood.
pub fn check(is_alone: bool, case: &Case, found: &mut Findings) {
    for (record, tick, life) in &case.records {
        let standing = case.claims.iter().rev().find(|claim| claim.tick < *tick);
        let standing = standing.filter(|claim| claim.ended.is_none_or(|ended| ended >= *tick));
        let (Some(claim), true) = (standing, writes_work(&record.event)) else { continue };
        found.expect(claim.life == *life, "nobody writes under another's claim", || {
            format!(
                "#{life} wrote {} of {} at {tick}, which #{} had claimed",
                record.seq, case.id, claim.life
            )
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

fn writes_work(event: &Event) -> bool {
    matches!(
        event,
        Event::Progressed { .. }
            | Event::Released { .. }
            | Event::Renewed { .. }
            | Event::Finished { outcome: Outcome::Succeeded(_) | Outcome::Failed { .. } }
    )
}
