use countersign_core::ids::{ChannelId, UserId};
use countersign_core::reply::{Button, Span, Style, actions};
use jiff::Timestamp;

use super::*;

fn drawn(blocks: Vec<Block>) -> String {
    let (_, drawn) = render(&Reply { summary: "summary".to_owned(), blocks });
    drawn.as_array().unwrap().iter().map(|block| format!("{block}\n").replace('\u{2060}', "¦")).collect()
}

fn ana() -> Span {
    Span::Person(UserId::new("U1"))
}

#[test]
fn paragraphs_are_rich_text() {
    let time = Span::Time(Timestamp::from_second(1_700_000_000).unwrap());
    let spans = vec![Span::Emoji("eyes"), Span::text(" "), Span::code("a`<!here>`"), ana(), time];
    insta::assert_snapshot!(drawn(vec![Block::Heading("Done".to_owned()), Block::Text(spans)]), @r#"
{"type":"header","text":{"type":"plain_text","text":"Done","emoji":false}}
{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"emoji","name":"eyes"},{"type":"text","text":" "},{"type":"text","text":"a`<!here>`","style":{"code":true}},{"type":"user","user_id":"U1"},{"type":"date","timestamp":1700000000,"format":"{date_short_pretty} {time}","fallback":"2023-11-14 22:13 UTC"}]}]}
"#);
}

