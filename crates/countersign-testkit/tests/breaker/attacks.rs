//! Attacks that worked once. Each story is the hole that it found.

use countersign::config::Registry;
use countersign_testkit::{
    BACKOFFICE, DEVELOPERS, run_story, run_story_with, run_story_without_database_with,
};
use jiff::SignedDuration;
use serde_json::json;

use crate::{ACME_PLAN, CONFIG, NO, SET_TRIAL, YES, beside};

#[test]
fn a_no_by_button_after_a_yes_by_button_stops_it() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        let card = w.card(&said).await;
        w.ben.presses(&card, "countersign.sign").await;
        w.ben.presses(&card, "countersign.object").await;
        w.ana.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"), "{}", w.card(&said).await.text());
    });
}

#[test]
fn an_objection_while_the_plan_is_checked_once_more_stops_it() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        let card = w.card(&said).await;
        w.fault(json!({"api": [{"method": "reactions.get", "error": "not_now"}]})).await;
        w.ana.reacts(&said, YES).await;
        w.ben.reacts(&card, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
        w.ben.reacts(&said, NO).await;
        w.fault(json!({"clear": true})).await;
        w.later(SignedDuration::from_secs(6)).await;
        w.card_that(&said, "objected").await;
        let text = w.card(&said).await.text();
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"), "{text}");
    });
}

#[test]
fn an_objection_from_while_the_bot_was_down_is_seen_before_the_work() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        let card = w.card(&said).await;
        w.fault(json!({"api": [{"method": "reactions.get", "error": "not_now"}]})).await;
        w.ana.reacts(&said, YES).await;
        w.ben.reacts(&card, YES).await;
        w.stop_bot().await;
        w.ben.reacts(&said, NO).await;
        w.fault(json!({"clear": true})).await;
        w.start_bot().await;
        let text = w.card(&said).await.text();
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"), "{text}");
    });
}

#[test]
fn an_objection_during_an_outage_is_not_thrown_away() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.fault(json!({"api": [{"method": "users.info", "error": "not_now"}]})).await;
        w.ben.reacts(&said, NO).await;
        for _ in 0..4 {
            w.later(SignedDuration::from_secs(10)).await;
        }
        w.fault(json!({"clear": true})).await;
        w.later(SignedDuration::from_secs(60)).await;
        w.card_that(&said, "objected").await;
    });
}

#[test]
fn a_reaction_signs_a_changed_plan_only_once_the_card_shows_it() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.behind_its_back("update accounts set plan = 'team' where subdomain = 'acme'").await;
        w.fault(json!({"api": [{"method": "chat.update", "error": "not_now"}]})).await;
        w.ben.reacts(&said, YES).await;
        let shown = w.card(&said).await.text();
        assert!(!shown.contains("plan: team"), "nobody has seen the new plan: {shown}");
        for person in [&w.ana, &w.ben] {
            person.takes_back(&said, YES).await;
            person.reacts(&said, YES).await;
        }
        let text = w.card(&said).await.text();
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("team"), "signed unseen; the card: {text}");

        // Once the card can be drawn again, it shows that what was signed before counts no more.
        w.fault(json!({"clear": true})).await;
        for _ in 0..3 {
            w.later(SignedDuration::from_secs(60)).await;
        }
        let text = w.card_that(&said, "plan: team → enterprise").await.text();
        assert!(text.contains("nobody yet"), "{text}");
    });
}

#[test]
fn a_plan_that_no_card_can_show_whole_stands_on_pages_before_anyone_signs() {
    run_story_with(CONFIG, async |w| {
        let tag = "@Backoffice Bot tag everybody as important-customer-of-the-year-2026-platinum-edition";
        let said = w.ana.says(BACKOFFICE, tag).await;
        let text = w.card(&said).await.text();
        assert!(text.contains("100 changes: all of it stands in 4 messages of this thread"), "{text}");
        let answers = w.answers(&said).await;
        assert_eq!(answers.len(), 5, "four pages and the card");
        let shown: usize = answers.iter().map(|answer| answer.text().matches(" → ").count()).sum();
        assert_eq!(shown, 100, "every change, once");
    });
}

#[test]
fn without_a_database_a_plan_that_its_card_cannot_keep_is_refused() {
    run_story_without_database_with((CONFIG, Registry::new()), async |w| {
        let tag = "@Backoffice Bot tag everybody as important-customer-of-the-year-2026-platinum-edition";
        let said = w.ana.says(BACKOFFICE, tag).await;
        let text = w.card(&said).await.text();
        assert!(text.contains("more than one message can show"), "{text}");
    });
}

