//! The signatures: distinct, eligible, human, for exactly the plan that runs; and no objection that was ignored.

use countersign_core::approval::Verdict;
use countersign_core::command::spec::Risk;
use countersign_core::plan::Fingerprint;

use super::case::Claim;
use super::permits::freezes;
use super::{Case, Findings};
use crate::history::{Ask, Did, Tick};
use crate::office::{ACCOUNTS, Team};
use crate::slack::{Message, Reaction};
use crate::staff::{State, is_in, may_run, may_sign};
use crate::world::World;

/// Every claim of signed work had its signatures, and no standing objection.
pub fn check(world: &World, case: &Case, found: &mut Findings) {
    let Some(ask) = case.asked(world).filter(|_| case.is_signed()) else { return };
    for claim in case.claims.iter().filter(|claim| claim.is_first) {
        let Some(plan) = claim.fingerprint else { continue };
        let window = (claim.since, claim.tick);
        let signs = |person: usize| has_signed(world, (case, ask), (person, plan, claim));
        let counts =
            |person: &usize| world.staff.ever(*person, window, |state| may_vote(ask, *person, state));
        let signed: Vec<usize> = (0..ACCOUNTS.len()).filter(|one| signs(*one)).filter(counts).collect();
        found.expect(signed.contains(&ask.person), "the caller has signed", || {
            format!("{} was claimed at {}; signed: {signed:?}", case.id, claim.tick)
        });
        let others: Vec<usize> = signed.iter().copied().filter(|one| *one != ask.person).collect();
        let more = freezes(world, ask, claim).filter_map(|freeze| freeze.others).max().unwrap_or_default();
        let needed = ask.known.others + usize::from(more);
        let enough = others.len() >= needed && represented(world, &others, (ask, window));
        found.expect(enough, "the others have signed", || {
            format!("{} was claimed at {}; signed by others: {others:?}", case.id, claim.tick)
        });
        let heard = heard_objection(world, (case, ask), claim);
        found.expect(heard.is_none(), "no objection that was heard is ignored", || {
            format!("{} was claimed at {}, after act {heard:?}", case.id, claim.tick)
        });
        found.expect(!objected(world, ask, (case, window)), "no standing objection is ignored", || {
            format!("{} was claimed at {}", case.id, claim.tick)
        });
    }
}

/// May the person's vote count?
fn may_vote(ask: &Ask, person: usize, state: State) -> bool {
    let may = if person == ask.person { may_run } else { may_sign };
    state.inside && may(ask.known, person, state)
}

/// Had the person signed this plan, in a way that had not been taken back before the last look?
fn has_signed(
    world: &World,
    (case, ask): (&Case, &Ask),
    (person, plan, claim): (usize, Fingerprint, &Claim),
) -> bool {
    let types = ask.known.risk == Risk::Destructive && person == ask.person;
    let in_time = |at| claim.approve_by.is_some_and(|end| at <= end);
    let mut acts = world.history.acts.iter().filter(|act| act.ask == case.ask && act.person == person);
    let said = acts.any(|act| {
        let signs = match act.did {
            Did::Signed(signed) => signed == plan && !types,
            Did::Typed(signed) => signed == plan && types,
            _ => false,
        };
        signs && act.tick < claim.tick && in_time(act.at)
    });
    let seen = |reaction: &Reaction| {
        messages(world, case).any(|message| message.is_card() && message.signed_at(reaction.at, plan))
    };
    said || (!types
        && messages(world, case).any(|message| {
            message.reactions.iter().any(|one| {
                one.person == person
                    && Verdict::of_reaction(one.emoji) == Some(Verdict::Approve)
                    && one.stood((claim.since, claim.tick))
                    && in_time(one.at)
                    && seen(one)
            })
        }))
}

/// Is each team represented by a person of its own?
fn represented(world: &World, others: &[usize], (ask, window): (&Ask, (Tick, Tick))) -> bool {
    let members = |team: Team| -> Vec<usize> {
        let is_member = |one: &usize| world.staff.ever(*one, window, |state| is_in(team, *one, state));
        others.iter().copied().filter(is_member).collect()
    };
    match ask.known.from {
        [] => true,
        [team] => !members(*team).is_empty(),
        [one, other, ..] => {
            let others = members(*other);
            members(*one).iter().any(|first| others.iter().any(|second| first != second))
        }
    }
}

/// Did an eligible person's no stand for all the time in which the last look was taken?
fn objected(world: &World, ask: &Ask, (case, window): (&Case, (Tick, Tick))) -> bool {
    // A card that two processes posted at the same moment is none; the ledger knows which one is.
    let is_known = |message: &&Message| !message.is_card() || case.knows(&message.id);
    messages(world, case).filter(is_known).any(|message| {
        message.reactions.iter().any(|one| {
            let may = if one.person == ask.person { may_run } else { may_sign };
            Verdict::of_reaction(one.emoji) == Some(Verdict::Object)
                && one.stood_throughout(window)
                && world.staff.always(one.person, window, |state| may(ask.known, one.person, state))
        })
    })
}

/// An eligible person's no by button that had been handled before the claim, while it could still stop it.
fn heard_objection(world: &World, (case, ask): (&Case, &Ask), claim: &Claim) -> Option<usize> {
    world.history.acts.iter().position(|act| {
        let by_button = act.ask == case.ask && act.did == Did::Objected;
        let Some(done) = act.done.filter(|done| by_button && *done < claim.tick) else { return false };
        let may = if act.person == ask.person { may_run } else { may_sign };
        let heard = (act.tick, done);
        case.is_open_throughout(heard)
            && world.staff.always(act.person, (0, done), |state| may(ask.known, act.person, state))
    })
}

fn messages<'w>(world: &'w World, case: &Case) -> impl Iterator<Item = &'w Message> {
    let ask = case.ask;
    world.slack.messages.iter().filter(move |message| message.ask == Some(ask))
}
