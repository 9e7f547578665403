//! Slash commands: the same sentences, typed in another way.

use countersign_testkit::{BACKOFFICE, BOT, GENERAL, run_story};
use serde_json::json;

use crate::{ACME_PLAN, YES};

#[test]
fn a_slash_command_is_said_in_the_channel_and_signed_like_any_other() {
    run_story(async |w| {
        w.ana.types(BACKOFFICE, "/set", "acme trial remaining to 14 days").await;
        let root = w.ana.history(BACKOFFICE).await.into_iter().next().unwrap();
        assert_eq!(root.user(), BOT);
        assert!(root.text().contains("@U0ANA ran /set acme trial remaining to 14 days"), "{}", root.text());
        w.ana.reacts(&root, YES).await;
        w.ben.reacts(&root, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
        let card = w.card(&root).await.text();
        assert!(card.contains("Done") && card.contains("asked by @U0ANA"), "{card}");
    });
}

#[test]
fn a_wrong_slash_command_is_answered_to_its_caller_alone() {
    run_story(async |w| {
        w.ana.types(BACKOFFICE, "/set", "acme trial remaining to many days").await;
        let told = w.whispers(&w.ana, BACKOFFICE);
        assert!(told.iter().any(|words| words.contains("days must be a whole number")), "{told:?}");
        assert!(w.ana.history(BACKOFFICE).await.is_empty());
        assert!(w.whispers(&w.ben, BACKOFFICE).is_empty());
    });
}

#[test]
fn a_slash_command_of_another_channel_is_unknown() {
    run_story(async |w| {
        w.ana.types(GENERAL, "/set", "acme trial remaining to 14 days").await;
        let told = w.whispers(&w.ana, GENERAL);
        assert!(told.iter().any(|words| words.contains("I do not know that sentence here")), "{told:?}");
    });
}

#[test]
fn where_the_bot_is_not_it_asks_to_be_invited() {
    run_story(async |w| {
        w.fault(json!({"api": [{"method": "chat.postMessage", "error": "not_in_channel"}]})).await;
        w.ana.types(BACKOFFICE, "/set", "acme trial remaining to 14 days").await;
        let told = w.whispers(&w.ana, BACKOFFICE);
        assert!(told.iter().any(|words| words.contains("Type /invite @Backoffice Bot")), "{told:?}");
        assert!(w.ana.history(BACKOFFICE).await.is_empty());
    });
}
