//! The world moves between plan and approval.

use countersign_testkit::{BACKOFFICE, run_story};

use crate::{ACME_PLAN, SET_TRIAL, YES};

#[test]
fn when_the_row_changes_the_votes_are_void_and_both_plans_are_shown() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.behind_its_back("update accounts set plan = 'team' where subdomain = 'acme'").await;
        w.ben.reacts(&said, YES).await;
        let card = w.card(&said).await;
        let text = card.text();
        assert!(text.contains("The plan changed"), "{text}");
        assert!(text.contains("plan: trial → enterprise"), "the old plan: {text}");
        assert!(text.contains("plan: team → enterprise"), "the new plan: {text}");
        assert!(text.contains("nobody yet"), "{text}");
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("team"));

        w.ana.presses(&card, "countersign.sign").await;
        w.ben.takes_back(&said, YES).await;
        w.ben.reacts(&said, YES).await;
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("enterprise"));
    });
}

#[test]
fn a_button_of_the_old_plan_does_not_sign_the_new_one() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.behind_its_back("update accounts set plan = 'team' where subdomain = 'acme'").await;
        w.ben.reacts(&said, YES).await;
        let text = w.card(&said).await.text();
        assert!(text.contains("nobody yet"), "a ✅ from before does not count: {text}");
    });
}

#[test]
fn when_the_row_is_gone_nothing_runs() {
    run_story(async |w| {
        let said = w.ana.says(BACKOFFICE, SET_TRIAL).await;
        w.ana.reacts(&said, YES).await;
        w.behind_its_back("update accounts set subdomain = 'acme-old' where subdomain = 'acme'").await;
        w.ben.reacts(&said, YES).await;
        let text = w.card(&said).await.text();
        assert!(text.contains("There is no account called acme."), "{text}");
        assert_eq!(w.now(&said).await.reactions("x"), ["U0BOT"]);
    });
}
