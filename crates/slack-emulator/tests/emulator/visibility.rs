use serde_json::json;

use crate::support::{ANA, BACKOFFICE, BOT, World};

async fn channels(w: &World, token: &str) -> Vec<String> {
    let answer = w.ok(token, "conversations.list", json!({"types": "public_channel,private_channel"})).await;
    let list = answer["channels"].as_array().unwrap();
    list.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn private_channels_are_their_members_alone() {
    let w = World::new().await;
    assert_eq!(channels(&w, ANA).await, ["C0GENERAL", "C0BACKOFFICE"]);
    assert_eq!(channels(&w, "xoxp-chloe").await, ["C0GENERAL", "C0DEVELOPERS"]);
    assert_eq!(channels(&w, "xoxp-gus").await, ["C0BACKOFFICE"]);
    assert_eq!(channels(&w, "xoxp-eve").await, ["C0BACKOFFICE"]);
    assert_eq!(channels(&w, BOT).await, ["C0GENERAL", "C0BACKOFFICE", "C0DEVELOPERS"]);
}

#[tokio::test]
async fn who_is_not_in_a_private_channel_finds_nothing_there() {
    let w = World::new().await;
    let ts = w.says(ANA, "secret").await;
    let stranger = "xoxp-chloe";
    let calls = [
        ("conversations.info", json!({"channel": BACKOFFICE})),
        ("conversations.members", json!({"channel": BACKOFFICE})),
        ("conversations.history", json!({"channel": BACKOFFICE})),
        ("conversations.replies", json!({"channel": BACKOFFICE, "ts": ts})),
        ("conversations.join", json!({"channel": BACKOFFICE})),
        ("chat.postMessage", json!({"channel": BACKOFFICE, "text": "hi"})),
        ("chat.postMessage", json!({"channel": "#backoffice", "text": "hi"})),
        ("chat.update", json!({"channel": BACKOFFICE, "ts": ts, "text": "x"})),
        ("chat.delete", json!({"channel": BACKOFFICE, "ts": ts})),
        ("chat.getPermalink", json!({"channel": BACKOFFICE, "message_ts": ts})),
        ("reactions.add", json!({"channel": BACKOFFICE, "timestamp": ts, "name": "eyes"})),
        ("reactions.remove", json!({"channel": BACKOFFICE, "timestamp": ts, "name": "eyes"})),
        ("reactions.get", json!({"channel": BACKOFFICE, "timestamp": ts})),
    ];
    for (method, arguments) in calls {
        assert_eq!(w.error(stranger, method, arguments).await, "channel_not_found", "{method}");
    }
}

#[tokio::test]
async fn accounts_say_what_they_are() {
    let w = World::new().await;
    let user = async |id: &str| w.ok(BOT, "users.info", json!({"user": id})).await["user"].clone();
    let gus = user("U0GUS").await;
    assert_eq!((&gus["is_restricted"], &gus["is_ultra_restricted"]), (&json!(true), &json!(true)));
    assert_eq!(user("U0EVE").await["team_id"], "T0OTHER");
    assert_eq!(user("U0BOT").await["is_bot"], true);
    assert_eq!(user("U0ANA").await["is_restricted"], false);
    assert_eq!(w.error(BOT, "users.info", json!({"user": "U0NOBODY"})).await, "user_not_found");
    assert_eq!(w.error("xoxp-eve", "users.info", json!({"user": "U0CHLOE"})).await, "user_not_visible");
    let shared = w.ok(BOT, "conversations.info", json!({"channel": BACKOFFICE})).await;
    assert_eq!(shared["channel"]["is_ext_shared"], true);
}

#[tokio::test]
async fn a_public_channel_is_joined_and_then_written_to() {
    let w = World::new().await;
    w.control("reset", json!({})).await;
    let members = w.ok(ANA, "conversations.members", json!({"channel": "C0GENERAL"})).await;
    assert!(!members["members"].as_array().unwrap().contains(&json!("U0GUS")));
    let invited = json!({"inviter": "U0ANA", "channel": "C0GENERAL", "user": "U0GUS"});
    assert_eq!(w.control("invite", invited).await["ok"], true);
    assert_eq!(channels(&w, "xoxp-gus").await, ["C0GENERAL", "C0BACKOFFICE"]);
}
