use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::approval::{Verdict, Vote, VoteSource};
use crate::audit::Head;
use crate::command::spec::CommandName;
use crate::envelope::Origin;
use crate::ids::{ChannelId, LockKey, MessageId, OperationId, WorkerId};
use crate::operation::{Claim, Found, Reference, Request, Resolution, Table};
use crate::plan::{FieldChange, Fingerprint};
use crate::policy::Refusal;

pub(in crate::reply) fn person(name: &str) -> PersonId {
    PersonId::new("T1", name)
}

fn plan(before: &str) -> Plan {
    let change = |field: &str, before: &str, after: &str| FieldChange {
        of: None,
        field: field.to_owned(),
        before: Some(before.to_owned()),
        after: Some(after.to_owned()),
    };
    Plan {
        steps: vec![Step {
            title: "Update 1 row of app".to_owned(),
            changes: vec![
                change("plan", before, "enterprise"),
                change("trial_ends_at", "2026-11-22", "2026-12-04"),
            ],
        }],
        ..Plan::default()
    }
}

pub(in crate::reply) fn operation(phase: Phase) -> Operation {
    let fingerprint = Fingerprint::of_bytes(b"plan");
    Operation {
        request: Request {
            id: OperationId::from_parts(1_700_000_000_000, 7),
            command: CommandName::new("set-trial"),
            sentence: "set acme trial remaining to 14 days".to_owned(),
            args: json!({}),
            caller: person("ana"),
            origin: Origin {
                channel: ChannelId::new("C1"),
                message: Some(MessageId::new("1")),
                thread: None,
            },
            risk: Risk::High,
            lock: None,
            frozen: Vec::new(),
            emergency: None,
            quorum: Risk::High.quorum(),
        },
        requested_at: Timestamp::UNIX_EPOCH,
        root: Some(MessageId::new("1")),
        ahead: Vec::new(),
        resolution: None,
        alarm: None,
        review: None,
        proposal: Some(Proposal {
            plan: plan("trial"),
            fingerprint,
            approve_by: Some("2026-11-20T13:00:00Z".parse().unwrap()),
        }),
        overtaken: None,
        card: None,
        votes: Vec::new(),
        reminders: 0,
        reason: None,
        phase,
        fence: 0,
        head: Head::start(),
    }
}

fn tally(operation: &Operation) -> Tally {
    Tally::count(&operation.request.quorum, &operation.request.caller, &operation.votes, |_| BTreeSet::new())
}

fn draw(operation: &Operation) -> String {
    card(operation, &tally(operation)).to_string()
}

fn signed_by(name: &str) -> Vote {
    Vote {
        person: person(name),
        source: VoteSource::Button,
        verdict: Verdict::Approve,
        fingerprint: Fingerprint::of_bytes(b"plan"),
        at: Timestamp::UNIX_EPOCH,
    }
}