#[test]
fn lists_are_rich_text() {
    let line = |text: &str| vec![Span::Bold("plan".to_owned()), Span::text(text)];
    insta::assert_snapshot!(drawn(vec![Block::List(vec![line(": a"), line(": *b*")])]), @r#"{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"plan","style":{"bold":true}},{"type":"text","text":": a"}]},{"type":"rich_text_section","elements":[{"type":"text","text":"plan","style":{"bold":true}},{"type":"text","text":": *b*"}]}]}]}"#);
}

#[test]
fn fields_and_small_print_are_escaped_markup() {
    let fields = vec![
        ("Signed".to_owned(), vec![ana(), Span::text(", *bold* `code` <!channel> &")]),
        ("Until".to_owned(), vec![Span::Time(Timestamp::from_second(1_700_000_000).unwrap())]),
    ];
    let note = vec![Span::text("op_01JD · plan 3fa2 :x: "), Span::code("`ls` <@U2>")];
    insta::assert_snapshot!(drawn(vec![Block::Fields(fields), Block::Note(note)]), @r#"
{"type":"section","fields":[{"type":"mrkdwn","text":"*Signed*\n<@U1>, ¦*¦bold*¦ ˋcodeˋ &lt;!channel&gt; &amp;","verbatim":true},{"type":"mrkdwn","text":"*Until*\n<!date^1700000000^{date_short_pretty} {time}|2023-11-14 22:13 UTC>","verbatim":true}]}
{"type":"context","elements":[{"type":"mrkdwn","text":"op_01JD · plan 3fa2 ¦:¦x:¦ `ˋlsˋ &lt;@U2&gt;`","verbatim":true}]}
"#);
}

#[test]
fn buttons_carry_their_action_and_value() {
    let button = |action, label: &str, style| Button {
        action,
        label: label.to_owned(),
        value: "fp".to_owned(),
        style,
    };
    let buttons = vec![
        button(actions::SIGN, "Sign this plan", Style::Primary),
        button(actions::OBJECT, "Object", Style::Danger),
        button(actions::SIGN, "Twice", Style::Primary),
    ];
    insta::assert_snapshot!(drawn(vec![Block::Buttons(buttons), Block::Divider]), @r#"
    {"type":"actions","elements":[{"type":"button","action_id":"countersign.sign","text":{"type":"plain_text","text":"Sign this plan","emoji":false},"value":"fp","style":"primary"},{"type":"button","action_id":"countersign.object","text":{"type":"plain_text","text":"Object","emoji":false},"value":"fp","style":"danger"}]}
    {"type":"divider"}
    "#);
}

#[test]
fn people_and_channels_are_mentioned_by_their_ids_alone() {
    let spans = ["C0BACK", "general", "C1|x"].map(|id| Span::Channel(ChannelId::new(id)));
    let people = ["U1", "C1"].map(|id| Span::Person(UserId::new(id)));
    let spans: Vec<Span> = spans.into_iter().chain(people).collect();
    insta::assert_snapshot!(drawn(vec![Block::Text(spans.clone()), Block::Note(spans)]), @r#"
    {"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"channel","channel_id":"C0BACK"},{"type":"text","text":"general"},{"type":"text","text":"C1|x"},{"type":"user","user_id":"U1"},{"type":"text","text":"C1"}]}]}
    {"type":"context","elements":[{"type":"mrkdwn","text":"<#C0BACK>generalC1|x<@U1>C1","verbatim":true}]}
    "#);
}

#[test]
fn tables_are_aligned() {
    let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
    let rows = vec![row(["acme", "2026-12-01"]), row(["globex\nltd", "–"])];
    insta::assert_snapshot!(table::draw(&row(["subdomain", "trial"]), &rows), @r#"
subdomain   trial
──────────  ──────────
acme        2026-12-01
globex ltd  –
"#);
}

#[test]
fn a_long_table_says_what_is_missing() {
    let rows: Vec<Vec<String>> = (0..500).map(|i| vec![i.to_string(), "x".repeat(100)]).collect();
    let drawn = table::draw(&["id".to_owned(), "name".to_owned()], &rows);
    assert!(drawn.ends_with("… and 450 more"), "{drawn}");
    assert!(drawn.chars().count() <= 3000);
}

#[test]
fn the_summary_is_escaped() {
    let (text, blocks) = render(&Reply::line("set <!channel> & `x`"));
    assert_eq!(text, "set &lt;!channel&gt; &amp; ˋxˋ");
    assert_eq!(blocks.as_array().unwrap().len(), 1);
    assert_eq!(render(&Reply { summary: String::new(), blocks: vec![] }).0, "…");
}

#[test]
fn a_long_plan_never_pushes_the_buttons_out() {
    let mut blocks: Vec<Block> = (0..80).map(|i| Block::Text(vec![Span::text("y".repeat(i * 30))])).collect();
    let (action, style) = (actions::SIGN, Style::Primary);
    blocks.push(Block::Buttons(vec![Button {
        action,
        label: "Sign".to_owned(),
        value: "fp".to_owned(),
        style,
    }]));
    blocks.push(Block::Note(vec![Span::text("op_1")]));
    let drawn = drawn(blocks);
    let last: Vec<&str> = drawn.lines().rev().take(3).collect();
    assert!(
        last[0].contains("op_1") && last[1].contains("\"Sign\"") && last[2].contains("more than one message")
    );
}

#[test]
fn a_dialog_asks_one_question() {
    let dialog = countersign_engine::ports::Dialog {
        name: actions::CONFIRM,
        value: "op_1 fp".to_owned(),
        title: "Confirm".to_owned(),
        question: "Type acme to confirm".to_owned(),
        expected: Some("acme".to_owned()),
    };
    insta::assert_snapshot!(modal(&dialog).unwrap(), @r#"{"type":"modal","callback_id":"countersign.confirm","private_metadata":"{\"value\":\"op_1 fp\",\"expected\":\"acme\"}","title":{"type":"plain_text","text":"Confirm","emoji":false},"submit":{"type":"plain_text","text":"Confirm","emoji":false},"close":{"type":"plain_text","text":"Cancel","emoji":false},"blocks":[{"type":"input","block_id":"answer","label":{"type":"plain_text","text":"Type acme to confirm","emoji":false},"element":{"type":"plain_text_input","action_id":"answer","max_length":300}}]}"#);
    let too_long = countersign_engine::ports::Dialog { value: "x".repeat(3001), ..dialog };
    assert_eq!(modal(&too_long), None);
}
