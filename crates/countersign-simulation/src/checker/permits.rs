//! Nothing runs without a permit, late, or on another world than the one that was planned for.

use countersign_core::policy::{Freeze, Frozen};

use super::case::Claim;
use super::{Case, Findings};
use crate::history::Ask;
use crate::office::Kind;
use crate::staff::may_run;
use crate::world::{World, target_of};

/// Every claim had its permit, its time and its plan at some moment between approval and claim.
pub fn check(world: &World, case: &Case, found: &mut Findings) {
    let Some(ask) = case.asked(world) else { return };
    let mut sentences = world.history.chains.iter().filter(|chain| chain.operation == case.id);
    found.expect(sentences.next().is_some(), "an operation has a chain", || case.id.to_string());
    for claim in &case.claims {
        // A permit that nobody signs may rest on what was true a few minutes ago, and so may the next part.
        let since = if claim.is_first && case.is_signed() { claim.since } else { 0 };
        let window = (since, claim.tick);
        let permitted = world.staff.ever(ask.person, window, |state| may_run(ask.known, ask.person, state));
        found.expect(permitted, "nothing runs without a permit", || {
            format!("{} was claimed at {} for somebody who may not", case.id, claim.tick)
        });
        if !claim.is_first || ask.known.kind == Kind::Reads {
            continue;
        }
        found.expect(claim.run_by.is_some_and(|end| claim.at <= end), "it starts in time", || {
            format!("{} was claimed at {}, after {:?}", case.id, claim.tick, claim.run_by)
        });
        found.expect(!is_forbidden(world, (case, ask), claim), "nothing runs while it is frozen", || {
            format!("{} was claimed at {}", case.id, claim.tick)
        });
        let target = target_of(ask.target).unwrap_or(usize::MAX);
        let before = claim.before.as_deref().unwrap_or_default();
        found.expect(world.targets.ever(target, window, before), "the plan is made again", || {
            format!("{} was claimed at {} for a world that was gone", case.id, claim.tick)
        });
    }
}

/// The freezes that stood for all the time in which a claim's last look was taken.
pub fn freezes<'w>(world: &'w World, ask: &Ask, claim: &Claim) -> impl Iterator<Item = &'w Freeze> {
    let (since, at, locks, target) = (claim.since, claim.at, ask.known.locks, ask.target);
    let standing = world.freezes.iter().filter(move |(tick, freeze)| *tick <= since && at < freeze.until);
    standing.map(|(_, freeze)| freeze).filter(move |freeze| match &freeze.what {
        Frozen::Everything => true,
        Frozen::Lock(lock) => locks && lock.as_str() == format!("target {target}"),
    })
}

fn is_forbidden(world: &World, (case, ask): (&Case, &Ask), claim: &Claim) -> bool {
    case.is_signed() && freezes(world, ask, claim).any(|freeze| freeze.others.is_none())
}
