//! Every key that the emulator writes stands in Slack's published sample of the same place, with the same JSON type.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{ANA, BACKOFFICE, BOT, World};

/// Where the app's or the person's own content begins: it is handed through, not written by the emulator.
const OPAQUE: [&str; 6] = ["blocks", "event_payload", "metadata", "state", "files", "errors"];

/// A published sample; `None`, said aloud, where the samples are not at hand.
fn sample(name: &str) -> Option<Value> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/slack/samples");
    if !root.is_dir() {
        eprintln!("skipped: {} is not there", root.display());
        return None;
    }
    let Ok(text) = std::fs::read_to_string(root.join(format!("{name}.json"))) else {
        eprintln!("skipped: there is no sample {name}");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

fn check(name: &str, ours: &Value) {
    if let Some(theirs) = sample(name) {
        let mut wrong = Vec::new();
        compare(&theirs, ours, name, &mut wrong);
        assert!(wrong.is_empty(), "{}\nin {ours}", wrong.join("\n"));
    }
}

fn compare(theirs: &Value, ours: &Value, path: &str, wrong: &mut Vec<String>) {
    match (theirs, ours) {
        (Value::Object(theirs), Value::Object(ours)) => {
            for (key, value) in ours {
                match theirs.get(key) {
                    None => wrong.push(format!("{path}.{key} stands in no sample")),
                    Some(_) if OPAQUE.contains(&key.as_str()) => {}
                    Some(expected) => compare(expected, value, &format!("{path}.{key}"), wrong),
                }
            }
        }
        (Value::Array(theirs), Value::Array(ours)) => {
            for value in ours {
                match theirs.first() {
                    Some(expected) => compare(expected, value, &format!("{path}[]"), wrong),
                    None => wrong.push(format!("{path} is empty in the sample")),
                }
            }
        }
        _ => {
            if std::mem::discriminant(theirs) != std::mem::discriminant(ours) {
                wrong.push(format!("{path} is {ours}, but {theirs} in the sample"));
            }
        }
    }
}

async fn answer(w: &World, (token, method): (&str, &str), arguments: Value) -> Value {
    let answer = w.ok(token, method, arguments).await;
    check(&format!("api/{method}"), &answer);
    answer
}

#[tokio::test]
async fn messages_and_reactions() {
    let w = World::new().await;
    let root = answer(&w, (ANA, "chat.postMessage"), json!({"channel": BACKOFFICE, "text": "root"})).await;
    let metadata = json!({"event_type": "op", "event_payload": {"id": "1"}});
    let card = json!({
        "channel": BACKOFFICE, "text": "card", "thread_ts": root["ts"], "metadata": metadata,
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "card"}}],
    });
    let card = answer(&w, (BOT, "chat.postMessage"), card).await;
    let item = json!({"channel": BACKOFFICE, "timestamp": card["ts"], "name": "+1"});
    answer(&w, (ANA, "reactions.add"), item.clone()).await;
    answer(&w, (BOT, "reactions.get"), item.clone()).await;
    answer(&w, (ANA, "reactions.remove"), item).await;
    let one = json!({"channel": BACKOFFICE, "ts": card["ts"], "text": "changed", "user": "U0ANA"});
    answer(&w, (BOT, "chat.update"), one.clone()).await;
    answer(&w, (BOT, "chat.postEphemeral"), one.clone()).await;
    answer(&w, (BOT, "chat.getPermalink"), json!({"channel": BACKOFFICE, "message_ts": card["ts"]})).await;
    answer(&w, (BOT, "conversations.history"), json!({"channel": BACKOFFICE})).await;
    answer(&w, (BOT, "conversations.replies"), json!({"channel": BACKOFFICE, "ts": root["ts"]})).await;
    answer(&w, (BOT, "chat.delete"), one).await;
    answer(&w, ("xoxp-eve", "chat.postMessage"), json!({"channel": BACKOFFICE, "text": "eve"})).await;
    answer(&w, (BOT, "conversations.history"), json!({"channel": BACKOFFICE})).await;
}

