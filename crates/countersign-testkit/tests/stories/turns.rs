//! What shares a lock runs one after the other, in the order in which it was ready.

use countersign_testkit::{DEVELOPERS, Message, World, run_story};
use jiff::SignedDuration;

use crate::YES;

const CYCLE: &str = "<@U0BOT> cycle workers of pool eu-west";

#[test]
fn the_second_waits_visibly_until_the_first_is_done() {
    run_story(async |w| {
        let first = signed(w, CYCLE).await;
        w.card_that(&first, "2 of 4").await;
        let second = signed(w, CYCLE).await;
        let waits = w.card_that(&second, "waiting for its turn").await.text();
        assert!(waits.contains("pool eu-west"), "{waits}");
        finish(w, &first).await;
        // The first made all workers new, so that the plan that was signed stands no more.
        w.card_that(&second, "The plan changed").await;
        w.chloe.answers(&second, "<@U0BOT> cancel").await;
        w.card_that(&second, "cancelled it").await;
    });
}

#[test]
fn another_pool_does_not_wait() {
    run_story(async |w| {
        let first = signed(w, CYCLE).await;
        w.card_that(&first, "2 of 4").await;
        let other = signed(w, "<@U0BOT> cycle workers of pool us-west").await;
        w.card_that(&other, "2 of 4").await;
        finish(w, &first).await;
        w.card_that(&other, "All 4 workers were replaced.").await;
    });
}

#[test]
fn an_unknown_outcome_keeps_the_others_waiting_and_they_end_in_time() {
    run_story(async |w| {
        let first = signed(w, CYCLE).await;
        w.card_that(&first, "2 of 4").await;
        w.behind_its_back("alter table workers rename to elsewhere").await;
        w.later(SignedDuration::from_secs(1)).await;
        w.card_that(&first, "Nobody knows whether it worked").await;
        w.behind_its_back("alter table elsewhere rename to workers").await;
        let second = signed(w, CYCLE).await;
        w.card_that(&second, "waiting for its turn").await;
        w.later(SignedDuration::from_mins(16)).await;
        w.card_that(&second, "could not start in time").await;

        let third = signed(w, CYCLE).await;
        w.card_that(&third, "waiting for its turn").await;
        w.dmitri.answers(&first, "<@U0BOT> resolve as failed: half of them are new").await;
        w.later(SignedDuration::from_secs(1)).await;
        finish(w, &third).await;
    });
}

async fn signed(w: &World, sentence: &str) -> Message {
    let said = w.chloe.says(DEVELOPERS, sentence).await;
    w.chloe.reacts(&said, YES).await;
    w.dmitri.reacts(&said, YES).await;
    // The card is drawn once a second at most.
    w.later(SignedDuration::from_secs(1)).await;
    said
}

/// Lets time pass until all four workers are new.
async fn finish(w: &World, said: &Message) {
    for _ in 0..4 {
        w.later(SignedDuration::from_secs(1)).await;
    }
    w.card_that(said, "All 4 workers were replaced.").await;
}
