//! What Slack brings beside sentences and votes: homes, invitations, shared channels, user groups.

use countersign_testkit::{BACKOFFICE, DEVELOPERS, run_story, run_story_with};
use jiff::SignedDuration;
use serde_json::json;

use crate::{ACME_PLAN, SET_TRIAL, YES};

/// The demo's configuration with one line instead of another.
fn demo_with(line: &str, instead: &str) -> String {
    let demo = countersign::dev::DEMO_CONFIG;
    assert!(demo.contains(line), "the demo has {line:?}");
    demo.replace(line, instead)
}

#[test]
fn a_home_shows_what_waits_for_a_person_and_what_they_may_ask_for() {
    run_story(async |w| {
        w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ben.opens_home().await;
        let home = w.home(&w.ben);
        assert!(home.contains("set acme trial remaining to 14 days") && home.contains("U0ANA"), "{home}");
        assert!(!home.contains("cycle workers"), "nothing of a channel that he is not in: {home}");
        w.gus.opens_home().await;
        let home = w.home(&w.gus);
        assert!(home.contains("Nothing yet") && !home.contains("acme"), "{home}");
    });
}

#[test]
fn in_a_channel_shared_with_others_nothing_is_done_unless_that_is_meant() {
    let config = demo_with("shared_channels = [\"backoffice\"]\n", "");
    run_story_with(&config, async |w| {
        for sentence in [SET_TRIAL, "<@U0BOT> help"] {
            let said = w.ana.says(BACKOFFICE, sentence).await;
            let answer = w.answer(&said).await;
            assert!(answer.contains("This channel is shared with another organisation"), "{answer}");
        }
    });
}

#[test]
fn a_user_group_is_asked_for_its_members() {
    let config = demo_with("support = [\"U0ANA\", \"U0BEN\"]", "support = { usergroup = \"S0SUPPORT\" }");
    run_story_with(&config, async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.ben.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
    });
}

#[test]
fn plain_sentences_are_heard_where_the_bot_listens_and_nowhere_else() {
    let plain = SET_TRIAL.trim_start_matches("@Backoffice Bot ");
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, plain).await;
        assert!(w.answers(&said).await.is_empty());
    });
    let config = demo_with("[channels]", "listen = [\"backoffice\"]\n\n[channels]");
    run_story_with(&config, async |w| {
        let said = w.ana.says(BACKOFFICE, plain).await;
        assert!(w.card(&said).await.text().contains("Waiting for signatures"));
        let small_talk = w.ana.says(BACKOFFICE, "good morning").await;
        assert!(w.answers(&small_talk).await.is_empty());
    });
}

#[test]
fn a_guest_whom_the_configuration_names_counts() {
    let config = demo_with("[channels]", "also = [\"U0GUS\"]\n\n[channels]")
        .replace("support = [\"U0ANA\", \"U0BEN\"]", "support = [\"U0ANA\", \"U0BEN\", \"U0GUS\"]");
    run_story_with(&config, async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.gus.reacts(&said, YES).await;
        w.ana.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
    });
}

#[test]
fn an_objection_by_button_asks_for_its_reason_and_shows_it() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        let card = w.card(&said).await;
        w.ben.presses(&card, "countersign.object").await;
        let view = w.open_view(&w.ben);
        assert!(w.card(&said).await.text().contains("objected"), "it is stopped before anything is typed");
        w.ben.fills_in(&view, json!({"answer": "acme asked us to wait"})).await;
        let text = w.card(&said).await.text();
        assert!(text.contains("Why: Acme asked us to wait."), "{text}");
    });
}

#[test]
fn a_reminder_comes_after_ten_minutes_and_another_after_thirty() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        let reminders = async || {
            let answers = w.answers(&said).await;
            answers.iter().filter(|answer| answer.text().contains("Still waiting for")).count()
        };
        w.later(SignedDuration::from_mins(9)).await;
        assert_eq!(reminders().await, 0);
        w.later(SignedDuration::from_mins(2)).await;
        assert_eq!(reminders().await, 1);
        w.stop_bot().await;
        w.start_bot().await;
        assert_eq!(reminders().await, 1, "a restart repeats nothing");
        w.later(SignedDuration::from_mins(20)).await;
        assert_eq!(reminders().await, 2);
        w.later(SignedDuration::from_mins(28)).await;
        assert_eq!(reminders().await, 2);
    });
}

#[test]
fn a_card_is_drawn_once_a_second() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ben.reacts(&said, YES).await;
        let text = w.card_now(&said).await.text();
        assert!(text.contains("nobody yet"), "the card was drawn in this very second: {text}");
        let text = w.card(&said).await.text();
        assert!(!text.contains("nobody yet") && text.contains("U0BEN"), "a second later: {text}");
    });
}

#[test]
fn who_left_the_channel_has_not_signed() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ben.reacts(&said, YES).await;
        w.administer("kick", json!({"channel": BACKOFFICE, "user": "U0BEN"})).await;
        w.ana.reacts(&said, YES).await;
        let card = w.card(&said).await.text();
        assert!(card.contains("Waiting for signatures"), "{card}");
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
    });
}

#[test]
fn a_channel_that_becomes_shared_refuses_votes_at_once() {
    let config = demo_with("shared_channels = [\"backoffice\"]\n", "");
    run_story_with(&config, async |w| {
        let channel = json!({"channel": DEVELOPERS, "with": "T0OTHER"});
        let said = w.chloe.says(DEVELOPERS, "<@U0BOT> cycle workers of pool eu-west").await;
        w.chloe.reacts(&said, YES).await;
        w.administer("share_channel", channel).await;
        w.dmitri.reacts(&said, YES).await;
        let card = w.card(&said).await.text();
        assert!(card.contains("Waiting for signatures"), "{card}");
        let told = w.whispers(&w.dmitri, DEVELOPERS).join(" ");
        assert!(told.contains("This channel is shared with another organisation"), "{told}");
    });
}

#[test]
fn the_bot_says_who_it_is_when_it_is_brought_into_a_channel() {
    run_story(async |w| {
        w.administer("kick", json!({"channel": "C0GENERAL", "user": "U0BOT"})).await;
        w.ana.invites("U0BOT", "C0GENERAL").await;
        let said = w.ana.history("C0GENERAL").await;
        let first = said.iter().find(|message| message.user() == "U0BOT").map(|message| message.text());
        let first = first.unwrap_or_default();
        let expected = "There is nothing that you can ask Backoffice Bot for in this channel";
        assert!(first.contains(expected), "{first}");
    });
}