#[tokio::test]
async fn people_channels_and_the_rest() {
    let w = World::new().await;
    for (token, method) in [
        (BOT, "auth.test"),
        (ANA, "auth.test"),
        (BOT, "bots.info"),
        (ANA, "team.info"),
        (BOT, "users.list"),
        (BOT, "usergroups.list"),
        ("xapp-backoffice", "apps.connections.open"),
    ] {
        answer(&w, (token, method), json!({})).await;
    }
    answer(&w, (BOT, "usergroups.list"), json!({"include_users": true, "include_count": true})).await;
    answer(&w, (BOT, "usergroups.users.list"), json!({"usergroup": "S0SUPPORT"})).await;
    for user in ["U0ANA", "U0GUS", "U0EVE", "U0BOT"] {
        answer(&w, (BOT, "users.info"), json!({"user": user})).await;
    }
    answer(&w, (ANA, "users.lookupByEmail"), json!({"email": "ben@acme.example"})).await;
    let direct = answer(&w, (ANA, "conversations.open"), json!({"users": "U0BOT", "return_im": true})).await;
    answer(&w, (ANA, "conversations.open"), json!({"users": "U0BOT"})).await;
    let types = json!({"types": "public_channel,private_channel,im"});
    answer(&w, (ANA, "conversations.list"), types).await;
    for channel in [json!("C0GENERAL"), json!(BACKOFFICE), direct["channel"]["id"].clone()] {
        let one = json!({"channel": channel, "include_num_members": true});
        answer(&w, (ANA, "conversations.info"), one.clone()).await;
        answer(&w, (ANA, "conversations.members"), one).await;
    }
    answer(&w, (ANA, "conversations.join"), json!({"channel": "C0GENERAL"})).await;
}

#[tokio::test]
async fn errors_have_the_keys_of_their_method() {
    let w = World::new().await;
    for (token, method) in [
        (BOT, "chat.postMessage"),
        (BOT, "reactions.add"),
        (BOT, "users.info"),
        (BOT, "team.info"),
        (BOT, "views.open"),
        ("nobody", "conversations.list"),
        (BOT, "users.lookupByEmail"),
    ] {
        let error = w.call(token, method, json!({})).await;
        assert_eq!(error["ok"], false);
        check(&format!("api/{method}"), &error);
    }
}

#[tokio::test]
async fn files() {
    let w = World::new().await;
    let wanted = json!({"filename": "a.txt", "length": 5});
    let upload = answer(&w, (BOT, "files.getUploadURLExternal"), wanted).await;
    w.http.post(upload["upload_url"].as_str().unwrap()).body("hello").send().await.unwrap();
    let complete = json!({"files": [{"id": upload["file_id"]}], "channel_id": BACKOFFICE});
    answer(&w, (BOT, "files.completeUploadExternal"), complete).await;
    let history = w.ok(BOT, "conversations.history", json!({"channel": BACKOFFICE})).await;
    assert_eq!(history["messages"][0]["files"][0]["name"], "a.txt");
}

#[tokio::test]
async fn events() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let mut next = async |name: &str| {
        let frame = app.frame().await;
        app.acknowledge(&frame).await;
        check(&format!("events/{name}"), &frame["payload"]);
    };
    for token in [ANA, "xoxp-eve"] {
        w.says(token, "@Backoffice Bot hello").await;
        next("AppMention").await;
        next("Message").await;
    }
    let metadata = json!({"event_type": "op", "event_payload": {"id": "1"}});
    let card = json!({"channel": BACKOFFICE, "text": "card", "metadata": metadata});
    let card = w.ok(BOT, "chat.postMessage", card).await;
    next("Message").await;
    let reply = json!({"channel": BACKOFFICE, "text": "reply", "thread_ts": card["ts"]});
    w.ok("xoxp-eve", "chat.postMessage", reply).await;
    next("Message").await;
    let item = json!({"channel": BACKOFFICE, "timestamp": card["ts"], "name": "+1"});
    w.ok(ANA, "reactions.add", item.clone()).await;
    next("ReactionAdded").await;
    w.ok(ANA, "reactions.remove", item).await;
    next("ReactionRemoved").await;
    w.ok(BOT, "chat.update", json!({"channel": BACKOFFICE, "ts": card["ts"], "text": "new"})).await;
    next("MessageChanged").await;
    w.ok(BOT, "chat.delete", json!({"channel": BACKOFFICE, "ts": card["ts"]})).await;
    next("MessageDeleted").await;
    w.control("invite", json!({"inviter": "U0ANA", "channel": BACKOFFICE, "user": "U0CHLOE"})).await;
    next("MessageChannelJoin").await;
    next("MemberJoinedChannel").await;
    w.control("open_home", json!({"user": "U0ANA"})).await;
    next("AppHomeOpened").await;
}

