//! Attacks that were tried and do not work.

use countersign_testkit::{BACKOFFICE, DEVELOPERS, GENERAL, run_story, run_story_with};
use serde_json::json;

use crate::{ACME_PLAN, CONFIG, NO, SET_TRIAL, YES, beside};

#[test]
fn whatever_is_delivered_twice_counts_once() {
    run_story(async |w| {
        w.fault(json!({"socket": {"deliver_twice": 100}})).await;
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.ana.reacts(&said, "+1").await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
        w.ben.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
        let done = w.value("select cast(count(*) as text) from countersign_operations").await;
        assert_eq!(done.as_deref(), Some("1"));
        assert_eq!(w.answers(&said).await.len(), 1);
    });
}

#[test]
fn a_copied_card_has_no_power() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        let card = w.card(&said).await.text();
        for copy in [w.ana.says(GENERAL, &card).await, w.ana.answers(&said, &card).await] {
            w.ben.reacts(&copy, YES).await;
        }
        let other = w.ana.says(BACKOFFICE, "@Backoffice Bot show account acme").await;
        w.ben.reacts(&other, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
    });
}

#[test]
fn a_signature_for_one_operation_is_none_for_its_twin() {
    run_story(async |w| {
        let first = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        let second = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&first, YES).await;
        w.ben.reacts(&second, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
    });
}

#[test]
fn the_other_who_signs_must_be_of_the_group_still_when_it_runs() {
    run_story_with(CONFIG, async |w| {
        let said = w.ana.says(BACKOFFICE, "@Backoffice Bot upgrade acme").await;
        w.ben.reacts(&said, YES).await;
        w.stop_bot().await;
        let file = beside(w, "countersign.toml");
        std::fs::write(&file, CONFIG.replace("signers = [\"U0BEN\"]", "signers = [\"U0CHLOE\"]")).unwrap();
        w.start_bot().await;
        w.ana.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"), "{}", w.card(&said).await.text());
    });
}

#[test]
fn votes_do_not_fill_a_quorum_that_was_raised_meanwhile() {
    run_story_with(CONFIG, async |w| {
        let said = w.ana.says(BACKOFFICE, "@Backoffice Bot remark on acme hello").await;
        w.ben.reacts(&said, YES).await;
        w.stop_bot().await;
        let file = beside(w, "countersign.toml");
        std::fs::write(&file, CONFIG.replace("\"high\" # remark", "\"destructive\"")).unwrap();
        w.start_bot().await;
        w.ana.reacts(&said, YES).await;
        let card = w.card(&said).await.text();
        assert!(card.contains("The rules for this command changed"), "{card}");
        assert_eq!(w.value("select note from accounts where subdomain = 'acme'").await.as_deref(), Some(""));
    });
}

#[test]
fn a_command_that_is_gone_runs_no_more() {
    run_story_with(CONFIG, async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.stop_bot().await;
        std::fs::write(
            beside(w, "countersign.toml"),
            CONFIG.replace("set <subdomain:slug>", "put <subdomain:slug>").replace("set acme", "put acme"),
        )
        .unwrap();
        w.start_bot().await;
        w.ben.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
    });
}

#[test]
fn whoever_signs_after_the_work_changes_nothing() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        let card = w.card(&said).await;
        w.ana.reacts(&said, YES).await;
        w.ben.reacts(&said, YES).await;
        w.behind_its_back("update accounts set plan = 'free' where subdomain = 'acme'").await;
        for person in [&w.ana, &w.ben] {
            person.takes_back(&said, YES).await;
            person.reacts(&said, YES).await;
            person.reacts(&card, NO).await;
        }
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("free"));
    });
}

#[test]
fn an_edit_after_the_signatures_changes_nothing_that_runs() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.ana.edits(&said, "@Backoffice Bot set acme trial remaining to 90 days").await;
        w.ben.reacts(&said, YES).await;
        let ends = w.value("select trial_ends_at from accounts where subdomain = 'acme'").await;
        assert_eq!(ends.as_deref(), Some("2026-12-04 09:00:00"));
    });
}

#[test]
fn hidden_characters_and_directions_reach_neither_card_nor_database() {
    run_story(async |w| {
        let said = w
            .ana
            .says(BACKOFFICE, "@Backoffice Bot note on acme ok\u{202e}\u{200b}\u{e0041} \u{2066}go\u{2028}on")
            .await;
        w.ana.reacts(&said, YES).await;
        let note = w.value("select note from accounts where subdomain = 'acme'").await;
        assert_eq!(note.as_deref(), Some("ok go on"));
        let card = w.card(&said).await.text();
        assert!(!card.contains(['\u{202e}', '\u{2066}']), "{card:?}");
    });
}

#[test]
fn an_argument_pings_nobody_and_is_no_markup() {
    run_story(async |w| {
        let said = w
            .ana
            .says(
                BACKOFFICE,
                "@Backoffice Bot note on acme <!channel> *x* `y` &lt;@U0BEN&gt; '; drop table accounts --",
            )
            .await;
        w.ana.reacts(&said, YES).await;
        let card = w.card(&said).await;
        assert!(
            !card.fallback().contains("<!channel>") && !card.fallback().contains("<@U0BEN>"),
            "{}",
            card.fallback()
        );
        assert!(
            w.value("select note from accounts where subdomain = 'acme'")
                .await
                .unwrap()
                .contains("drop table")
        );
    });
}

#[test]
fn a_destructive_command_is_typed_by_its_caller_alone() {
    run_story(async |w| {
        let said = w.chloe.says(DEVELOPERS, "@Backoffice Bot drop pool us-west").await;
        let card = w.card(&said).await;
        w.chloe.reacts(&said, YES).await;
        w.dmitri.presses(&card, "countersign.sign").await;
        assert!(w.card(&said).await.text().contains("Waiting"));
        w.chloe.presses(&card, "countersign.sign").await;
        let view = w.open_view(&w.chloe);
        w.dmitri.fills_in(&view, json!({"answer": {"answer": "us-west"}})).await;
        w.chloe.fills_in(&view, json!({"answer": {"answer": "us-east"}})).await;
        let left = "select cast(count(*) as text) from workers where pool = 'us-west'";
        assert_eq!(w.value(left).await.as_deref(), Some("4"), "{}", w.card(&said).await.text());
    });
}
