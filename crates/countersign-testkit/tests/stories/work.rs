//! Reading commands, long work, destructive work, slash commands.

use countersign_testkit::{BACKOFFICE, DEVELOPERS, run_story};
use jiff::SignedDuration;
use serde_json::json;

use crate::YES;

#[test]
fn a_reading_command_answers_at_once() {
    run_story(async |w| {
        let said = w.chloe.says(DEVELOPERS, "<@U0BOT> show diagnostics for acme").await;
        let answer = w.answer(&said).await;
        assert!(answer.contains("Diagnostics for acme"), "{answer}");
        assert!(answer.contains("queue_depth"), "{answer}");
        assert!(w.now(&said).await.reactions(YES).contains(&"U0BOT".to_owned()));

        let said = w.chloe.says(DEVELOPERS, "<@U0BOT> show diagnostics for nosuch").await;
        assert!(w.answer(&said).await.contains("There is no account called nosuch."));
    });
}

#[test]
fn long_work_shows_how_far_it_is() {
    run_story(async |w| {
        let said = w.chloe.says(DEVELOPERS, "<@U0BOT> cycle workers of pool eu-west").await;
        w.chloe.reacts(&said, YES).await;
        w.dmitri.reacts(&said, YES).await;
        for done in 2..=4 {
            w.later(SignedDuration::from_secs(1)).await;
            w.card_that(&said, &format!("{done} of 4")).await;
        }
        w.later(SignedDuration::from_secs(1)).await;
        w.card_that(&said, "All 4 workers were replaced.").await;
        let generations =
            w.value("select group_concat(generation) from workers where pool = 'eu-west'").await;
        assert_eq!(generations.as_deref(), Some("2,2,2,2"));
    });
}

#[test]
fn long_work_goes_on_after_a_restart() {
    run_story(async |w| {
        let said = w.chloe.says(DEVELOPERS, "<@U0BOT> cycle workers of pool eu-west").await;
        w.chloe.reacts(&said, YES).await;
        w.dmitri.reacts(&said, YES).await;
        w.later(SignedDuration::from_secs(1)).await;
        w.card_that(&said, "2 of 4: eu-west-2 is new").await;
        w.stop_bot().await;
        w.start_bot().await;
        for done in 3..=4 {
            w.later(SignedDuration::from_secs(1)).await;
            w.card_that(&said, &format!("{done} of 4")).await;
        }
        w.later(SignedDuration::from_secs(1)).await;
        w.card_that(&said, "All 4 workers were replaced.").await;
    });
}

#[test]
fn destructive_work_asks_its_caller_for_the_name() {
    run_story(async |w| {
        let said = w.chloe.says(DEVELOPERS, "<@U0BOT> drop pool us-west").await;
        let card = w.card(&said).await;
        w.dmitri.presses(&card, "countersign.sign").await;
        w.chloe.reacts(&said, YES).await;
        let pools = "select cast(count(*) as text) from workers where pool = 'us-west'";
        assert_eq!(w.value(pools).await.as_deref(), Some("4"), "a ✅ of the caller is not enough");

        w.chloe.presses(&card, "countersign.sign").await;
        let view = w.open_view(&w.chloe);
        w.chloe.fills_in(&view, json!({"answer": "us-east"})).await;
        assert_eq!(w.value(pools).await.as_deref(), Some("4"), "the wrong name does nothing");

        w.chloe.presses(&card, "countersign.sign").await;
        let view = w.open_view(&w.chloe);
        w.chloe.fills_in(&view, json!({"answer": "us-west"})).await;
        assert_eq!(w.value(pools).await.as_deref(), Some("0"));
    });
}

#[test]
fn an_engineers_command_is_for_engineers() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, "<@U0BOT> drop pool us-west").await;
        assert!(w.answer(&said).await.contains("I do not know that sentence here."));
    });
}
