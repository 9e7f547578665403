use countersign_core::ids::UserId;
use proptest::prelude::*;

use super::*;

#[test]
fn tokens_become_plain_text() {
    for (slack, text) in [
        ("hello", "hello"),
        ("ask <@U123>", "ask <@U123>"),
        ("ask <@W123|ana>", "ask <@W123>"),
        ("in <#C123|backoffice> or <#C9|>", "in <#C123> or <#C9>"),
        ("<http://acme.example.com|acme.example.com>", "acme.example.com"),
        ("<https://acme.example.com/|acme.example.com>", "acme.example.com"),
        ("<http://x.io|http://x.io>", "http://x.io"),
        ("<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2"),
        ("<https://evil.example|acme.example.com>", "https://evil.example"),
        ("<mailto:a@b.io|a@b.io>", "a@b.io"),
        ("<mailto:a@b.io>", "a@b.io"),
        ("<tel:5551234|5551234>", "5551234"),
        ("<!subteam^S1|@sre> <!subteam^S1|sre> <!subteam^S1>", "@sre @sre @S1"),
        ("<!here> <!channel|@channel> <!everyone>", "@here @channel @everyone"),
        ("<!date^1392734382^{date}^https://example.com/|Feb 18, 2014>", "Feb 18, 2014"),
        ("<!unheard-of|label> <!unheard-of>", "label unheard-of"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;@U1&amp;gt;", "&lt;@U1&gt;"),
        ("1 < 2", "1 < 2"),
        ("<> <@> <nothing>", "<> <@> <nothing>"),
        ("<a <@U1>", "<a <@U1>"),
    ] {
        assert_eq!(plain(slack), text, "{slack}");
    }
}

#[test]
fn the_mention_at_the_front_goes() {
    let bot = UserId::new("UBOT");
    for slack in
        ["<@UBOT> help", " <@UBOT|bot>:  help", "<@UBOT>, help", "<@UBOT> `help`", "<@UBOT> ```\nhelp\n```"]
    {
        let read = address(slack, &bot);
        assert_eq!((read.text.as_str(), read.mention), ("help", Mention::Leading), "{slack}");
    }
}

#[test]
fn a_mention_elsewhere_goes_too_but_others_stay() {
    let bot = UserId::new("UBOT");
    let read = address("ask <@U1> to help <@UBOT> now", &bot);
    assert_eq!(read, Addressed { text: "ask <@U1> to help now".into(), mention: Mention::Elsewhere });
    let read = address("<@UBOT> who is <@UBOT>", &bot);
    assert_eq!(read, Addressed { text: "who is <@UBOT>".into(), mention: Mention::Leading });
    let read = address("help <@U1>", &bot);
    assert_eq!(read, Addressed { text: "help <@U1>".into(), mention: Mention::Absent });
}

#[test]
fn a_typed_mention_is_no_mention() {
    let read = address("&lt;@UBOT&gt; help", &UserId::new("UBOT"));
    assert_eq!(read.mention, Mention::Absent);
}

#[test]
fn backticks_go_only_around_the_whole_sentence() {
    let bot = UserId::new("UBOT");
    for (slack, text) in [
        ("`set acme`", "set acme"),
        ("`set` acme `now`", "`set` acme `now`"),
        ("set `acme`", "set `acme`"),
        ("`", "`"),
        ("```", "```"),
    ] {
        assert_eq!(address(slack, &bot).text, text, "{slack}");
    }
}

proptest! {
    #[test]
    fn escaping_comes_back_as_it_was(text in "\\PC{0,60}") {
        prop_assert_eq!(plain(&escape(&text)), text);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[<>@#!|^&;:`a-zU ]{0,40}") {
        let _ = address(&text, &UserId::new("U"));
    }

    #[test]
    fn escaped_text_holds_no_token(text in ".{0,60}") {
        prop_assert!(!escape(&text).contains(['<', '>']));
    }
}
