//! Slack itself is the ledger: the walk, and a restart in each phase.

use countersign_testkit::{BACKOFFICE, DEVELOPERS, run_story_without_database};
use jiff::SignedDuration;
use serde_json::json;

use crate::{ACME_PLAN, NO, SET_TRIAL, YES};

/// The emoji of the bot's own on a message.
async fn markers(
    w: &countersign_testkit::World,
    message: &countersign_testkit::Message,
) -> Vec<&'static str> {
    let now = w.now(message).await;
    let all = ["eyes", "gear", "white_check_mark", "x", "question"];
    let bots = |emoji: &&str| now.reactions(emoji).iter().any(|user| user == countersign_testkit::BOT);
    all.into_iter().filter(bots).collect()
}

#[test]
fn two_signatures_change_one_row_once() {
    run_story_without_database(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        assert_eq!(markers(w, &said).await, ["eyes"]);
        w.ana.reacts(&said, YES).await;
        w.ben.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
        assert!(w.card(&said).await.text().contains("Done"));
        assert_eq!(markers(w, &said).await, ["eyes", "gear", "white_check_mark"]);
        assert_eq!(w.answers(&said).await.len(), 1, "one card, edited");
    });
}

#[test]
fn a_reading_command_answers_at_once() {
    run_story_without_database(async |w| {
        let said = w.chloe.says(DEVELOPERS, "@Backoffice Bot diagnose account acme").await;
        assert_eq!(w.answers(&said).await.len(), 1);
        w.stop_bot().await;
        w.start_bot().await;
        w.later(SignedDuration::from_mins(2)).await;
        assert_eq!(w.answers(&said).await.len(), 1);
    });
}

#[test]
fn votes_survive_a_restart() {
    run_story_without_database(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.later(SignedDuration::from_secs(1)).await;
        w.stop_bot().await;
        w.start_bot().await;
        let card = w.card(&said).await.text();
        assert!(card.contains("@U0ANA") && card.contains("one other person"), "{card}");
        w.ben.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
        assert_eq!(w.answers(&said).await.len(), 1, "one card, edited");
    });
}

#[test]
fn votes_that_came_and_went_while_it_was_down_count_as_they_stand() {
    run_story_without_database(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        let card = w.card(&said).await;
        w.ben.reacts(&card, YES).await;
        w.later(SignedDuration::from_secs(1)).await;
        w.stop_bot().await;
        w.ben.takes_back(&card, YES).await;
        w.start_bot().await;
        w.ana.reacts(&card, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
        w.stop_bot().await;
        w.ben.reacts(&card, YES).await;
        w.start_bot().await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
    });
}

#[test]
fn an_objection_while_it_was_down_stops_it() {
    run_story_without_database(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.stop_bot().await;
        w.ben.reacts(&said, NO).await;
        w.start_bot().await;
        w.ana.reacts(&said, YES).await;
        assert!(w.card(&said).await.text().contains("objected"));
        assert_eq!(markers(w, &said).await, ["eyes", "x"]);
    });
}

#[test]
fn a_finished_operation_stays_finished() {
    run_story_without_database(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.ben.reacts(&said, YES).await;
        w.behind_its_back("update accounts set plan = 'free' where subdomain = 'acme'").await;
        w.stop_bot().await;
        w.start_bot().await;
        w.ben.takes_back(&said, YES).await;
        w.ben.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("free"));
    });
}

#[test]
fn a_moved_world_voids_the_votes_across_a_restart() {
    run_story_without_database(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.later(SignedDuration::from_secs(1)).await;
        w.stop_bot().await;
        w.behind_its_back("update accounts set plan = 'team' where subdomain = 'acme'").await;
        w.start_bot().await;
        w.ben.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("team"));
        w.later(SignedDuration::from_secs(2)).await;
        w.stop_bot().await;
        w.start_bot().await;
        // What stands on the request is from before the new plan.
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("team"));
        for person in [&w.ana, &w.ben] {
            person.takes_back(&said, YES).await;
            person.reacts(&said, YES).await;
        }
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
    });
}

#[test]
fn a_claim_that_nobody_ended_is_told_apart_by_the_products_mark() {
    run_story_without_database(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.later(SignedDuration::from_secs(1)).await;
        w.stop_bot().await;
        // As a process left it that died between its claim and the work.
        let gear = json!({"channel": said.channel, "timestamp": said.ts, "name": "gear"});
        w.as_the_bot("reactions.add", gear).await;
        w.start_bot().await;
        w.ben.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"), "another process may be at it");
        w.later(SignedDuration::from_secs(61)).await;
        // The mark in the product's database says that nothing was done. Whether all had signed, nobody knows.
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
        assert_eq!(markers(w, &said).await, ["eyes", "x"]);
        assert!(w.card(&said).await.text().contains("Say the sentence again"));
    });
}

#[test]
fn long_work_goes_on_after_a_restart() {
    run_story_without_database(async |w| {
        let said = w.chloe.says(DEVELOPERS, "@Backoffice Bot cycle workers of pool eu-west").await;
        for person in [&w.chloe, &w.dmitri] {
            person.reacts(&said, YES).await;
        }
        w.later(SignedDuration::from_secs(1)).await;
        w.stop_bot().await;
        w.start_bot().await;
        for _ in 0..90 {
            w.later(SignedDuration::from_secs(1)).await;
        }
        let card = w.card_that(&said, "Done").await.text();
        assert!(card.contains("Done"), "{card}");
        let least = w.value("select min(generation) || '' from workers where pool = 'eu-west'").await;
        let most = w.value("select max(generation) || '' from workers where pool = 'eu-west'").await;
        assert_eq!(least, most, "each was replaced once");
    });
}
