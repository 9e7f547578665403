//! The IP whitelist.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on fails its test")]

use countersign_testkit::{BACKOFFICE, DEVELOPERS, Message, World, run_story};
use ip_whitelist_manager::domain::{GroupId, Row};
use jiff::SignedDuration;

use crate::YES;

const ADD: &str = "<@U0BOT> whitelist add 203.0.113.7 \u{201c}John\u{2019}s office\u{201d}";
const DAY: i64 = 24;

/// Says a sentence and signs it.
async fn does(w: &World, sentence: &str) -> Message {
    let said = w.chloe.says(DEVELOPERS, sentence).await;
    w.chloe.reacts(&said, YES).await;
    said
}

/// What the bot answers to a sentence.
async fn answer_to(w: &World, sentence: &str) -> String {
    let said = w.chloe.says(DEVELOPERS, &format!("<@U0BOT> whitelist {sentence}")).await;
    w.answer(&said).await
}

fn shared(rules: &[String]) -> &str {
    rules.iter().find(|line| line.starts_with("shared-database")).unwrap()
}

#[test]
fn an_address_is_let_through_to_every_group_of_its_environment() {
    run_story(async |w| {
        let said = w.chloe.says(DEVELOPERS, ADD).await;
        let card = w.card(&said).await.text();
        insta::assert_snapshot!(card, @r#"
        Waiting for signatures
        :writing_hand: whitelist add 203.0.113.7 "John's office" asked by @U0CHLOE

        Let 203.0.113.7/32 through to dev

        what for: nothing → John's office
        until: nothing → 2026-11-27 09:00 UTC


        Security group dev-web (sg-0d0a1b0000000001)

        203.0.113.7/32 port 443: nothing → allowed
        IPv4 rules: 1 of 60 → 2 of 60


        Security group shared-database (sg-0d0a1b0000000004)

        203.0.113.7/32 port 5432: nothing → allowed
        IPv4 rules: 0 of 60 → 1 of 60


        :warning: shared-database (sg-0d0a1b0000000004) is shared by dev, staging: whoever it lets through reaches all of them.

        *Risk*
        low
        *Signed*
        nobody yet
        *Missing*
        <@U0CHLOE>
        *Until*
        <!date^1795168800^{date_short_pretty} {time}|2026-11-20 10:00 UTC>

        Sign with ✅ on this message or on the request, or with the button. Object with ❌. Take a ✅ back and it counts no more.

        [Sign this plan] [Object] [Cancel my request] 
        op_01M7W2Y7M00000000000000004 · plan 38c19c4a
        "#);
        w.chloe.reacts(&said, YES).await;
        let card = w.card(&said).await.text();
        assert!(
            card.contains("203.0.113.7/32 is on the whitelist of dev until 2026-11-27 09:00 UTC."),
            "{card}"
        );
        insta::assert_snapshot!(w.rules().join("\n"), @"
        dev-web: *198.51.100.0/24:443 203.0.113.7/32:443
        staging-web: 
        prod-web: *198.51.100.20/32:443
        shared-database: 203.0.113.7/32:5432
        ");
    });
}

#[test]
fn a_list_says_who_what_for_and_until_when() {
    run_story(async |w| {
        does(w, ADD).await;
        does(w, "<@U0BOT> whitelist add 2001:db8::1 staging for 3h").await;
        does(w, "<@U0BOT> whitelist add 198.51.100.9 for 2d").await;
        let listed = w.chloe.says(DEVELOPERS, "<@U0BOT> whitelist list").await;
        insta::assert_snapshot!(w.answer(&listed).await, @"
        2 networks are on the whitelist of dev.

        network          ends       added by    what for
        ───────────────  ─────────  ──────────  ─────────────
        198.51.100.9/32  in 2 days  Chloe Chen  –
        203.0.113.7/32   in 7 days  Chloe Chen  John's office
        ");
        let mine = w.chloe.says(DEVELOPERS, "<@U0BOT> whitelist mine").await;
        assert!(w.answer(&mine).await.contains("3 entries"));
        let others = w.dmitri.says(DEVELOPERS, "<@U0BOT> whitelist mine").await;
        insta::assert_snapshot!(w.answer(&others).await, @"You have added nothing that is still on a whitelist.");
        w.chloe.types(DEVELOPERS, "/whitelist", "list prod").await;
        let slash = w.chloe.newest(DEVELOPERS).await;
        assert!(w.answer(&slash).await.contains("The whitelist of prod is empty."));
    });
}

#[test]
fn what_may_not_be_let_through_is_refused_with_what_to_do() {
    run_story(async |w| {
        insta::assert_snapshot!(answer_to(w, "add 192.168.1.20").await, @"
        This cannot be done
        :x: whitelist add 192.168.1.20 asked by @U0CHLOE

        192.168.1.20/32 is in 192.168.0.0/16 (private addresses), from which nobody comes over the internet. Look up your public address, for example at https://checkip.amazonaws.com.

        *Risk*
        low
        *Signed*
        nobody yet

        op_01M7W2Y7M00000000000000004
        ");
        insta::assert_snapshot!(answer_to(w, "add 0.0.0.0/0").await, @"
        This cannot be done
        :x: whitelist add 0.0.0.0/0 asked by @U0CHLOE

        0.0.0.0/0 is the whole internet, and is never let through. Give the address or network that is meant.

        *Risk*
        low
        *Signed*
        nobody yet

        op_01M7W2Y7M00000000000000005
        ");
        insta::assert_snapshot!(answer_to(w, "add 999.1.1.1").await, @r#"
        Nearly, but I cannot run that yet. Nothing was changed.

        At column 15, 999.1.1.1: ip must be an IP address or a network, like 203.0.113.7 or 203.0.113.0/24


        Usage: whitelist add <ip> ["<description>"] [<environment>] [for <duration>]
        For example: whitelist add 203.0.113.7 "John office IP"
        "#);
        insta::assert_snapshot!(answer_to(w, "add 203.0.113.7 for 90d").await, @"
        This cannot be done
        :x: whitelist add 203.0.113.7 for 90d asked by @U0CHLOE

        An entry lasts from 1 hour to 30 days. Ask for a time between them, and extend it when it ends.

        *Risk*
        low
        *Signed*
        nobody yet

        op_01M7W2Y7M00000000000000006
        ");
        insta::assert_snapshot!(answer_to(w, "add my ip").await, @r#"Slack does not tell me your address. Open https://checkip.amazonaws.com on the network that is to be let through, and say `whitelist add` with the address that it shows, like `whitelist add 203.0.113.7 "my desk"`."#);
        insta::assert_snapshot!(answer_to(w, "remove 203.0.113.7").await, @"
        This cannot be done
        :x: whitelist remove 203.0.113.7 asked by @U0CHLOE

        203.0.113.7/32 is not on the whitelist of dev. `whitelist list dev` shows what is.

        *Risk*
        low
        *Signed*
        nobody yet

        op_01M7W2Y7M00000000000000008
        ");
        let elsewhere = w.ana.says(BACKOFFICE, ADD).await;
        let answer = w.answer(&elsewhere).await;
        assert!(!answer.contains("whitelist"), "it is not shown where it may not be said: {answer}");
        assert!(w.rules().iter().all(|line| !line.contains("203.0.113")), "{:?}", w.rules());
    });
}

#[test]
fn twice_is_once() {
    run_story(async |w| {
        does(w, ADD).await;
        let again = w.dmitri.says(DEVELOPERS, ADD).await;
        insta::assert_snapshot!(w.answer(&again).await, @r#"
        This cannot be done
        :x: whitelist add 203.0.113.7 "John's office" asked by @U0DMITRI

        203.0.113.7/32 is on the whitelist of dev already for 7 days more. To make it last longer, say `whitelist extend 203.0.113.7 dev`.

        *Risk*
        low
        *Signed*
        nobody yet

        op_01M7W2Y7M00000000000000005
        "#);
    });
}

#[test]
fn a_wide_network_needs_somebody_else() {
    run_story(async |w| {
        let said = does(w, "<@U0BOT> whitelist add 198.18.0.0/15").await;
        assert!(w.answer(&said).await.contains("benchmarks"));
        let said = does(w, "<@U0BOT> whitelist add 8.8.0.0/16 \"a provider\" prod").await;
        let card = w.card(&said).await.text();
        assert!(card.contains("one other person"), "{card}");
        assert!(w.rules().iter().all(|line| !line.contains("8.8.0.0")));
        w.dmitri.reacts(&said, YES).await;
        assert!(w.card(&said).await.text().contains("8.8.0.0/16 is on the whitelist of prod"));
        w.account_works().await;
        assert!(w.rules().iter().any(|line| line.contains("8.8.0.0/16:443")));
        let longer = does(w, "<@U0BOT> whitelist extend 8.8.0.0/16 prod by 1d").await;
        let card = w.card(&longer).await.text();
        assert!(card.contains("one other person"), "{card}");
    });
}

#[test]
fn a_group_without_room_is_said_before_anything_is_written() {
    run_story(async |w| {
        let web = GroupId::new("sg-0d0a1b0000000002");
        for number in 0..60 {
            w.account.firewall.add_foreign(&web, (format!("8.8.4.{number}/32").parse().unwrap(), 443));
        }
        let said = w.chloe.says(DEVELOPERS, "<@U0BOT> whitelist add 203.0.113.7 staging").await;
        insta::assert_snapshot!(w.answer(&said).await, @"
        This cannot be done
        :x: whitelist add 203.0.113.7 staging asked by @U0CHLOE

        The security group staging-web (sg-0d0a1b0000000002) has no room: 60 IPv4 rules and 0 IPv6 rules of 60 each. Remove entries that are not needed, or ask AWS for a higher quota.

        *Risk*
        low
        *Signed*
        nobody yet

        op_01M7W2Y7M00000000000000004
        ");
        assert!(w.account.table.rows().is_empty());
    });
}

#[test]
fn people_are_told_a_day_before_and_a_button_extends() {
    run_story(async |w| {
        does(w, "<@U0BOT> whitelist add 203.0.113.7 \"the office\" for 3d").await;
        w.later(SignedDuration::from_hours(2 * DAY)).await;
        w.account_works().await;
        let notice = w.chloe.newest(DEVELOPERS).await;
        insta::assert_snapshot!(notice.text(), @"
        @U0CHLOE: 203.0.113.7/32 is let through to dev until 2026-11-23 09:00 UTC only. the office. Added by Chloe Chen.

        [Extend] 
        Or say `whitelist extend 203.0.113.7/32 dev` with a time of your own, like `by 3d`
        ");
        w.chloe.presses(&notice, "countersign.say").await;
        let root = w.chloe.newest(DEVELOPERS).await;
        let card = w.card(&root).await.text();
        assert!(card.contains("2026-11-23 09:00 UTC") && card.contains("2026-11-30 09:00 UTC"), "{card}");
        w.chloe.reacts(&root, YES).await;
        assert!(w.card(&root).await.text().contains("stays on the whitelist of dev until 2026-11-30"));
    });
}

#[test]
fn what_is_over_is_shut_and_told_and_an_extension_at_the_last_second_wins() {
    run_story(async |w| {
        does(w, "<@U0BOT> whitelist add 203.0.113.7 for 2h").await;
        does(w, "<@U0BOT> whitelist add 203.0.113.8 for 2h").await;
        w.later(SignedDuration::from_secs(2 * 3600 - 10)).await;
        does(w, "<@U0BOT> whitelist extend 203.0.113.8 by 1h").await;
        w.later(SignedDuration::from_secs(20)).await;
        w.account_works().await;
        let rules = w.rules().join("\n");
        assert!(!rules.contains("203.0.113.7") && rules.contains("203.0.113.8"), "{rules}");
        insta::assert_snapshot!(w.chloe.newest(DEVELOPERS).await.text(), @"203.0.113.7/32 is not let through to dev any more: its time is over. Added by Chloe Chen.");
    });
}

#[test]
fn a_row_by_hand_is_followed_and_a_bad_one_is_told() {
    run_story(async |w| {
        let now = w.time().as_second();
        let row = |ip_address: &str| Row {
            ip_address: ip_address.to_owned(),
            environment: "dev".to_owned(),
            description: Some("<!channel> by hand".to_owned()),
            added_at: Some(now),
            expires_at: Some(now + 3600),
            ..Row::default()
        };
        w.account.table.put(row("1.2.3.4/32"));
        w.account_works().await;
        let told = w.chloe.newest(DEVELOPERS).await.text();
        assert!(told.contains("1.2.3.4/32 is let through to dev"), "{told}");
        w.account.table.put(row("10.0.0.1/32"));
        w.account_works().await;
        let told = w.chloe.newest(DEVELOPERS).await.text();
        assert!(told.contains("not let through") && told.contains("private addresses"), "{told}");
        assert!(w.rules().iter().all(|line| !line.contains("10.0.0.1")));
    });
}

#[test]
fn what_drifted_apart_is_shown_and_repaired() {
    run_story(async |w| {
        does(w, ADD).await;
        let nothing = w.chloe.says(DEVELOPERS, "<@U0BOT> whitelist sync").await;
        assert!(w.answer(&nothing).await.contains("There is nothing to do."));
        let (group, rules) = w.account.firewall.snapshot().remove(3);
        w.account.firewall.remove_rule(&group.id, &rules.list[0].id);
        let said = w.chloe.says(DEVELOPERS, "<@U0BOT> whitelist sync").await;
        let card = w.card(&said).await.text();
        assert!(card.contains("shared-database") && card.contains("203.0.113.7/32"), "{card}");
        w.chloe.reacts(&said, YES).await;
        assert!(w.card(&said).await.text().contains("1 rule added, 0 rules taken away in dev."));
        assert!(shared(&w.rules()).contains("203.0.113.7/32"));
    });
}

#[test]
fn a_removed_address_stays_where_another_environment_wants_it() {
    run_story(async |w| {
        does(w, ADD).await;
        does(w, "<@U0BOT> whitelist add 203.0.113.7 staging").await;
        let said = w.chloe.says(DEVELOPERS, "<@U0BOT> whitelist remove 203.0.113.7 dev").await;
        insta::assert_snapshot!(w.card(&said).await.text(), @"
        Waiting for signatures
        :writing_hand: whitelist remove 203.0.113.7 dev asked by @U0CHLOE

        Take 203.0.113.7/32 off the whitelist of dev

        until: 2026-11-27 09:00 UTC → nothing


        Security group dev-web (sg-0d0a1b0000000001)

        203.0.113.7/32 port 443: allowed → nothing
        IPv4 rules: 2 of 60 → 1 of 60


        :warning: Connections that are open stay open until they end by themselves.

        *Risk*
        low
        *Signed*
        nobody yet
        *Missing*
        <@U0CHLOE>
        *Until*
        <!date^1795168800^{date_short_pretty} {time}|2026-11-20 10:00 UTC>

        Sign with ✅ on this message or on the request, or with the button. Object with ❌. Take a ✅ back and it counts no more.

        [Sign this plan] [Object] [Cancel my request] 
        op_01M7W2Y7M00000000000000006 · plan 1ff4cf0d
        ");
        w.chloe.reacts(&said, YES).await;
        let card = w.card(&said).await.text();
        assert!(
            card.contains("off the whitelist of dev") && card.contains("Connections that are open"),
            "{card}"
        );
        assert!(shared(&w.rules()).contains("203.0.113.7/32"), "{:?}", w.rules());
    });
}
