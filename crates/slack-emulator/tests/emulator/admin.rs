//! What admins do, through `POST /emulator/…`.

use serde_json::{Value, json};

use crate::support::{ANA, BACKOFFICE, BOT, Socket, World};

const DEVELOPERS: &str = "C0DEVELOPERS";

async fn accepted(w: &World, path: &str, body: Value) -> Value {
    let answer = w.control(path, body).await;
    assert_eq!(answer["ok"], true, "{path}: {answer}");
    answer
}

/// The next payload that is an event, acknowledged, with its wrapper.
async fn wrapped(app: &mut Socket) -> Value {
    let frame = app.frame().await;
    app.acknowledge(&frame).await;
    frame["payload"].clone()
}

async fn channel(w: &World, id: &str) -> Value {
    w.ok(BOT, "conversations.info", json!({"channel": id})).await["channel"].clone()
}

#[tokio::test]
async fn a_kicked_person_is_gone() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let kick = json!({"channel": BACKOFFICE, "user": "U0GUS"});
    accepted(&w, "kick", kick.clone()).await;
    let event = app.event().await;
    assert_eq!(event["type"], "member_left_channel");
    assert_eq!((&event["user"], &event["channel"]), (&json!("U0GUS"), &json!(BACKOFFICE)));
    let members = w.ok(BOT, "conversations.members", json!({"channel": BACKOFFICE})).await;
    assert_eq!(members["members"], json!(["U0ANA", "U0BEN", "U0EVE", "U0BOT"]));
    assert_eq!(w.control("kick", kick).await["error"], "user_not_in_channel");
    w.emulator.settled().await;
}

#[tokio::test]
async fn a_bot_that_is_kicked_can_no_longer_write() {
    let w = World::new().await;
    let mut app = w.connect().await;
    accepted(&w, "kick", json!({"channel": "C0GENERAL", "user": "U0BOT"})).await;
    assert_eq!(app.event().await["type"], "member_left_channel");
    let post = json!({"channel": "C0GENERAL", "text": "hello"});
    assert_eq!(w.error(BOT, "chat.postMessage", post).await, "not_in_channel");
}

#[tokio::test]
async fn a_shared_channel_says_so_everywhere() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let with = |pending: bool| json!({"channel": DEVELOPERS, "with": "T0OTHER", "pending": pending});

    accepted(&w, "share_channel", with(true)).await;
    let seen = channel(&w, DEVELOPERS).await;
    assert_eq!((&seen["is_pending_ext_shared"], &seen["is_ext_shared"]), (&json!(true), &json!(false)));
    assert_eq!(seen["pending_shared"], json!(["T0OTHER"]));

    accepted(&w, "share_channel", with(false)).await;
    let payload = wrapped(&mut app).await;
    assert_eq!(payload["event"]["type"], "channel_shared", "an open invitation is no event");
    assert_eq!(payload["event"]["connected_team_id"], "T0OTHER");
    assert_eq!(payload["is_ext_shared_channel"], true);
    let seen = channel(&w, DEVELOPERS).await;
    assert_eq!((&seen["is_pending_ext_shared"], &seen["is_ext_shared"]), (&json!(false), &json!(true)));
    assert_eq!(seen["shared_team_ids"], json!(["T0DEMO", "T0OTHER"]));

    let here = json!({"channel": DEVELOPERS, "text": "hello"});
    w.ok("xoxp-chloe", "chat.postMessage", here).await;
    assert_eq!(wrapped(&mut app).await["is_ext_shared_channel"], true);

    accepted(&w, "unshare_channel", json!({"channel": DEVELOPERS})).await;
    let payload = wrapped(&mut app).await;
    assert_eq!(payload["event"]["type"], "channel_unshared");
    assert_eq!(payload["event"]["previously_connected_team_id"], "T0OTHER");
    assert_eq!(payload["event"]["is_ext_shared"], false);
    assert_eq!(payload["is_ext_shared_channel"], false);
    assert_eq!(channel(&w, DEVELOPERS).await["is_ext_shared"], false);
    let again = w.control("unshare_channel", json!({"channel": DEVELOPERS})).await;
    assert_eq!(again["error"], "channel_not_shared");
}

#[tokio::test]
async fn people_of_the_other_workspace_leave_with_it() {
    let w = World::new().await;
    accepted(&w, "unshare_channel", json!({"channel": BACKOFFICE, "with": "T0OTHER"})).await;
    let members = w.ok(BOT, "conversations.members", json!({"channel": BACKOFFICE})).await;
    assert_eq!(members["members"], json!(["U0ANA", "U0BEN", "U0GUS", "U0BOT"]));
    assert_eq!(channel(&w, BACKOFFICE).await["is_ext_shared"], false);
}

#[tokio::test]
async fn a_person_changes() {
    let w = World::new().await;
    let mut app = w.connect().await;
    accepted(&w, "set_person", json!({"user": "U0BEN", "is_restricted": true, "title": "Guest"})).await;
    let event = app.event().await;
    assert_eq!(event["type"], "user_change");
    assert_eq!((&event["user"]["id"], &event["user"]["is_restricted"]), (&json!("U0BEN"), &json!(true)));
    accepted(&w, "set_person", json!({"user": "U0BEN", "deleted": true})).await;
    assert_eq!(app.event().await["user"]["deleted"], true);
    let ben = w.ok(BOT, "users.info", json!({"user": "U0BEN"})).await;
    assert_eq!((&ben["user"]["deleted"], &ben["user"]["is_restricted"]), (&json!(true), &json!(true)));
    assert_eq!(w.error("xoxp-ben", "auth.test", json!({})).await, "account_inactive");
    for wrong in [
        json!({"user": "U0BOT", "deleted": true}),
        json!({"user": "U0ANA", "is_admin": true, "is_restricted": true}),
        json!({"user": "U0ANA", "is_restricted": false, "is_ultra_restricted": true}),
    ] {
        assert_eq!(w.control("set_person", wrong.clone()).await["ok"], false, "{wrong}");
    }
}