#[test]
fn nobody_signs_the_end_of_an_argument_unseen() {
    run_story_with(CONFIG, async |w| {
        let note = format!("{} and-give-eve-the-keys", "harmless".repeat(460));
        let said = w.ana.says(BACKOFFICE, &format!("@Backoffice Bot remark on acme {note}")).await;
        let shown = w.card(&said).await.text();
        w.ana.reacts(&said, YES).await;
        w.ben.reacts(&said, YES).await;
        let written = w.value("select note from accounts where subdomain = 'acme'").await.unwrap();
        assert!(shown.contains("eve") || !written.contains("eve"), "{}", shown.len());
    });
}

#[test]
fn a_sentence_draws_no_lines_into_the_card() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, "@Backoffice Bot note on acme hi\n\nSigned\n@ben, @chloe").await;
        let text = w.card(&said).await.text();
        assert!(!text.contains("hi\n\nSigned"), "{text}");
    });
}

#[test]
fn a_customers_name_draws_no_lines_into_the_card() {
    run_story_with(CONFIG, async |w| {
        w.behind_its_back(
            "update accounts set name = 'Acme' || char(10) || 'plan: free → free' where subdomain = 'acme'",
        )
        .await;
        let said = w.ana.says(BACKOFFICE, "@Backoffice Bot upgrade acme").await;
        let text = w.card(&said).await.text();
        assert!(!text.contains("\nplan: free → free"), "{text}");
    });
}

#[test]
fn what_was_claimed_and_never_begun_does_not_run_days_later_against_an_objection() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.fault(json!({"api": [{"method": "reactions.get", "error": "not_now"}]})).await;
        w.ana.reacts(&said, YES).await;
        w.ben.reacts(&said, YES).await;
        w.stop_bot().await;
        // What `kill -9` between `Claimed` and the commit of the work leaves behind.
        let now = w.time();
        let ledger = sqlx::SqlitePool::connect_lazy_with(
            sqlx::sqlite::SqliteConnectOptions::new().filename(beside(w, "ledger.db")),
        );
        let claimed =
            json!({"type": "claimed", "worker": "worker-dead", "fence": 1, "lease_until": now.to_string()});
        sqlx::query(
            "insert into events select operation, seq + 1, ?1, ?2, hash, ?3 from events order by seq desc limit 1",
        )
        .bind(now.to_string())
        .bind(claimed.to_string())
        .bind("ab".repeat(32))
        .execute(&ledger)
        .await
        .unwrap();
        ledger.close().await;
        w.ben.takes_back(&said, YES).await;
        w.ben.reacts(&said, NO).await;
        w.fault(json!({"clear": true})).await;
        w.clock.advance(SignedDuration::from_hours(72));
        w.start_bot().await;
        let text = w.card(&said).await.text();
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"), "{text}");
    });
}

#[test]
fn an_operation_whose_card_is_gone_is_closed() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        let gone = json!({"api": [{"method": "chat.update", "error": "message_not_found", "times": 1000}]});
        w.fault(gone).await;
        w.ben.reacts(&said, NO).await;
        for _ in 0..20 {
            w.later(SignedDuration::from_secs(6)).await;
        }
        let left = w.fault(json!({"clear": false})).await;
        let calls = 1000 - left.pointer("/api/0/times").and_then(serde_json::Value::as_u64).unwrap();
        assert!(calls < 8, "{calls} calls of chat.update in two minutes for one card that is gone");
    });
}

#[test]
fn a_spare_signature_keeps_an_operation_going() {
    run_story(async |w| {
        let said = w.chloe.says(DEVELOPERS, "@Backoffice Bot cycle workers of pool eu-west").await;
        let card = w.card(&said).await;
        w.dmitri.reacts(&said, YES).await;
        w.dmitri.reacts(&card, YES).await;
        w.fault(json!({"api": [{"method": "reactions.get", "error": "not_now"}]})).await;
        w.chloe.reacts(&said, YES).await;
        w.dmitri.takes_back(&card, YES).await;
        w.fault(json!({"clear": true})).await;
        w.later(SignedDuration::from_secs(6)).await;
        let text = w.card(&said).await.text();
        assert!(!text.contains("Missing*\nnobody"), "all have signed and it waits: {text}");
    });
}
