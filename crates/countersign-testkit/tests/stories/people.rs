//! What people do to an operation beside voting.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story that cannot go on fails its test")]

use countersign_testkit::{BACKOFFICE, DEVELOPERS, Message, World, run_story};
use jiff::SignedDuration;
use serde_json::json;

use crate::{ACME_PLAN, SET_TRIAL, YES};

#[test]
fn the_caller_cancels_with_the_button() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        let card = w.card(&said).await;
        w.ben.presses(&card, "countersign.cancel").await;
        assert!(
            w.whispers(&w.ben, BACKOFFICE)
                .iter()
                .any(|heard| heard.contains("Only the person who asked for this can cancel it")),
        );
        w.ana.presses(&card, "countersign.cancel").await;
        assert!(w.card(&said).await.text().contains("cancelled it"));
        w.ana.reacts(&said, YES).await;
        w.ben.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
    });
}

#[test]
fn the_caller_cancels_in_the_thread() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.card(&said).await;
        let no = w.ben.answers(&said, "<@U0BOT> cancel").await;
        assert!(heard_in_the_thread(w, &said, "Only the person who asked").await, "{no:?}");
        w.ana.answers(&said, "<@U0BOT> cancel").await;
        assert!(w.card(&said).await.text().contains("cancelled it"));

        let lost = w.ana.says(BACKOFFICE, "<@U0BOT> cancel").await;
        assert!(w.answer(&lost).await.contains("Which operation do you mean?"));
    });
}

#[test]
fn it_is_too_late_to_cancel_what_is_done() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.ben.reacts(&said, YES).await;
        assert!(w.card(&said).await.text().contains("Done"));
        w.ana.answers(&said, "<@U0BOT> cancel").await;
        assert!(heard_in_the_thread(w, &said, "It is too late").await);
    });
}

#[test]
fn an_unknown_outcome_stays_open_until_somebody_looked() {
    run_story(async |w| {
        let said = work_that_breaks_in_the_middle(w).await;
        let card = w.card_that(&said, "Nobody knows whether it worked").await;

        w.chloe.presses(&card, "countersign.was_done").await;
        let view = w.open_view(&w.chloe);
        w.chloe.fills_in(&view, json!({"answer": "I say so"})).await;
        assert!(
            w.whispers(&w.chloe, DEVELOPERS).iter().any(|heard| heard.contains("cannot say that alone")),
            "whoever asked for it does not decide alone what became of it"
        );
        w.dmitri.presses(&card, "countersign.was_not_done").await;
        let view = w.open_view(&w.dmitri);
        w.dmitri.fills_in(&view, json!({"answer": "the pool is half new"})).await;
        let card = w.card(&said).await.text();
        assert!(card.contains("it had not been done, or not whole"), "{card}");
        assert!(card.contains("The pool is half new."), "{card}");
        w.dmitri.answers(&said, "<@U0BOT> resolve as succeeded: no, it was").await;
        assert!(w.card(&said).await.text().contains("it had not been done"), "once said, it stands");
    });
}

#[test]
fn an_unknown_outcome_is_resolved_in_its_thread_after_a_restart() {
    run_story(async |w| {
        let said = work_that_breaks_in_the_middle(w).await;
        w.card_that(&said, "Nobody knows whether it worked").await;
        w.behind_its_back("alter table elsewhere rename to workers").await;
        w.stop_bot().await;
        w.start_bot().await;
        w.dmitri.answers(&said, "<@U0BOT> resolve as succeeded because all four are new").await;
        assert!(w.card(&said).await.text().contains("All four are new."));
        w.stop_bot().await;
        w.start_bot().await;
        assert!(w.card(&said).await.text().contains("Somebody looked what became of it"));
    });
}

#[test]
fn nobody_makes_the_bot_ask_slack_for_everything_by_resolving_what_is_not_open() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.card(&said).await;
        w.ben.answers(&said, "<@U0BOT> resolve as failed because I say so").await;
        let asked = questions(w, async || {
            for nonsense in ["resolve as succeeded because I say so", "reviewed: I was there"] {
                w.ben.answers(&said, &format!("<@U0BOT> {nonsense}")).await;
            }
        });
        assert_eq!(asked.await, 0);
        assert!(heard_in_the_thread(w, &said, "Nothing is open").await, "{:?}", w.answers(&said).await);
    });
}

#[test]
fn nobody_makes_the_bot_ask_slack_for_everything_by_resolving_what_is_not_theirs() {
    run_story(async |w| {
        let said = work_that_breaks_in_the_middle(w).await;
        w.card_that(&said, "Nobody knows whether it worked").await;
        w.chloe.invites("U0ANA", DEVELOPERS).await;
        w.ana.answers(&said, "<@U0BOT> resolve as failed because I say so").await;
        let asked = questions(w, async || {
            w.ana.answers(&said, "<@U0BOT> resolve as succeeded because I say so").await;
        });
        assert_eq!(asked.await, 0);
        assert!(w.card(&said).await.text().contains("Nobody knows whether it worked"));
    });
}

/// How often the bot asks Slack about people and places meanwhile.
async fn questions(w: &World, doing: impl AsyncFnOnce()) -> u64 {
    const MANY: u64 = 1_000;
    let counts = |method: &str| json!({"method": method, "token": "xoxb-", "times": MANY});
    let methods = ["conversations.members", "conversations.info", "users.info"];
    w.fault(json!({"api": methods.map(counts)})).await;
    doing().await;
    let left = w.fault(json!({})).await;
    let left = left["api"].as_array().unwrap().iter().map(|fault| fault["times"].as_u64().unwrap());
    methods.len() as u64 * MANY - left.sum::<u64>()
}

/// Workers that are being cycled when the product's database breaks: nobody knows how far it came.
async fn work_that_breaks_in_the_middle(w: &World) -> Message {
    let said = w.chloe.says(DEVELOPERS, "<@U0BOT> cycle workers of pool eu-west").await;
    w.chloe.reacts(&said, YES).await;
    w.dmitri.reacts(&said, YES).await;
    w.later(SignedDuration::from_secs(1)).await;
    w.card_that(&said, "2 of 4").await;
    w.behind_its_back("alter table workers rename to elsewhere").await;
    w.later(SignedDuration::from_secs(1)).await;
    said
}

async fn heard_in_the_thread(w: &World, said: &Message, words: &str) -> bool {
    w.answers(said).await.iter().any(|answer| answer.text().contains(words))
}
