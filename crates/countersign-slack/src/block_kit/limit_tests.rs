//! What holds for every reply, whatever people typed into it.

use countersign_core::ids::{ChannelId, UserId};
use countersign_core::reply::{Button, Span, Style, actions};
use countersign_engine::ports::Dialog;
use jiff::Timestamp;
use proptest::prelude::*;

use super::*;

/// Text as somebody would type it who wants to break out.
fn typed() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        "<!channel>",
        "<@U9>",
        "<https://evil.example|acme>",
        "`",
        "```",
        "*",
        "_",
        "~",
        ":x:",
        "&lt;",
        "&",
        "\n>",
        "\u{202E}",
        "\0",
        "😀",
        "https://evil.example",
        " ",
        "acme",
        "@here",
        "#general",
        "<#C9|x>",
        "<!subteam^S1>",
        "<!here|x>",
        "<mailto:a@evil.example>",
        "&amp;lt;!channel&amp;gt;",
        "\u{2060}",
        "\u{200d}",
        "\r",
        "|",
        ">",
        "<",
        "!",
    ]);
    let short = prop::collection::vec(nasty, 0..8).prop_map(|parts| parts.concat());
    let anything = prop::collection::vec(any::<char>(), 0..200).prop_map(String::from_iter);
    prop_oneof![8 => short.clone(), 2 => anything, 1 => "\\s{0,9}", 1 => (short, 1_usize..60).prop_map(|(text, n)| text.repeat(n))]
}

fn span() -> impl Strategy<Value = Span> {
    prop_oneof![
        typed().prop_map(Span::Text),
        typed().prop_map(Span::Bold),
        typed().prop_map(Span::Code),
        prop_oneof![Just("U1".to_owned()), typed()].prop_map(|id| Span::Person(UserId::new(id))),
        prop_oneof![Just("C1".to_owned()), typed()].prop_map(|id| Span::Channel(ChannelId::new(id))),
        (0_i64..4_000_000_000).prop_map(|s| Span::Time(Timestamp::from_second(s).unwrap())),
        Just(Span::Emoji("eyes")),
    ]
}

fn spans() -> impl Strategy<Value = Vec<Span>> {
    prop::collection::vec(span(), 0..6)
}

fn button() -> impl Strategy<Value = Button> {
    (prop::sample::select(vec![actions::SIGN, actions::OBJECT]), typed(), typed())
        .prop_map(|(action, label, value)| Button { action, label, value, style: Style::Primary })
}

fn block() -> impl Strategy<Value = Block> {
    prop_oneof![
        typed().prop_map(Block::Heading),
        spans().prop_map(Block::Text),
        (prop::collection::vec(spans(), 0..3), 1_usize..60)
            .prop_map(|(lines, n)| Block::List(repeated(&lines, n))),
        prop::collection::vec((typed(), spans()), 0..13).prop_map(Block::Fields),
        (
            prop::collection::vec(typed(), 0..4),
            prop::collection::vec(prop::collection::vec(typed(), 0..4), 0..4)
        )
            .prop_map(|(columns, rows)| Block::Table { columns, rows }),
        spans().prop_map(Block::Note),
        prop::collection::vec(button(), 0..30).prop_map(Block::Buttons),
        Just(Block::Divider),
    ]
}

/// Many of the same: as much as many different ones, for a fraction of the memory.
fn repeated<T: Clone>(parts: &[T], times: usize) -> Vec<T> {
    parts.iter().cycle().take(parts.len() * times).cloned().collect()
}

/// Every object with a `type`, however deep.
fn objects<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| objects(item, found)),
        Value::Object(fields) => {
            found.extend(fields.contains_key("type").then_some(value));
            fields.values().for_each(|field| objects(field, found));
        }
        _ => {}
    }
}

fn length(object: &Value, key: &str) -> usize {
    object[key].as_str().unwrap().chars().count()
}

fn assert_within_limits(object: &Value) {
    match object["type"].as_str().unwrap() {
        "header" => assert!((1..=150).contains(&length(&object["text"], "text"))),
        "plain_text" => assert!((1..=150).contains(&length(object, "text"))),
        "mrkdwn" => {
            assert!((1..=2000).contains(&length(object, "text")));
            assert_eq!(object["verbatim"], true);
            assert_markup_is_ours(object["text"].as_str().unwrap());
        }
        "section" => assert!((1..=10).contains(&object["fields"].as_array().unwrap().len())),
        "actions" => assert!((1..=25).contains(&object["elements"].as_array().unwrap().len())),
        "button" => {
            assert!((1..=75).contains(&length(&object["text"], "text")));
            assert!(object.get("value").is_none() || (1..=2000).contains(&length(object, "value")));
        }
        "text" => assert!((1..=3000).contains(&length(object, "text"))),
        "user" => assert_eq!(object["user_id"], "U1"),
        "channel" => assert_eq!(object["channel_id"], "C1"),
        "rich_text" | "rich_text_section" | "rich_text_list" | "rich_text_preformatted" | "context" => {
            assert!(!object["elements"].as_array().unwrap().is_empty());
        }
        "divider" | "date" | "emoji" => {}
        other => panic!("no reply holds {other}"),
    }
}

/// Between angle brackets stands what the reply itself put there, and nothing else.
fn assert_markup_is_ours(text: &str) {
    for token in text.split('<').skip(1) {
        let inside = token.split_once('>').expect("every token ends").0;
        assert!(inside == "@U1" || inside == "#C1" || inside.starts_with("!date^"), "{inside}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_reply_breaks_a_limit_or_breaks_out(
        summary in typed(),
        parts in (prop::collection::vec(block(), 0..8), 1_usize..10).prop_map(|(parts, n)| repeated(&parts, n)),
    ) {
        let (text, blocks) = render(&Reply { summary, blocks: parts });
        prop_assert!((1..=3000).contains(&text.chars().count()));
        prop_assert!(!text.contains(['<', '>', '`']), "{text}");
        prop_assert!(blocks.as_array().unwrap().len() <= 50);
        let mut found = Vec::new();
        objects(&blocks, &mut found);
        let shown: usize = found.iter().filter_map(|object| object["text"].as_str()).map(|t| t.chars().count()).sum();
        // Slack refuses messages from about 13,000 characters on.
        prop_assert!(shown <= 13_000, "{shown}");
        found.into_iter().for_each(assert_within_limits);
    }

    #[test]
    fn no_dialog_breaks_a_limit(title in typed(), question in typed(), value in typed(), expected in typed()) {
        let dialog = Dialog { name: actions::CONFIRM, value, title, question, expected: Some(expected) };
        if let Some(view) = modal(&dialog) {
            prop_assert!((1..=24).contains(&length(&view["title"], "text")));
            prop_assert!((1..=150).contains(&length(&view["blocks"][0]["label"], "text")));
            prop_assert!(length(&view, "private_metadata") <= 3000);
            let carried = Carried::read(view["private_metadata"].as_str().unwrap());
            prop_assert_eq!(carried, Carried { value: dialog.value, expected: dialog.expected });
        }
    }

    #[test]
    fn what_was_typed_formats_nothing(typed in typed()) {
        let text = mrkdwn::span(&Span::Text(typed));
        prop_assert!(!text.contains(['<', '>', '`']));
        let marks = text.char_indices().filter(|(_, c)| matches!(c, '*' | '~' | ':'));
        for (at, mark) in marks {
            let after = text[at + mark.len_utf8()..].chars().next();
            prop_assert_eq!(after, Some('\u{2060}'), "{}", text);
        }
    }
}
