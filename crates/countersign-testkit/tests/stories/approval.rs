//! Who signs, who does not count, and what stops it.

use countersign_testkit::{BACKOFFICE, DEVELOPERS, run_story, run_story_with};
use jiff::SignedDuration;

use crate::{ACME_PLAN, NO, SET_TRIAL, YES};

#[test]
fn two_signatures_change_one_row_once() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        assert_eq!(w.now(&said).await.reactions("eyes"), ["U0BOT"]);
        let card = w.card(&said).await.text();
        assert!(card.contains("Waiting for signatures"), "{card}");
        assert!(card.contains("trial_ends_at: 2026-11-22 09:00:00 → 2026-12-04 09:00:00"), "{card}");
        assert!(card.contains("plan: trial → enterprise"), "{card}");
        assert!(card.contains("high"), "{card}");
        assert!(card.contains("nobody yet"), "{card}");

        w.ana.reacts(&said, YES).await;
        let card = w.card(&said).await.text();
        assert!(card.contains("one other person"), "{card}");
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));

        w.ben.reacts(&said, YES).await;
        let card = w.card(&said).await.text();
        assert!(card.contains("Done"), "{card}");
        assert!(card.contains("acme is on an Enterprise trial for 14 days from now."), "{card}");
        assert!(card.contains("<@U0ANA>, <@U0BEN>"), "{card}");
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
        assert!(w.now(&said).await.reactions(YES).contains(&"U0BOT".to_owned()));
        assert_eq!(
            w.value("select cast(count(*) as text) from countersign_operations").await.as_deref(),
            Some("1")
        );
        assert_eq!(w.answers(&said).await.len(), 1, "one card, edited");
    });
}

#[test]
fn a_reaction_on_the_card_and_the_button_count_as_well() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        let card = w.card(&said).await;
        w.ben.reacts(&card, "+1").await;
        w.ana.presses(&card, "countersign.sign").await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
    });
}

#[test]
fn the_caller_counts_once_however_often_they_sign() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        let card = w.card(&said).await;
        w.ana.reacts(&said, YES).await;
        w.ana.reacts(&card, YES).await;
        w.ana.reacts(&card, "+1").await;
        w.ana.presses(&card, "countersign.sign").await;
        let text = w.card(&said).await.text();
        assert!(text.contains("one other person"), "{text}");
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
    });
}

#[test]
fn guests_strangers_and_bots_never_count() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        let card = w.card(&said).await;
        w.ana.reacts(&said, YES).await;
        for stranger in [&w.gus, &w.eve] {
            stranger.reacts(&said, YES).await;
            stranger.presses(&card, "countersign.sign").await;
        }
        let text = w.card(&said).await.text();
        assert!(text.contains("one other person"), "{text}");
        assert!(!text.contains("@U0GUS") && !text.contains("@U0EVE"), "{text}");
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
        w.gus.reacts(&said, NO).await;
        assert!(w.card(&said).await.text().contains("Waiting"), "a guest cannot stop it either");
        let told = w.whispers(&w.gus, BACKOFFICE);
        assert!(told.iter().all(|words| words.contains("Guests of this workspace")), "{told:?}");
        assert!(!told.is_empty() && !w.whispers(&w.eve, BACKOFFICE).is_empty());
    });
}

#[test]
fn guests_and_strangers_cannot_ask_for_anything() {
    run_story(async |w| {
        for (stranger, words) in [(&w.gus, "Guests of this workspace"), (&w.eve, "other workspaces")] {
            let said = stranger.says(BACKOFFICE, SET_TRIAL).await;
            let answer = w.answer(&said).await;
            assert!(answer.contains(words), "{answer}");
        }
    });
}

#[test]
fn a_signature_that_is_taken_back_counts_no_more() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ben.reacts(&said, YES).await;
        w.ben.takes_back(&said, YES).await;
        w.ana.reacts(&said, YES).await;
        let card = w.card(&said).await.text();
        assert!(card.contains("Waiting") && card.contains("one other person"), "{card}");
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
        w.ben.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
    });
}

#[test]
fn an_objection_stops_it() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.ben.reacts(&said, NO).await;
        let card = w.card(&said).await.text();
        assert!(card.contains("@U0BEN objected"), "{card}");
        w.ben.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
        assert_eq!(w.now(&said).await.reactions("x").iter().filter(|user| *user == "U0BOT").count(), 1);
    });
}

#[test]
fn other_emoji_mean_nothing() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        for emoji in ["eyes", "heavy_check_mark", "tada"] {
            w.ben.reacts(&said, emoji).await;
        }
        assert!(w.card(&said).await.text().contains("nobody yet"));
    });
}

#[test]
fn signatures_must_come_in_time() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.later(SignedDuration::from_mins(61)).await;
        let card = w.card_that(&said, "did not come in time").await;
        assert!(card.text().contains("Stopped"));
        w.ben.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
    });
}

#[test]
fn a_low_risk_needs_its_caller_alone() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, "<@U0BOT> note on acme called").await;
        w.ben.reacts(&said, YES).await;
        assert!(w.card(&said).await.text().contains("@U0ANA"), "ana is still missing");
        w.ana.reacts(&said, YES).await;
        let note = w.value("select note from accounts where subdomain = 'acme'").await;
        assert_eq!(note.as_deref(), Some("called"));
    });
}

#[test]
fn a_signature_from_before_the_plan_does_not_count() {
    run_story(async |w| {
        w.stop_bot().await;
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.ben.reacts(&said, YES).await;
        w.start_bot().await;
        let card = w.card(&said).await.text();
        assert!(card.contains("nobody yet"), "{card}");
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
        for person in [&w.ana, &w.ben] {
            person.takes_back(&said, YES).await;
            person.reacts(&said, YES).await;
        }
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
    });
}

/// The demo, in which chloe and dmitri each stand for a group of their own, and #backoffice-developers
/// has a command that wants both.
fn two_groups() -> String {
    let demo = countersign::dev::DEMO_CONFIG;
    let groups = demo.replace("[groups]", "[groups]\nsre = [\"U0CHLOE\"]\nsecurity = [\"U0DMITRI\"]");
    let both = "approval = { others = 1, from = [\"sre\", \"security\"] }\nrunbook";
    groups.replace("approval = { others = 1, from = [\"engineers\"] }\nrunbook", both)
}

#[test]
fn a_group_cannot_be_represented_by_the_caller() {
    run_story_with(&two_groups(), async |w| {
        let said = w.chloe.says(DEVELOPERS, "<@U0BOT> cycle workers of pool eu-west").await;
        w.chloe.reacts(&said, YES).await;
        w.dmitri.reacts(&said, YES).await;
        let card = w.card(&said).await.text();
        assert!(card.contains("one other person (sre)"), "{card}");
        let generations =
            w.value("select group_concat(generation) from workers where pool = 'eu-west'").await;
        assert_eq!(generations.as_deref(), Some("1,1,1,1"));
    });
}

#[test]
fn what_was_signed_must_start_in_time() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.fault(serde_json::json!({"api": [{"method": "reactions.get", "error": "not_now"}]})).await;
        w.ana.reacts(&said, YES).await;
        w.ben.reacts(&said, YES).await;
        w.fault(serde_json::json!({"clear": true})).await;
        w.later(SignedDuration::from_mins(16)).await;
        w.card_that(&said, "could not start in time").await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
    });
}
