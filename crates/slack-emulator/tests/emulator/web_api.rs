use serde_json::json;

use crate::support::{ANA, BACKOFFICE, BOT, World};

#[tokio::test]
async fn tokens_say_who_calls() {
    let w = World::new().await;
    let bot = w.ok(BOT, "auth.test", json!({})).await;
    assert_eq!((&bot["user_id"], &bot["bot_id"]), (&json!("U0BOT"), &json!("B0BOT")));
    let eve = w.ok("xoxp-eve", "auth.test", json!({})).await;
    assert_eq!((&eve["user_id"], &eve["team_id"]), (&json!("U0EVE"), &json!("T0OTHER")));
    assert_eq!(w.error("xoxp-nobody", "auth.test", json!({})).await, "invalid_auth");
    assert_eq!(w.error("xapp-backoffice", "chat.postMessage", json!({})).await, "not_allowed_token_type");
    assert_eq!(w.error(BOT, "apps.connections.open", json!({})).await, "not_allowed_token_type");
    assert_eq!(w.error(BOT, "no.such", json!({})).await, "unknown_method");
}

#[tokio::test]
async fn forms_queries_and_json_are_the_same() {
    let w = World::new().await;
    let url = format!("{}chat.postMessage", w.emulator.api_url());
    let form = [("token", ANA), ("channel", BACKOFFICE), ("text", "form")];
    let body = "token=xoxp-ana&channel=C0BACKOFFICE&text=form";
    let request = w.http.post(&url).header("content-type", "application/x-www-form-urlencoded").body(body);
    let posted: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(posted["message"]["text"], "form", "{form:?}");
    let query = format!("{url}?token=xoxp-ana&channel=C0BACKOFFICE&text=query");
    let asked: serde_json::Value = w.http.get(query).send().await.unwrap().json().await.unwrap();
    assert_eq!(asked["message"]["text"], "query");
    let plain = w.http.post(&url).bearer_auth(ANA).json(&json!({"channel": BACKOFFICE, "text": "json"}));
    let plain: serde_json::Value = plain.send().await.unwrap().json().await.unwrap();
    assert_eq!((&plain["message"]["text"], &plain["warning"]), (&json!("json"), &json!("missing_charset")));
}

#[tokio::test]
async fn a_persons_text_is_what_the_composer_makes_of_it() {
    let w = World::new().await;
    let text = "@backoffice bot open acme.example.com “now”";
    let answer = w.ok(ANA, "chat.postMessage", json!({"channel": BACKOFFICE, "text": text})).await;
    assert_eq!(answer["message"]["text"], "<@U0BOT> open <http://acme.example.com|acme.example.com> “now”");
    let elements = &answer["message"]["blocks"][0]["elements"][0]["elements"];
    assert_eq!(elements[0], json!({"type": "user", "user_id": "U0BOT"}));
}

#[tokio::test]
async fn timestamps_grow_while_the_clock_stands_still() {
    let w = World::new().await;
    let mut last = String::new();
    for _ in 0..5 {
        let ts = w.says(ANA, "hi").await;
        assert!(ts > last, "{ts} after {last}");
        last = ts;
    }
}

#[tokio::test]
async fn threads_count_their_replies() {
    let w = World::new().await;
    let root = w.says(ANA, "root").await;
    for token in ["xoxp-ben", BOT, "xoxp-ben"] {
        let reply = json!({"channel": BACKOFFICE, "text": "reply", "thread_ts": root});
        w.ok(token, "chat.postMessage", reply).await;
    }
    let history = w.ok(BOT, "conversations.history", json!({"channel": BACKOFFICE})).await;
    assert_eq!(history["messages"].as_array().unwrap().len(), 1);
    let shown = &history["messages"][0];
    assert_eq!(shown["reply_count"], 3);
    assert_eq!(shown["reply_users"], json!(["U0BEN", "U0BOT"]));
    let replies = w.ok(BOT, "conversations.replies", json!({"channel": BACKOFFICE, "ts": root})).await;
    let authors: Vec<_> = replies["messages"].as_array().unwrap().iter().map(|one| &one["user"]).collect();
    assert_eq!(json!(authors), json!(["U0ANA", "U0BEN", "U0BOT", "U0BEN"]));
    assert_eq!(replies["messages"][1]["parent_user_id"], "U0ANA");
    w.ok(ANA, "chat.delete", json!({"channel": BACKOFFICE, "ts": root})).await;
    let history = w.ok(BOT, "conversations.history", json!({"channel": BACKOFFICE})).await;
    assert_eq!(history["messages"][0]["subtype"], "tombstone");
}

