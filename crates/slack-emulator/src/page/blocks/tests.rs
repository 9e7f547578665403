use insta::assert_snapshot;
use serde_json::json;

use super::*;

fn names() -> Names {
    Names {
        people: [("U0ANA".to_owned(), "ana".to_owned()), ("U0BEN".to_owned(), "ben".to_owned())].into(),
        me: "U0ANA".to_owned(),
        query: "as=ana".to_owned(),
        ..Names::default()
    }
}

/// The markup with each element on its own line, so that a snapshot can be read.
fn drawn(blocks: &Value) -> String {
    let names = names();
    html(blocks.as_array().unwrap(), Surface::message(&names, "m1")).into_string().replace("><", ">\n<")
}

#[test]
fn a_card_with_everything_that_a_sign_off_needs() {
    assert_snapshot!(drawn(&json!([
        {"type": "header", "text": {"type": "plain_text", "text": "Extend a trial :hourglass:"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*acme*: `plan` team → enterprise"},
         "fields": [{"type": "mrkdwn", "text": "*Risk*\nhigh"}, {"type": "plain_text", "text": "a & b"}],
         "accessory": {"type": "button", "action_id": "open", "url": "https://e.example", "text": {"type": "plain_text", "text": "Open"}}},
        {"type": "divider"},
        {"type": "actions", "block_id": "b1", "elements": [
            {"type": "button", "action_id": "sign", "value": "op_1", "style": "primary", "text": {"type": "plain_text", "text": "Sign"}},
            {"type": "button", "action_id": "object", "value": "op_1", "style": "danger", "text": {"type": "plain_text", "text": "Object"},
             "confirm": {"title": {"type": "plain_text", "text": "Object?"}, "text": {"type": "mrkdwn", "text": "It *stops*."},
                         "confirm": {"type": "plain_text", "text": "Object"}, "deny": {"type": "plain_text", "text": "Keep"}}}]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "Signed by <@U0BEN>"}, {"type": "image", "image_url": "http://127.0.0.1/x.png", "alt_text": "logo"}]},
    ])));
}

#[test]
fn choices_in_a_message() {
    let option = |value: &str| json!({"text": {"type": "plain_text", "text": value}, "value": value});
    assert_snapshot!(drawn(&json!([{"type": "actions", "block_id": "b", "elements": [
        {"type": "static_select", "action_id": "env", "placeholder": {"type": "plain_text", "text": "Environment"},
         "options": [option("dev"), option("prod")], "initial_option": option("prod")},
        {"type": "overflow", "action_id": "more", "options": [option("log")]},
        {"type": "users_select", "action_id": "who"},
        {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-20"},
    ]}])));
}

#[test]
fn a_modal_shows_what_was_typed_and_what_is_wrong() {
    let names = names();
    let option = |value: &str| json!({"text": {"type": "plain_text", "text": value}, "value": value});
    let blocks = json!([
        {"type": "input", "block_id": "name", "label": {"type": "plain_text", "text": "Target"}, "hint": {"type": "plain_text", "text": "Type its name."},
         "element": {"type": "plain_text_input", "action_id": "v", "max_length": 20, "placeholder": {"type": "plain_text", "text": "acme"}}},
        {"type": "input", "block_id": "why", "optional": true, "label": {"type": "plain_text", "text": "Why"},
         "element": {"type": "plain_text_input", "action_id": "v", "multiline": true, "initial_value": "</textarea>"}},
        {"type": "input", "block_id": "what", "label": {"type": "plain_text", "text": "What"},
         "element": {"type": "checkboxes", "action_id": "v", "options": [option("a"), option("b")]}},
    ]);
    let surface = Surface {
        names: &names,
        errors: &json!({"name": "No such account: <acm>"}),
        values: &json!({"name": {"v": {"type": "plain_text_input", "value": "acm\""}}, "what": {"v": {"type": "checkboxes", "selected_options": [option("b")]}}}),
        id: "view",
    };
    assert_snapshot!(html(blocks.as_array().unwrap(), surface).into_string().replace("><", ">\n<"));
}

#[test]
fn tables_images_markdown_and_the_unknown() {
    assert_snapshot!(drawn(&json!([
        {"type": "table", "column_settings": [{}, {"align": "right"}], "rows": [
            [{"type": "raw_text", "text": "pool"}, {"type": "raw_text", "text": "busy"}],
            [{"type": "raw_text", "text": "<eu>"}, {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "3"}]}]}]]},
        {"type": "image", "image_url": "https://e.example/x.png", "alt_text": "A chart", "title": {"type": "plain_text", "text": "Load"}},
        {"type": "markdown", "text": "# Title\n- **a** and `b*c*`\n- [x](https://e.example) [y](javascript:z)\n\n> q\n```\n<code>\n```\nsnake_case_x <b>"},
        {"type": "video"},
    ])));
}

#[test]
fn hostile_blocks_are_text_or_nothing() {
    let shown = drawn(&json!([
        null, 7, "x", [], {}, {"type": {"a": 1}},
        {"type": "section", "text": "not an object", "fields": {"a": 1}, "accessory": []},
        {"type": "section", "text": {"type": "mrkdwn", "text": "<script>alert(1)</script>"}},
        {"type": "header", "text": {"type": "plain_text", "text": "<img src=x onerror=alert(1)>"}},
        {"type": "actions", "block_id": "\"><script>", "elements": [
            {"type": "button", "action_id": "'><script>", "value": "\"onclick=\"x", "style": "x\" onclick", "text": {"type": "plain_text", "text": "</button><script>"}},
            {"type": "button", "url": "javascript:alert(1)", "text": {"type": "plain_text", "text": "go"}},
            {"type": "static_select", "options": [{"text": {"type": "plain_text", "text": "</option></select><script>"}, "value": "\"><script>"}]}]},
        {"type": "image", "alt_text": "\"><script>"},
        {"type": "<script>"},
    ]));
    assert!(!shown.contains("<script"), "{shown}");
    assert!(!shown.contains("<img"), "{shown}");
    assert!(!shown.contains("javascript:"), "{shown}");
    assert!(!shown.contains("\"onclick"), "{shown}");
    assert!(!shown.contains("style="), "{shown}");
}
