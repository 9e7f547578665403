//! What is slow delays nobody else.

use countersign_testkit::{BACKOFFICE, DEVELOPERS, World, run_story_with};

use jiff::SignedDuration;

use crate::{ACME_PLAN, SET_TRIAL, YES};

/// As many as make it all but sure that whatever is shared is shared by one of them.
const MANY: usize = 48;

fn with_a_slow_command() -> String {
    let slow = "[[command]]\npattern = \"hold the <what:one of {plan|work}>\"\ndescription = \"Waits.\"\n\
                channels = [\"backoffice-developers\"]\nrisk = \"low\"\nrunbook = \"held\"\n\n";
    countersign::dev::DEMO_CONFIG.replacen("[[command]]", &format!("{slow}[[command]]"), 1)
}

#[test]
fn slow_work_delays_no_other_channel() {
    run_story_with(&with_a_slow_command(), async |w| {
        let slow = w.chloe.says(DEVELOPERS, "<@U0BOT> hold the work").await;
        w.chloe.reacts_meanwhile(&slow, YES).await;
        w.while_time_passes(w.card_that(&slow, "Working on it")).await;
        others_are_served(w).await;
        w.lets_go();
        w.while_time_passes(w.card_that(&slow, "It waited.")).await;
    });
}

#[test]
fn a_signature_under_a_plan_that_takes_long_delays_nobody() {
    run_story_with(&with_a_slow_command(), async |w| {
        let slow = w.chloe.says_meanwhile(DEVELOPERS, "<@U0BOT> hold the plan").await;
        while w.now(&slow).await.reactions("eyes").is_empty() {
            tokio::task::yield_now().await;
        }
        w.chloe.reacts_meanwhile(&slow, YES).await;
        others_are_served(w).await;
        w.lets_go();
        w.while_time_passes(w.card_that(&slow, "Waiting for signatures")).await;
        // The signature is from before the plan; its sender is told so with the next try.
        w.later(SignedDuration::from_mins(1)).await;
        assert!(
            w.whispers(&w.chloe, DEVELOPERS).iter().any(|heard| heard.contains("The plan was not there yet"))
        );
    });
}

/// Many reading requests, and a change with two signatures.
async fn others_are_served(w: &World) {
    let change = w.ana.says_meanwhile(BACKOFFICE, SET_TRIAL).await;
    let mut asked = Vec::new();
    for _ in 0..MANY {
        asked.push(w.ana.says_meanwhile(BACKOFFICE, "<@U0BOT> show account globex").await);
    }
    w.while_time_passes(async {
        w.card_that(&change, "Waiting for signatures").await;
        w.ana.reacts_meanwhile(&change, YES).await;
        w.ben.reacts_meanwhile(&change, YES).await;
        w.card_that(&change, "Done").await;
        for message in &asked {
            w.answered(message).await;
        }
    })
    .await;
    assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
}