#[tokio::test]
async fn lists_come_in_pages() {
    let w = World::new().await;
    for number in 0..5 {
        w.says(ANA, &number.to_string()).await;
    }
    let mut texts = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = json!({"channel": BACKOFFICE, "limit": 2, "cursor": cursor});
        let page = w.ok(BOT, "conversations.history", page).await;
        let messages = page["messages"].as_array().unwrap();
        assert!(messages.len() <= 2);
        texts.extend(messages.iter().map(|one| one["text"].as_str().unwrap().to_owned()));
        cursor = page["response_metadata"]["next_cursor"].as_str().unwrap().to_owned();
        assert_eq!(page["has_more"], !cursor.is_empty());
        if cursor.is_empty() {
            break;
        }
    }
    assert_eq!(texts, ["4", "3", "2", "1", "0"]);
    let wrong = json!({"channel": BACKOFFICE, "cursor": "made up"});
    assert_eq!(w.error(BOT, "conversations.history", wrong).await, "invalid_cursor");
}

#[tokio::test]
async fn only_the_author_changes_a_message() {
    let w = World::new().await;
    let ts = w.says(ANA, "mine").await;
    let edit = json!({"channel": BACKOFFICE, "ts": ts, "text": "changed"});
    assert_eq!(w.error("xoxp-ben", "chat.update", edit.clone()).await, "cant_update_message");
    assert_eq!(w.error(BOT, "chat.delete", edit.clone()).await, "cant_delete_message");
    let changed = w.ok(ANA, "chat.update", edit).await;
    assert_eq!(changed["message"]["edited"]["user"], "U0ANA");
    let long = json!({"channel": BACKOFFICE, "ts": ts, "text": "x".repeat(4001)});
    assert_eq!(w.error(ANA, "chat.update", long).await, "msg_too_long");
    w.ok(ANA, "chat.delete", json!({"channel": BACKOFFICE, "ts": ts})).await;
    let gone = json!({"channel": BACKOFFICE, "ts": ts});
    assert_eq!(w.error(ANA, "chat.delete", gone).await, "message_not_found");
}

#[tokio::test]
async fn reactions_are_counted_once_per_person() {
    let w = World::new().await;
    let ts = w.says(ANA, "vote").await;
    let with = |name: &str| json!({"channel": BACKOFFICE, "timestamp": ts, "name": name});
    w.ok(ANA, "reactions.add", with("thumbsup")).await;
    w.ok("xoxp-ben", "reactions.add", with("+1")).await;
    w.ok("xoxp-ben", "reactions.add", with("+1::skin-tone-2")).await;
    assert_eq!(w.error(ANA, "reactions.add", with("+1")).await, "already_reacted");
    assert_eq!(w.error(ANA, "reactions.remove", with("x")).await, "no_reaction");
    assert_eq!(w.error(ANA, "reactions.add", with("not a name")).await, "invalid_name");
    let item = json!({"channel": BACKOFFICE, "timestamp": ts});
    let seen = w.ok(BOT, "reactions.get", item.clone()).await;
    assert_eq!(
        seen["message"]["reactions"],
        json!([
            {"name": "+1", "users": ["U0ANA", "U0BEN"], "count": 2},
            {"name": "+1::skin-tone-2", "users": ["U0BEN"], "count": 1},
        ])
    );
    w.ok("xoxp-ben", "reactions.remove", with("thumbsup")).await;
    let seen = w.ok(BOT, "reactions.get", item).await;
    assert_eq!(seen["message"]["reactions"][0]["users"], json!(["U0ANA"]));
}