#[tokio::test]
async fn a_user_group_changes() {
    let w = World::new().await;
    let mut app = w.connect().await;
    accepted(&w, "set_usergroup", json!({"usergroup": "S0SUPPORT", "users": ["U0BEN", "U0CHLOE"]})).await;
    let event = app.event().await;
    assert_eq!(event["type"], "subteam_members_changed");
    assert_eq!((&event["added_users"], &event["removed_users"]), (&json!(["U0CHLOE"]), &json!(["U0ANA"])));
    let users = w.ok(BOT, "usergroups.users.list", json!({"usergroup": "S0SUPPORT"})).await;
    assert_eq!(users["users"], json!(["U0BEN", "U0CHLOE"]));
    let unknown = w.control("set_usergroup", json!({"usergroup": "S0NONE", "users": []})).await;
    assert_eq!(unknown["error"], "no_such_subteam");
}

#[tokio::test]
async fn an_uninstalled_app_hears_of_it_and_then_nothing() {
    let w = World::new().await;
    let mut app = w.connect().await;
    accepted(&w, "uninstall_app", json!({})).await;
    let revoked = app.event().await;
    assert_eq!((&revoked["type"], &revoked["tokens"]["bot"]), (&json!("tokens_revoked"), &json!(["U0BOT"])));
    assert_eq!(app.event().await["type"], "app_uninstalled");
    assert_eq!(w.error(BOT, "auth.test", json!({})).await, "account_inactive");
    w.says(ANA, "anybody there?").await;
    w.emulator.settled().await;
    let slash = json!({"user": "U0ANA", "channel": BACKOFFICE, "command": "/infra"});
    assert_eq!(w.control("slash_command", slash).await["error"], "app_not_installed");

    accepted(&w, "rotate_token", json!({"bot_token": "xoxb-again"})).await;
    w.ok("xoxb-again", "auth.test", json!({})).await;
    assert_eq!(w.error(BOT, "auth.test", json!({})).await, "token_revoked");
    w.says(ANA, "and now?").await;
    assert_eq!(app.event().await["text"], "and now?");
}

#[tokio::test]
async fn an_old_token_is_never_good_again() {
    let w = World::new().await;
    accepted(&w, "rotate_token", json!({"bot_token": "xoxb-new"})).await;
    assert_eq!(w.error(BOT, "auth.test", json!({})).await, "token_revoked");
    for taken in [BOT, "xoxb-new", "xapp-backoffice", ANA] {
        let answer = w.control("rotate_token", json!({"bot_token": taken})).await;
        assert_eq!(answer["error"], "token_in_use", "{taken}");
    }
}

#[tokio::test]
async fn a_scope_that_was_taken_away_is_named() {
    let w = World::new().await;
    let answer = accepted(&w, "scopes", json!({"bot": ["users:read"]})).await;
    assert_eq!(answer["bot"], json!(["users:read"]));
    let refused = w.call(BOT, "chat.postMessage", json!({"channel": BACKOFFICE, "text": "x"})).await;
    assert_eq!(refused["error"], "missing_scope");
    assert_eq!((&refused["needed"], &refused["provided"]), (&json!("chat:write"), &json!("users:read")));
    accepted(&w, "reset", json!({})).await;
    w.ok(BOT, "chat.postMessage", json!({"channel": BACKOFFICE, "text": "x"})).await;
}

#[tokio::test]
async fn limited_events_are_announced_without_an_inner_event() {
    let w = World::new().await;
    let mut app = w.connect().await;
    accepted(&w, "rate_limit_events", json!({})).await;
    let payload = wrapped(&mut app).await;
    assert_eq!(payload["type"], "app_rate_limited");
    assert_eq!(payload["minute_rate_limited"].as_i64().unwrap() % 60, 0);
    assert_eq!(payload.get("event"), None);
}

#[tokio::test]
async fn what_admins_did_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let w = World::in_folder(folder.path()).await;
    accepted(&w, "set_person", json!({"user": "U0BEN", "deleted": true})).await;
    accepted(&w, "set_usergroup", json!({"usergroup": "S0SUPPORT", "users": []})).await;
    accepted(&w, "share_channel", json!({"channel": DEVELOPERS, "with": "T0OTHER"})).await;
    accepted(&w, "rotate_token", json!({"bot_token": "xoxb-new"})).await;
    w.emulator.shutdown().await;

    let w = World::in_folder(folder.path()).await;
    assert_eq!(w.error("xoxp-ben", "auth.test", json!({})).await, "account_inactive");
    assert_eq!(w.error(BOT, "auth.test", json!({})).await, "token_revoked");
    let users = w.ok("xoxb-new", "usergroups.users.list", json!({"usergroup": "S0SUPPORT"})).await;
    assert_eq!(users["users"], json!([]));
    let shared = w.ok("xoxb-new", "conversations.info", json!({"channel": DEVELOPERS})).await;
    assert_eq!(shared["channel"]["is_ext_shared"], true);
    accepted(&w, "reset", json!({})).await;
    w.ok("xoxp-ben", "auth.test", json!({})).await;
    w.ok(BOT, "auth.test", json!({})).await;
    w.emulator.shutdown().await;

    let w = World::in_folder(folder.path()).await;
    w.ok("xoxp-ben", "auth.test", json!({})).await;
}