#[tokio::test]
async fn events_of_admins() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let developers = "C0DEVELOPERS";
    for (control, body, samples) in [
        ("kick", json!({"channel": BACKOFFICE, "user": "U0GUS"}), ["MemberLeftChannel"].as_slice()),
        ("share_channel", json!({"channel": developers, "with": "T0OTHER"}), &["ChannelShared"]),
        ("unshare_channel", json!({"channel": developers}), &["ChannelUnshared"]),
        ("set_person", json!({"user": "U0BEN", "deleted": true}), &["UserChange"]),
        (
            "set_usergroup",
            json!({"usergroup": "S0SUPPORT", "users": ["U0BEN", "U0CHLOE"]}),
            &["SubteamMembersChanged"],
        ),
        ("uninstall_app", json!({}), &["TokensRevoked", "AppUninstalled"]),
    ] {
        assert_eq!(w.control(control, body).await["ok"], true, "{control}");
        for name in samples {
            let frame = app.frame().await;
            app.acknowledge(&frame).await;
            check(&format!("events/{name}"), &frame["payload"]);
        }
    }
}

/// Slack documents this notice without an inner event; the published sample has the same keys one level deeper.
#[tokio::test]
async fn the_notice_of_limited_events() {
    let w = World::new().await;
    let mut app = w.connect().await;
    w.control("rate_limit_events", json!({})).await;
    let frame = app.frame().await;
    if let Some(theirs) = sample("events/AppRateLimited") {
        let mut wrong = Vec::new();
        compare(&theirs["event"], &frame["payload"], "AppRateLimited.event", &mut wrong);
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}

#[tokio::test]
async fn interactions() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let slash = json!({"user": "U0ANA", "channel": BACKOFFICE, "command": "/infra", "text": "x"});
    let (_, frame) = tokio::join!(w.control("slash_command", slash), async {
        let frame = app.frame().await;
        app.acknowledge(&frame).await;
        frame
    });
    check("app-backend/SlashCommand", &frame["payload"]);
    let element = json!({
        "type": "button", "action_id": "go", "value": "1", "style": "primary",
        "text": {"type": "plain_text", "text": "Go"},
    });
    let card = json!({
        "channel": BACKOFFICE, "text": "card", "blocks": [{"type": "actions", "elements": [element]}],
    });
    let card = w.ok(BOT, "chat.postMessage", card).await;
    app.event().await;
    let press = json!({"user": "U0ANA", "channel": BACKOFFICE, "ts": card["ts"], "action_id": "go"});
    let (_, frame) = tokio::join!(w.control("press_button", press), async {
        let frame = app.frame().await;
        app.acknowledge(&frame).await;
        frame
    });
    check("app-backend/BlockAction", &frame["payload"]);
    let view = json!({
        "type": "modal", "title": {"type": "plain_text", "text": "T"}, "notify_on_close": true, "blocks": [],
    });
    let open = json!({"trigger_id": frame["payload"]["trigger_id"], "view": view});
    let opened = answer(&w, (BOT, "views.open"), open).await;
    let updated = json!({"view_id": opened["view"]["id"], "view": view});
    answer(&w, (BOT, "views.update"), updated).await;
    let which = json!({"user": "U0ANA", "view_id": opened["view"]["id"]});
    let (_, frame) = tokio::join!(w.control("submit_view", which.clone()), async {
        let frame = app.frame().await;
        let answer = json!({"response_action": "errors", "errors": {}});
        app.send(&json!({"envelope_id": frame["envelope_id"], "payload": answer}).to_string()).await;
        frame
    });
    check("app-backend/ViewSubmission", &frame["payload"]);
    let (_, frame) = tokio::join!(w.control("close_view", which), async {
        let frame = app.frame().await;
        app.acknowledge(&frame).await;
        frame
    });
    check("app-backend/ViewClosed", &frame["payload"]);
    let home = json!({"user_id": "U0ANA", "view": {"type": "home", "blocks": []}});
    answer(&w, (BOT, "views.publish"), home).await;
}
