//! Sentences that do not fit, and what they are answered.

use countersign_testkit::{BACKOFFICE, GENERAL, World, run_story};

/// What the bot answers to ana in `#backoffice`.
async fn answer(w: &World, sentence: &str) -> String {
    let said = w.ana.says(BACKOFFICE, &format!("<@U0BOT> {sentence}")).await;
    w.answer(&said).await
}

#[test]
fn a_wrong_argument_is_answered_with_its_place_and_its_rule() {
    run_story(async |w| {
        let many = answer(w, "set acme trial remaining to many days").await;
        assert!(many.contains("At column 29, many: days must be a whole number from 1 to 90"), "{many}");
        assert!(many.contains("set <subdomain> trial remaining to <days> days"), "{many}");
        let more = answer(w, "set acme trial remaining to 91 days").await;
        assert!(more.contains("from 1 to 90"), "{more}");
    });
}

#[test]
fn a_missing_part_is_named() {
    run_story(async |w| {
        let text = answer(w, "set acme trial").await;
        assert!(text.contains("remaining to <days> days"), "{text}");
    });
}

#[test]
fn an_account_that_is_not_there_is_refused_before_anyone_signs() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, "<@U0BOT> set nosuch trial remaining to 7 days").await;
        let card = w.card(&said).await;
        assert!(card.text().contains("There is no account called nosuch."), "{}", card.text());
        assert_eq!(w.now(&said).await.reactions("x"), ["U0BOT"]);
    });
}

#[test]
fn an_unknown_sentence_is_answered_with_what_comes_near() {
    run_story(async |w| {
        let near = answer(w, "set acme trail remaining to 14 days").await;
        assert!(near.contains("set <subdomain> trial remaining to <days> days"), "{near}");
        let far = answer(w, "make me a sandwich").await;
        assert!(far.contains("@Backoffice Bot help"), "{far}");
    });
}

#[test]
fn a_command_of_another_channel_sounds_like_an_unknown_sentence() {
    run_story(async |w| {
        let elsewhere = answer(w, "cycle workers of pool eu-west").await;
        let unknown = answer(w, "make me a sandwich").await;
        assert_eq!(elsewhere, unknown);
        let nearly = answer(w, "cycle workers of pool").await;
        assert_eq!(nearly, unknown);

        let said = w.ana.says(GENERAL, "<@U0BOT> set acme trial remaining to 14 days").await;
        assert_eq!(w.answer(&said).await, unknown);
    });
}

#[test]
fn smart_quotes_dashes_and_spaces_are_read_as_meant() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, "<@U0BOT>\u{a0}note on acme “wants a quote – soon”").await;
        w.ana.reacts(&said, "+1::skin-tone-3").await;
        let note = w.value("select note from accounts where subdomain = 'acme'").await;
        assert_eq!(note.as_deref(), Some("wants a quote - soon"));
    });
}

#[test]
fn a_link_that_slack_made_is_read_as_it_was_typed() {
    run_story(async |w| {
        let text = answer(w, "set acme.example.com trial remaining to 14 days").await;
        assert!(text.contains("acme.example.com"), "{text}");
        assert!(!text.contains("http"), "{text}");
        let said = w.ana.says(BACKOFFICE, "<@U0BOT> note on acme see acme.example.com for more").await;
        w.ana.reacts(&said, "white_check_mark").await;
        let note = w.value("select note from accounts where subdomain = 'acme'").await;
        assert_eq!(note.as_deref(), Some("see acme.example.com for more"));
    });
}

#[test]
fn an_argument_cannot_ping_anyone_or_forge_a_card() {
    run_story(async |w| {
        let said =
            w.ana.says(BACKOFFICE, "<@U0BOT> note on acme &lt;!channel&gt; *bold* `code` <!here> _x_").await;
        let card = w.card(&said).await;
        assert!(card.text().contains("<!channel>"), "shown as text: {}", card.text());
        assert!(!card.fallback().contains("<!"), "{}", card.fallback());
    });
}

#[test]
fn an_edit_does_not_change_what_runs() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, crate::SET_TRIAL).await;
        w.ana.edits(&said, "<@U0BOT> set globex trial remaining to 90 days").await;
        w.ana.reacts(&said, crate::YES).await;
        w.ben.reacts(&said, crate::YES).await;
        assert_eq!(w.value(crate::ACME_PLAN).await.as_deref(), Some("enterprise"));
        let globex = w.value("select plan from accounts where subdomain = 'globex'").await;
        assert_eq!(globex.as_deref(), Some("team"));
        assert_eq!(w.answers(&said).await.len(), 1);
    });
}

#[test]
fn a_deleted_request_goes_on_by_its_card() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, crate::SET_TRIAL).await;
        let card = w.card(&said).await;
        w.ana.deletes(&said).await;
        w.ana.presses(&card, "countersign.sign").await;
        w.ben.presses(&card, "countersign.sign").await;
        assert_eq!(w.value(crate::ACME_PLAN).await.as_deref(), Some("enterprise"));
    });
}

#[test]
fn a_sentence_in_a_thread_is_answered_there() {
    run_story(async |w| {
        let talk = w.ana.says(BACKOFFICE, "acme wants two more weeks").await;
        let said = w.ana.answers(&talk, crate::SET_TRIAL).await;
        let card = w.card(&talk).await;
        assert!(card.text().contains("Waiting for signatures"), "{}", card.text());
        w.ana.reacts(&said, crate::YES).await;
        w.ben.reacts(&card, crate::YES).await;
        assert_eq!(w.value(crate::ACME_PLAN).await.as_deref(), Some("enterprise"));
    });
}
