//! The bot stops and starts again in the middle.

use countersign_testkit::{BACKOFFICE, run_story};

use crate::{ACME_PLAN, SET_TRIAL, YES};

#[test]
fn an_open_operation_survives_a_restart() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
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
fn what_happens_while_it_is_down_is_heard_later() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.stop_bot().await;
        w.ana.reacts(&said, YES).await;
        w.ben.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
        w.start_bot().await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
    });
}

#[test]
fn a_signature_taken_back_while_it_is_down_does_not_count() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ben.reacts(&said, YES).await;
        w.stop_bot().await;
        w.ben.takes_back(&said, YES).await;
        w.start_bot().await;
        w.ana.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
    });
}

#[test]
fn a_finished_operation_stays_finished() {
    run_story(async |w| {
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
