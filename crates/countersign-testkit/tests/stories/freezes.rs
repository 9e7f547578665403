//! Times in which something is not to be changed.

use countersign_testkit::{BACKOFFICE, DEVELOPERS, Message, World, run_story, run_story_with};
use jiff::SignedDuration;

use crate::{ACME_PLAN, SET_TRIAL, YES};

const FREEZE: &str = "<@U0BOT> freeze pool eu-west for 2h because the release is on its way";
const CYCLE: &str = "<@U0BOT> cycle workers of pool eu-west";

/// The demo with a freeze of everything, over these days of the calendar, and what it asks for.
fn frozen(from_until: &str, others: &str) -> String {
    let window = format!("[[freeze]]\nwhat = [\"*\"]\n{from_until}\nreason = \"the holidays\"\n{others}\n\n");
    countersign::dev::DEMO_CONFIG.replacen("[[command]]", &format!("{window}[[command]]"), 1)
}

#[test]
fn a_frozen_pool_needs_one_more_signature() {
    run_story(async |w| {
        freeze(w).await;
        let said = w.chloe.says(DEVELOPERS, CYCLE).await;
        let card = w.card(&said).await.text();
        assert!(card.contains("pool eu-west") && card.contains("The release is on its way."), "{card}");
        assert!(card.contains("2 other people"), "{card}");
        w.chloe.reacts(&said, YES).await;
        w.dmitri.reacts(&said, YES).await;
        assert!(w.card(&said).await.text().contains("one other person"));

        let other = w.chloe.says(DEVELOPERS, "<@U0BOT> cycle workers of pool us-west").await;
        let card = w.card(&other).await.text();
        assert!(card.contains("one other person") && !card.contains("Frozen"), "{card}");

        let listed = w.chloe.says(DEVELOPERS, "<@U0BOT> list freezes").await;
        assert!(w.answer(&listed).await.contains("pool eu-west"));
        w.later(SignedDuration::from_hours(2)).await;
        let listed = w.chloe.says(DEVELOPERS, "<@U0BOT> list freezes").await;
        assert!(w.answer(&listed).await.contains("Nothing is frozen by hand."));
    });
}

#[test]
fn what_is_frozen_after_it_was_asked_for_does_not_run() {
    run_story(async |w| {
        let said = w.chloe.says(DEVELOPERS, CYCLE).await;
        w.chloe.reacts(&said, YES).await;
        freeze(w).await;
        w.dmitri.reacts(&said, YES).await;
        let card = w.card(&said).await.text();
        assert!(card.contains("Frozen until"), "{card}");
        assert!(card.contains("This cannot be done"), "{card}");
        let generations =
            w.value("select group_concat(generation) from workers where pool = 'eu-west'").await;
        assert_eq!(generations.as_deref(), Some("1,1,1,1"));
    });
}

#[test]
fn a_thawed_pool_is_as_before() {
    run_story(async |w| {
        freeze(w).await;
        let thaw = w.dmitri.says(DEVELOPERS, "<@U0BOT> thaw pool eu-west").await;
        w.dmitri.reacts(&thaw, YES).await;
        assert!(w.card(&thaw).await.text().contains("not frozen by hand any more"));
        let said = w.chloe.says(DEVELOPERS, CYCLE).await;
        assert!(w.card(&said).await.text().contains("one other person"));
        let again = w.dmitri.says(DEVELOPERS, "<@U0BOT> thaw pool eu-west").await;
        assert!(w.card(&again).await.text().contains("Nothing to end"));
    });
}

#[test]
fn the_calendar_freezes_everything_that_changes_something() {
    // Every story begins on a Friday, at nine in the morning (UTC).
    run_story_with(&frozen("from = \"Fri 08:00\"\nuntil = \"Mon 08:00\"", ""), async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        let answer = w.answer(&said).await;
        assert!(answer.contains("Frozen until 2026-11-23 08:00 UTC: everything. The holidays."), "{answer}");
        let read = w.ana.says(BACKOFFICE, "<@U0BOT> show account acme").await;
        assert!(w.answer(&read).await.contains("Account acme"), "reading goes on");
        w.later(SignedDuration::from_hours(24 * 3)).await;
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.ben.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
    });
}

#[test]
fn a_freeze_that_begins_before_the_last_signature_counts() {
    let soon = frozen("from = \"2026-11-20 09:30\"\nuntil = \"2026-11-20 12:00\"", "others = 1");
    run_story_with(&soon, async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.later(SignedDuration::from_mins(31)).await;
        w.ben.reacts(&said, YES).await;
        assert!(w.card(&said).await.text().contains("Frozen until"));
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
    });
}

#[test]
fn a_standing_freeze_is_not_weakened_by_another_one() {
    run_story(async |w| {
        freeze(w).await;
        let shorter =
            w.dmitri.says(DEVELOPERS, "<@U0BOT> freeze pool eu-west for 1s because I want to").await;
        assert!(w.card(&shorter).await.text().contains("End it first"));
        let longer =
            w.dmitri.says(DEVELOPERS, "<@U0BOT> freeze pool eu-west for 3h because it takes longer").await;
        w.dmitri.reacts(&longer, YES).await;
        assert!(w.card(&longer).await.text().contains("frozen until 2026-11-20 12:00 UTC"));
    });
}

#[test]
fn a_credential_in_the_reason_of_a_freeze_is_written_nowhere() {
    run_story(async |w| {
        let token = token();
        let why = format!("<@U0BOT> freeze pool eu-west for 2h because the token {token} is known");
        let said = w.chloe.says(DEVELOPERS, &why).await;
        w.chloe.reacts(&said, YES).await;
        let card = w.card(&said).await.text();
        assert!(card.contains("Done") && !card.contains(&token), "{card}");
        let listed = w.chloe.says(DEVELOPERS, "<@U0BOT> list freezes").await;
        let listed = w.answer(&listed).await;
        assert!(listed.contains("token ••• is known") && !listed.contains(&token), "{listed}");
        let frozen = w.freezes().await;
        assert!(frozen.contains("token ••• is known") && !frozen.contains(&token), "{frozen}");
    });
}

#[test]
fn a_credential_in_the_reason_of_the_calendar_is_not_written_into_what_is_asked_for() {
    let why = format!("the token {} is known", token());
    let window = frozen("from = \"Fri 08:00\"\nuntil = \"Mon 08:00\"", "others = 1");
    run_story_with(&window.replace("the holidays", &why), async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        let card = w.card(&said).await.text();
        assert!(card.contains("The token ••• is known.") && !card.contains(&token()), "{card}");
    });
}

/// Put together here, so that no scanner of sources takes this file for a leak.
fn token() -> String {
    ["xoxb", "-1234567890-abcdefghij"].concat()
}

/// Chloe freezes the pool.
async fn freeze(w: &World) -> Message {
    let said = w.chloe.says(DEVELOPERS, FREEZE).await;
    w.chloe.reacts(&said, YES).await;
    let card = w.card(&said).await.text();
    assert!(card.contains("pool eu-west is frozen until 2026-11-20 11:00 UTC."), "{card}");
    said
}
