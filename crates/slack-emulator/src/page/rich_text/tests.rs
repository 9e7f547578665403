use insta::assert_snapshot;
use serde_json::json;

use super::*;

fn drawn(elements: &Value) -> Html {
    let names = Names {
        people: [("U0ANA".to_owned(), "ana".to_owned())].into(),
        channels: [("C0GENERAL".to_owned(), "general".to_owned())].into(),
        groups: [("S0SRE".to_owned(), "sre".to_owned())].into(),
        me: "U0BEN".to_owned(),
        query: "as=ben".to_owned(),
    };
    html(&json!({"type": "rich_text", "elements": elements}), &names)
}

#[test]
fn a_typed_sentence() {
    assert_snapshot!(drawn(&json!([{"type": "rich_text_section", "elements": [
        {"type": "user", "user_id": "U0ANA"},
        {"type": "text", "text": " set *acme*\nnow "},
        {"type": "link", "url": "http://acme.example.com", "text": "acme.example.com"},
        {"type": "emoji", "name": "+1", "skin_tone": 3},
        {"type": "text", "text": "both", "style": {"bold": true, "italic": true}},
    ]}])), @r#"<div class="rich-text"><div><span class="mention">@ana</span> set *acme*<br>now <a href="http://acme.example.com" target="_blank" rel="noopener noreferrer">acme.example.com</a><span class="emoji" role="img" aria-label="+1, skin tone 3" title=":+1::skin-tone-3:">👍🏼</span><strong><em>both</em></strong></div></div>"#);
}

#[test]
fn lists_quotes_and_code() {
    let section =
        |text: &str| json!({"type": "rich_text_section", "elements": [{"type": "text", "text": text}]});
    assert_snapshot!(drawn(&json!([
        {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": [section("three")]},
        {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [section("inner")]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a < b\n:tada:"}]},
    ])), @r#"
    <div class="rich-text"><ol class="indent-0" start="3"><li>three</li></ol><ul class="indent-1"><li>inner</li></ul><blockquote>said</blockquote><pre><code>a &lt; b
    :tada:</code></pre></div>
    "#);
}

#[test]
fn references_and_dates() {
    assert_snapshot!(drawn(&json!([{"type": "rich_text_section", "elements": [
        {"type": "channel", "channel_id": "C0GENERAL"},
        {"type": "channel", "channel_id": "C0SECRET"},
        {"type": "usergroup", "usergroup_id": "S0SRE"},
        {"type": "broadcast", "range": "here"},
        {"type": "date", "timestamp": 1700000000, "format": "{date}", "fallback": "14 Nov"},
    ]}])), @r##"<div class="rich-text"><div><a class="mention" href="/client/C0GENERAL?as=ben">#general</a><span class="mention mention-private">🔒 private channel</span><span class="mention">@sre</span><span class="mention mention-me">@here</span><time datetime="2023-11-14T22:13:20Z" data-format="{date}">14 Nov</time></div></div>"##);
}

#[test]
fn hostile_elements_are_text() {
    assert_snapshot!(drawn(&json!([{"type": "rich_text_section", "elements": [
        {"type": "text", "text": "<script>alert(1)</script>"},
        {"type": "link", "url": "javascript:alert(1)", "text": "<b>click</b>"},
        {"type": "user", "user_id": "<i>"},
        {"type": "emoji", "name": "<i>"},
        {"type": "date", "timestamp": i64::MAX, "format": "<i>"},
        {"type": ["not", "text"], "text": 7},
        null,
    ]}])), @r#"<div class="rich-text"><div>&lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;click&lt;/b&gt;<span class="mention">@&lt;i&gt;</span>:&lt;i&gt;:&lt;i&gt;</div></div>"#);
}