#[test]
fn waiting_for_signatures() {
    let mut waiting = operation(Phase::Voting);
    waiting.votes.push(signed_by("ana"));
    insta::assert_snapshot!(draw(&waiting), @"
    # Waiting for signatures
    :writing_hand: `set acme trial remaining to 14 days` asked by @ana
    *Update 1 row of app*
    • *plan*: `trial` → `enterprise`
    • *trial_ends_at*: `2026-11-22` → `2026-12-04`
    Risk: high
    Signed: @ana
    Missing: one other person
    Until: 2026-11-20 13:00 UTC
    (Sign with ✅ on this message or on the request, or with the button. Object with ❌. Take a ✅ back and it counts no more.)
    [Sign this plan] [Object] [Cancel my request]
    (op_01HF7YAT000000000000000007 · plan 64879f7d)
    ");
}

#[test]
fn the_plan_changed() {
    let mut drifted = operation(Phase::Voting);
    drifted.overtaken = Some(plan("free"));
    insta::assert_snapshot!(draw(&drifted), @"
    # The plan changed: please sign again
    :warning: `set acme trial remaining to 14 days` asked by @ana
    Something changed since the plan was made, so the signatures count no more. This was the plan:
    • *plan*: `free` → `enterprise`
    • *trial_ends_at*: `2026-11-22` → `2026-12-04`
    This is the plan now:
    *Update 1 row of app*
    • *plan*: `trial` → `enterprise`
    • *trial_ends_at*: `2026-11-22` → `2026-12-04`
    Risk: high
    Signed: nobody yet
    Missing: @ana and one other person
    Until: 2026-11-20 13:00 UTC
    (Sign with ✅ on this message or on the request, or with the button. Object with ❌. A ✅ from before counts no more: take it back and put it there again, or use the button.)
    [Sign this plan] [Object] [Cancel my request]
    (op_01HF7YAT000000000000000007 · plan 64879f7d)
    ");
}

#[test]
fn working_done_failed_unknown_and_stopped() {
    let reference = Reference::from_bits(1);
    let phases = [
        Phase::Applying(Claim {
            worker: WorkerId::new("w"),
            fence: 1,
            run_by: None,
            lease_until: Timestamp::UNIX_EPOCH,
            state: None,
            progress: Some(Progress { done: 2, total: 6, note: "worker-2 is back".to_owned() }),
            resume_at: None,
        }),
        Phase::Finished(Outcome::Succeeded(Report { summary: "1 row changed.".to_owned(), table: None })),
        Phase::Finished(Outcome::Failed {
            reason: "The database did not answer.".to_owned(),
            reference: reference.clone(),
        }),
        Phase::Finished(Outcome::Unknown {
            reason: "The program stopped in the middle.".to_owned(),
            reference,
        }),
        Phase::Stopped(Stop::Objected { by: person("ben") }),
        Phase::Stopped(Stop::NotSignedInTime),
        Phase::Stopped(Stop::NotStartedInTime),
        Phase::Stopped(Stop::RulesChanged),
        Phase::Stopped(Stop::Cancelled { by: person("ana") }),
        Phase::Stopped(Stop::Refused {
            refusal: Refusal::Blocked { sentence: "There is no such account.".to_owned() },
        }),
    ];
    let heads = phases
        .into_iter()
        .map(|phase| draw(&operation(phase)).lines().take(3).collect::<Vec<_>>().join("\n"));
    insta::assert_snapshot!(heads.collect::<Vec<_>>().join("\n\n"), @"
    # Working on it
    :gear: `set acme trial remaining to 14 days` asked by @ana
    `▰▰▰▱▱▱▱▱▱▱` 2 of 6: worker-2 is back

    # Done
    :white_check_mark: `set acme trial remaining to 14 days` asked by @ana
    1 row changed.

    # It did not work
    :x: `set acme trial remaining to 14 days` asked by @ana
    The database did not answer. Give `ref-00000001` to the people who look after the bot.

    # Nobody knows whether it worked
    :question: `set acme trial remaining to 14 days` asked by @ana
    The program stopped in the middle. Give `ref-00000001` to the people who look after the bot.

    # Stopped: nothing was changed
    :no_entry_sign: `set acme trial remaining to 14 days` asked by @ana
    @ben objected. Say the sentence again to start over.

    # Stopped: nothing was changed
    :no_entry_sign: `set acme trial remaining to 14 days` asked by @ana
    The signatures did not come in time. Say the sentence again to start over.

    # Stopped: nothing was changed
    :no_entry_sign: `set acme trial remaining to 14 days` asked by @ana
    It was signed, but could not start in time. Say the sentence again to start over.

    # Stopped: nothing was changed
    :no_entry_sign: `set acme trial remaining to 14 days` asked by @ana
    The rules for this command changed while it waited. Say the sentence again to start over.

    # Stopped: nothing was changed
    :no_entry_sign: `set acme trial remaining to 14 days` asked by @ana
    @ana cancelled it. Say the sentence again to start over.

    # This cannot be done
    :x: `set acme trial remaining to 14 days` asked by @ana
    There is no such account.
    ");
}

#[test]
fn what_a_reading_command_found() {
    let table = Table {
        columns: vec!["worker".to_owned(), "state".to_owned()],
        rows: vec![vec![Some("w-1".to_owned()), None], vec![Some(String::new()), Some("idle".to_owned())]],
        left_out: 3,
    };
    let mut read = operation(Phase::Finished(Outcome::Succeeded(Report {
        summary: "2 of 5 workers".to_owned(),
        table: Some(table),
    })));
    read.request.risk = Risk::Read;
    insta::assert_snapshot!(draw(&read), @"
    2 of 5 workers
    worker | state
    w-1 | –
     | idle
    (and 3 more rows)
    ");
}

#[test]
fn an_objection_can_be_explained() {
    let mut stopped = operation(Phase::Stopped(Stop::Objected { by: person("ben") }));
    assert!(draw(&stopped).contains("[Say why]"));
    stopped.reason = Some("acme asked us to wait".to_owned());
    let drawn = draw(&stopped);
    assert!(drawn.contains("*Why: *Acme asked us to wait.") && !drawn.contains("[Say why]"), "{drawn}");
}

#[test]
fn a_long_plan_stands_on_pages_and_the_card_says_so() {
    let mut voting = operation(Phase::Voting);
    assert_eq!(pages(&voting), Vec::new());
    let change = |n: usize| FieldChange {
        of: Some(format!("account-{n}")),
        field: "plan".to_owned(),
        before: Some("trial".to_owned()),
        after: Some("enterprise".to_owned()),
    };
    if let Some(proposal) = &mut voting.proposal {
        proposal.plan.steps[0].changes = (0..41).map(change).collect();
    }
    let pages = pages(&voting);
    assert_eq!(pages.len(), 2);
    insta::assert_snapshot!(pages[1], @"
    # The plan, page 2 of 2
    *Update 1 row of app*
    • `account-39` *plan*: `trial` → `enterprise`
    • `account-40` *plan*: `trial` → `enterprise`
    (plan 64879f7d)
    ");
    insta::assert_snapshot!(draw(&voting), @"
    # Waiting for signatures
    :writing_hand: `set acme trial remaining to 14 days` asked by @ana
    *1 step, 41 changes*: all of it stands in 2 messages of this thread. Read them before you sign.
    Risk: high
    Signed: nobody yet
    Missing: @ana and one other person
    Until: 2026-11-20 13:00 UTC
    (Sign with ✅ on this message or on the request, or with the button. Object with ❌. Take a ✅ back and it counts no more.)
    [Sign this plan] [Object] [Cancel my request]
    (op_01HF7YAT000000000000000007 · plan 64879f7d)
    ");
}

#[test]
fn a_signed_operation_waits_for_its_turn() {
    let mut queued = operation(Phase::Approved { run_by: Some(Timestamp::MAX) });
    queued.request.lock = Some(LockKey::new("env dev"));
    queued.ahead = vec![OperationId::from_parts(1_700_000_000_000, 1), OperationId::from_parts(1, 2)];
    let drawn = draw(&queued);
    insta::assert_snapshot!(drawn.lines().take(3).collect::<Vec<_>>().join("\n"), @"
    # Signed, and waiting for its turn
    :hourglass: `set acme trial remaining to 14 days` asked by @ana
    It runs as soon as `op_01HF7YAT000000000000000001` and 1 more is done with `env dev`, and plans once more before it does.
    ");
}

#[test]
fn an_unknown_outcome_asks_for_a_look_and_says_who_looked() {
    let mut unknown = operation(Phase::Finished(Outcome::Unknown {
        reason: "The program stopped in the middle.".to_owned(),
        reference: Reference::from_bits(1),
    }));
    let drawn = draw(&unknown);
    assert!(drawn.contains("[It was done] [It was not done]"), "{drawn}");
    assert!(drawn.contains("Nothing tries this again by itself"), "{drawn}");
    unknown.resolution = Some(Resolution {
        by: person("ben"),
        found: Found::Succeeded,
        reason: "the row is there".to_owned(),
    });
    insta::assert_snapshot!(draw(&unknown).lines().take(4).collect::<Vec<_>>().join("\n"), @"
    # Somebody looked what became of it
    :mag_right: `set acme trial remaining to 14 days` asked by @ana
    The program stopped in the middle. Give `ref-00000001` to the people who look after the bot.
    @ben looked: it had been done. *How they know: *The row is there.
    ");
}
