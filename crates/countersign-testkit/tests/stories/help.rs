//! What each channel offers, and to whom.

use countersign_testkit::{BACKOFFICE, DEVELOPERS, GENERAL, run_story};

#[test]
fn each_channel_has_its_own_help() {
    run_story(async |w| {
        let here = w.ana.says(BACKOFFICE, "@Backoffice Bot help").await;
        let help = w.answer(&here).await;
        assert!(help.contains("set <subdomain> trial remaining to <days> days"), "{help}");
        assert!(help.contains("Set account to be on an Enterprise trial"), "{help}");
        assert!(help.contains("you and one other person"), "{help}");
        assert!(!help.contains("cycle workers"), "{help}");

        let there = w.chloe.says(DEVELOPERS, "<@U0BOT> help").await;
        let help = w.answer(&there).await;
        assert!(help.contains("cycle workers of pool <pool>"), "{help}");
        assert!(help.contains("show diagnostics for <subdomain>"), "{help}");
        assert!(!help.contains("trial remaining"), "{help}");
    });
}

#[test]
fn where_there_is_nothing_help_names_nothing() {
    run_story(async |w| {
        let asked = w.ana.says(GENERAL, "@Backoffice Bot help").await;
        let help = w.answer(&asked).await;
        assert!(help.contains("nothing that you can ask"), "{help}");
        for word in ["trial", "workers", "diagnostics", "backoffice-developers"] {
            assert!(!help.contains(word), "{help}");
        }
    });
}

#[test]
fn a_guest_is_told_of_nothing() {
    run_story(async |w| {
        let asked = w.gus.says(BACKOFFICE, "@Backoffice Bot help").await;
        assert!(!w.answer(&asked).await.contains("trial"));
    });
}

#[test]
fn a_hello_is_answered_and_small_talk_is_not() {
    run_story(async |w| {
        let hello = w.ana.says(BACKOFFICE, "hello <@U0BOT>").await;
        assert!(w.answer(&hello).await.contains("Hello! I am Backoffice Bot."));
        let talk = w.ana.says(BACKOFFICE, "set acme trial remaining to 14 days, shall we?").await;
        assert_eq!(w.answers(&talk).await.len(), 0);
    });
}
