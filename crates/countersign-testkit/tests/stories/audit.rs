//! The audit trail's checkpoints, and who remembers them.

use countersign::dev::DEMO_CONFIG;
use countersign_core::audit::Checkpoint;
use countersign_testkit::{BACKOFFICE, GENERAL, Message, World, run_story, run_story_with};
use jiff::SignedDuration;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Executor as _};

use crate::{ACME_PLAN, SET_TRIAL, YES};

const WITNESSES: &str = r#"
[audit]
checkpoint_channel = "general"
checkpoint_file = "checkpoints.jsonl"

[channels]
general = "C0GENERAL"
"#;

/// The checkpoints in the file.
fn kept(world: &World) -> Vec<Checkpoint> {
    let text = std::fs::read_to_string(world.file("checkpoints.jsonl")).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// What the channel says of checkpoints, the newest first.
async fn posted(world: &World) -> Vec<String> {
    let said = world.ana.history(GENERAL).await;
    said.iter().map(Message::text).filter(|text| text.starts_with("Audit checkpoint ")).collect()
}

#[test]
fn checkpoints_are_kept_in_a_file_and_posted_to_a_channel() {
    run_story_with(&DEMO_CONFIG.replace("\n[channels]\n", WITNESSES), async |w| {
        let request = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.while_time_passes(async {
            while kept(w).is_empty() {
                tokio::task::yield_now().await;
            }
        })
        .await;
        w.ana.reacts(&request, YES).await;
        w.ben.reacts(&request, YES).await;
        assert!(w.card(&request).await.text().contains("Done"));
        w.stop_bot().await;

        let kept = kept(w);
        let mut last = None;
        for checkpoint in &kept {
            assert!(checkpoint.follows(last), "{checkpoint:?}");
            last = Some(checkpoint);
        }
        let newest = last.unwrap();
        assert_eq!(newest.heads.len(), 1);
        assert!(newest.heads[0].seq > kept[0].heads[0].seq, "what was done since is sealed at the end");
        let posted = posted(w).await;
        let copied = format!("{}:{}", newest.number, newest.hash);
        assert!(posted.first().is_some_and(|said| said.contains(&copied)), "{posted:?}");
    });
}

#[test]
fn what_cannot_be_written_does_not_happen() {
    run_story(async |w| {
        let request = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        let ledger = SqliteConnectOptions::new().filename(w.file("ledger.db"));
        let mut ledger = ledger.connect().await.unwrap();
        let refuse = "create trigger full before insert on events when new.body like '%\"claimed\"%' \
                      begin select raise(abort, 'the disk is full'); end";
        ledger.execute(refuse).await.unwrap();
        w.ana.reacts(&request, YES).await;
        w.ben.reacts(&request, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"), "no claim, no work");

        ledger.execute("drop trigger full").await.unwrap();
        w.later(SignedDuration::from_mins(5)).await;
        assert!(w.card(&request).await.text().contains("Done"));
        assert_eq!(
            w.value(ACME_PLAN).await.as_deref(),
            Some("enterprise"),
            "once it can be written, it is done"
        );
    });
}
