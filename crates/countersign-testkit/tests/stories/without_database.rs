//! Slack itself is the ledger: the walk, and a restart in each phase.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use countersign::config::Registry;
use countersign_core::operation::Report;
use countersign_core::plan::{Fixed, Plan};
use countersign_core::policy::Permit;
use countersign_engine::ports::{Applied, Run, Runbook, RunbookError};
use countersign_testkit::{
    BACKOFFICE, DEVELOPERS, run_story_without_database, run_story_without_database_with,
};
use jiff::SignedDuration;
use serde_json::json;

use crate::{ACME_PLAN, NO, SET_TRIAL, YES};

/// A story that waits longer than this has failed.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

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

/// Time passes, second by second, until the bot's markers on a message are these: what another process may have in
/// hand is taken up by whoever keeps watch, which nobody waits for.
async fn in_time(w: &countersign_testkit::World, message: &countersign_testkit::Message, markers: &[&str]) {
    for _ in 0..300 {
        if self::markers(w, message).await == markers {
            return;
        }
        w.later(SignedDuration::from_secs(1)).await;
    }
    assert_eq!(self::markers(w, message).await, markers, "it never came to this");
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
        // The mark in the product's database says that nothing was done. Whether all had signed, nobody knows.
        in_time(w, &said, &["eyes", "x"]).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
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
        in_time(w, &said, &["eyes", "gear", "white_check_mark"]).await;
        let least = w.value("select min(generation) || '' from workers where pool = 'eu-west'").await;
        let most = w.value("select max(generation) || '' from workers where pool = 'eu-west'").await;
        assert_eq!(least, most, "each was replaced once");
    });
}

/// Rings a bell. Nobody can tell afterwards whether it rang.
#[derive(Default)]
struct Bell(AtomicU32);

#[async_trait]
impl Runbook for Bell {
    async fn plan(&self, _permit: &Permit, _fixed: &Fixed) -> Result<Plan, RunbookError> {
        Ok(Plan { warnings: vec!["Everybody hears it.".to_owned()], ..Plan::default() })
    }

    async fn apply(&self, _permit: &Permit, _run: Run<'_>) -> Result<Applied, RunbookError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(Applied::Done(Report { summary: "It rang.".to_owned(), table: None }))
    }
}

const BELL: &str = r#"
[bot]
name = "Backoffice Bot"
[access]
users = ["*"]
shared_channels = ["backoffice"]
channels = ["backoffice"]
[channels]
backoffice = "C0BACKOFFICE"
[[command]]
pattern = "ring the bell"
description = "Ring it."
channels = ["backoffice"]
risk = "low"
runbook = "bell"
"#;

#[test]
fn what_nobody_can_tell_apart_is_unknown_and_never_run_again() {
    let bell = Arc::new(Bell::default());
    let runbooks = Registry::from([("bell".to_owned(), Arc::clone(&bell) as Arc<dyn Runbook>)]);
    run_story_without_database_with((BELL, runbooks), async |w| {
        let said = w.ana.says(BACKOFFICE, "@Backoffice Bot ring the bell").await;
        w.later(SignedDuration::from_secs(1)).await;
        w.stop_bot().await;
        // As a process left it that was killed while it applied.
        let gear = json!({"channel": said.channel, "timestamp": said.ts, "name": "gear"});
        w.as_the_bot("reactions.add", gear).await;
        w.start_bot().await;
        w.ana.reacts(&said, YES).await;
        in_time(w, &said, &["eyes", "gear", "question"]).await;
        assert!(w.card(&said).await.text().contains("look whether it was done"));

        // Another start finds it as it was left, and a repeated delivery begins nothing.
        w.stop_bot().await;
        w.start_bot().await;
        w.later(SignedDuration::from_mins(5)).await;
        w.ana.takes_back(&said, YES).await;
        w.ana.reacts(&said, YES).await;
        assert_eq!(markers(w, &said).await, ["eyes", "gear", "question"]);
        assert_eq!(w.answers(&said).await.len(), 1, "one card, edited");
    });
    assert_eq!(bell.0.load(Ordering::SeqCst), 0);
}

#[test]
fn a_card_that_was_deleted_is_let_go_of() {
    let bell = Arc::new(Bell::default());
    let runbooks = Registry::from([("bell".to_owned(), Arc::clone(&bell) as Arc<dyn Runbook>)]);
    run_story_without_database_with((BELL, runbooks), async |w| {
        let said = w.ana.says(BACKOFFICE, "@Backoffice Bot ring the bell").await;
        let card = w.card(&said).await;
        w.as_the_bot("chat.delete", json!({"channel": card.channel, "ts": card.ts})).await;
        w.stop_bot().await;
        w.start_bot().await;
        w.ana.reacts(&said, YES).await;
        w.later(SignedDuration::from_secs(61)).await;
        let told = async {
            while w.answers(&said).await.is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, told).await.expect("its author is told");
        assert!(w.answer(&said).await.contains("Please say the sentence again"));
        assert_eq!(markers(w, &said).await, ["eyes", "x"]);
    });
    assert_eq!(bell.0.load(Ordering::SeqCst), 0);
}