#[tokio::test]
async fn limits_are_slacks() {
    let w = World::new().await;
    let post = |key: &str, value: serde_json::Value| {
        let mut body = json!({"channel": BACKOFFICE});
        body[key] = value;
        body
    };
    let section = |text: String| json!([{"type": "section", "text": {"type": "mrkdwn", "text": text}}]);
    let refused = [
        (post("text", json!("")), "no_text"),
        (post("blocks", json!(vec![json!({"type": "divider"}); 51])), "invalid_blocks"),
        (post("blocks", section("x".repeat(3001))), "invalid_blocks"),
        (post("blocks", json!([{"type": "section"}])), "invalid_blocks"),
        (post("blocks", json!("{not json")), "invalid_blocks_format"),
        (post("metadata", json!({"event_type": "x"})), "invalid_metadata_format"),
        (post("metadata", json!({"event_type": "x", "event_payload": 1})), "invalid_metadata_schema"),
    ];
    for (body, error) in refused {
        assert_eq!(w.error(BOT, "chat.postMessage", body.clone()).await, error, "{body}");
    }
    let cut = w.ok(BOT, "chat.postMessage", post("text", json!("x".repeat(40_001)))).await;
    assert_eq!(cut["message"]["text"].as_str().unwrap().len(), 40_000);
    w.ok(BOT, "chat.postMessage", post("blocks", section("x".repeat(3000)))).await;
}

#[tokio::test]
async fn metadata_shows_its_payload_only_when_asked() {
    let w = World::new().await;
    let metadata = json!({"event_type": "op", "event_payload": {"id": 1}});
    let body = json!({"channel": BACKOFFICE, "text": "card", "metadata": metadata});
    w.ok(BOT, "chat.postMessage", body.clone()).await;
    assert_eq!(w.error(ANA, "chat.postMessage", body).await, "metadata_must_be_sent_from_app");
    let read = |all: bool| json!({"channel": BACKOFFICE, "include_all_metadata": all});
    let without = w.ok(BOT, "conversations.history", read(false)).await;
    assert_eq!(without["messages"][0]["metadata"], json!({"event_type": "op"}));
    let with = w.ok(BOT, "conversations.history", read(true)).await;
    assert_eq!(with["messages"][0]["metadata"], metadata);
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let w = World::new().await;
    let answer = w.call(BOT, "team.info", json!({})).await;
    assert_eq!((&answer["error"], &answer["needed"]), (&json!("missing_scope"), &json!("team:read")));
    assert!(answer["provided"].as_str().unwrap().contains("chat:write"));
    w.ok(ANA, "team.info", json!({})).await;
}

#[tokio::test]
async fn a_direct_message_is_opened_once() {
    let w = World::new().await;
    let first = w.ok(BOT, "conversations.open", json!({"users": "U0ANA"})).await;
    let again = w.ok(BOT, "conversations.open", json!({"users": "U0ANA"})).await;
    assert_eq!(first["channel"]["id"], again["channel"]["id"]);
    assert_eq!(again["already_open"], true);
    let sent = w.ok(BOT, "chat.postMessage", json!({"channel": "U0ANA", "text": "psst"})).await;
    assert_eq!(sent["channel"], first["channel"]["id"]);
}

/// Slack takes both: `curl --data-binary` and `curl -F`.
#[tokio::test]
async fn a_file_comes_as_bytes_or_as_a_form() {
    let w = World::new().await;
    let form = "--edge\r\nContent-Disposition: form-data; name=\"filename\"; filename=\"a.txt\"\r\n\
                Content-Type: text/plain\r\n\r\nhello\r\n--edge--\r\n";
    for (kind, body) in [("application/octet-stream", "hello"), ("multipart/form-data; boundary=edge", form)]
    {
        let wanted = json!({"filename": "a.txt", "length": 5});
        let upload = w.ok(BOT, "files.getUploadURLExternal", wanted).await;
        let url = upload["upload_url"].as_str().unwrap();
        let sent = w.http.post(url).header("content-type", kind).body(body).send().await.unwrap();
        assert_eq!(sent.text().await.unwrap(), "OK - 5", "{kind}");
    }
    let nowhere = format!("{}/upload/F00000009", w.emulator.url());
    assert_eq!(w.http.post(nowhere).body("hello").send().await.unwrap().status(), 404);
}
