use serde_json::json;
use tokio_tungstenite::connect_async;

use crate::support::{ANA, BACKOFFICE, BOT, Socket, World};

#[tokio::test]
async fn a_mention_is_two_events_of_one_message() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let ts = w.says(ANA, "<@U0BOT> hi").await;
    let mention = app.event().await;
    let twin = app.event().await;
    assert_eq!((&mention["type"], &mention["ts"]), (&json!("app_mention"), &json!(ts)));
    assert_eq!((&twin["type"], &twin["ts"]), (&json!("message"), &json!(ts)));
    assert_eq!(twin["channel_type"], "group");
    w.emulator.settled().await;
}

#[tokio::test]
async fn reactions_and_edits_are_events() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let ts = w.says(BOT, "card").await;
    let own = app.event().await;
    assert_eq!((&own["bot_id"], &own["user"]), (&json!("B0BOT"), &json!("U0BOT")));
    let item = json!({"channel": BACKOFFICE, "timestamp": ts, "name": "white_check_mark"});
    w.ok("xoxp-ben", "reactions.add", item.clone()).await;
    let added = app.event().await;
    assert_eq!(added["type"], "reaction_added");
    assert_eq!(added["item"], json!({"type": "message", "channel": BACKOFFICE, "ts": ts}));
    assert_eq!((&added["user"], &added["item_user"]), (&json!("U0BEN"), &json!("U0BOT")));
    assert_eq!((added.get("team"), added.get("text")), (None, None));
    w.ok("xoxp-ben", "reactions.remove", item).await;
    assert_eq!(app.event().await["type"], "reaction_removed");
    w.ok(BOT, "chat.update", json!({"channel": BACKOFFICE, "ts": ts, "text": "done"})).await;
    let changed = app.event().await;
    assert_eq!(changed["subtype"], "message_changed");
    assert_eq!(changed["message"]["text"], "done");
    assert_eq!(changed["previous_message"]["text"], "card");
    w.ok(BOT, "chat.delete", json!({"channel": BACKOFFICE, "ts": ts})).await;
    assert_eq!(app.event().await["deleted_ts"], json!(ts));
}

#[tokio::test]
async fn an_edited_mention_is_a_mention_again() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let ts = w.says(ANA, "<@U0BOT> one").await;
    app.event().await;
    app.event().await;
    let edit = json!({"channel": BACKOFFICE, "ts": ts, "text": "<@U0BOT> two"});
    w.ok(ANA, "chat.update", edit).await;
    let mention = app.event().await;
    assert_eq!((&mention["type"], &mention["ts"]), (&json!("app_mention"), &json!(ts)));
    assert_eq!(mention["edited"]["user"], "U0ANA");
    assert_eq!(app.event().await["subtype"], "message_changed");
}

#[tokio::test]
async fn somebody_from_another_workspace_is_marked() {
    let w = World::new().await;
    let mut app = w.connect().await;
    w.says("xoxp-eve", "@Backoffice Bot hi").await;
    let frame = app.frame().await;
    assert_eq!(frame["payload"]["is_ext_shared_channel"], true);
    let event = &frame["payload"]["event"];
    assert_eq!((&event["user_team"], &event["source_team"]), (&json!("T0OTHER"), &json!("T0OTHER")));
    assert_eq!(event["user_profile"]["team"], "T0OTHER");
}

#[tokio::test]
async fn the_app_hears_nothing_of_channels_that_it_is_not_in() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let direct = w.ok(ANA, "conversations.open", json!({"users": "U0BEN"})).await;
    let between = json!({"channel": direct["channel"]["id"], "text": "<@U0BOT> behind your back"});
    w.ok(ANA, "chat.postMessage", between).await;
    w.says(ANA, "here").await;
    assert_eq!(app.event().await["text"], "here");
}

#[tokio::test]
async fn events_wait_for_a_connection() {
    let w = World::new().await;
    w.says(ANA, "first").await;
    w.says(ANA, "second").await;
    let mut app = w.connect().await;
    assert_eq!(app.event().await["text"], "first");
    assert_eq!(app.event().await["text"], "second");
    w.emulator.settled().await;
}

#[tokio::test]
async fn each_payload_goes_to_one_connection_in_turn() {
    let w = World::new().await;
    let mut one = w.connect().await;
    let mut two = w.connect().await;
    for text in ["a", "b", "c", "d"] {
        w.says(ANA, text).await;
    }
    let got = [one.event().await, two.event().await, one.event().await, two.event().await];
    let texts: Vec<_> = got.iter().map(|event| event["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn an_unacknowledged_event_comes_again_three_times() {
    let w = World::new().await;
    let mut app = w.connect().await;
    w.says(ANA, "hello").await;
    let first = app.frame().await;
    assert_eq!((&first["retry_attempt"], &first["retry_reason"]), (&json!(0), &json!("")));
    for (attempt, wait) in [(1, &[3][..]), (2, &[3, 60]), (3, &[3, 300])] {
        for seconds in wait {
            w.clock.advance(*seconds);
            // An answered call shows that the broker has seen the clock.
            w.control("faults", json!({})).await;
        }
        let again = app.frame().await;
        assert_eq!((&again["retry_attempt"], &again["retry_reason"]), (&json!(attempt), &json!("timeout")));
        assert_eq!(again["payload"]["event_id"], first["payload"]["event_id"]);
    }
    w.clock.advance(3);
    w.emulator.settled().await;
}

#[tokio::test]
async fn an_acknowledgement_ends_the_repetitions() {
    let w = World::new().await;
    let mut app = w.connect().await;
    w.says(ANA, "hello").await;
    let first = app.frame().await;
    w.clock.advance(3);
    let second = app.frame().await;
    assert_eq!(second["retry_attempt"], 1);
    app.acknowledge(&first).await;
    w.emulator.settled().await;
}

#[tokio::test]
async fn a_repetition_prefers_another_connection() {
    let w = World::new().await;
    let mut silent = w.connect().await;
    let mut other = w.connect().await;
    w.says(ANA, "hello").await;
    silent.frame().await;
    w.clock.advance(3);
    let again = other.frame().await;
    assert_eq!(again["retry_attempt"], 1);
    other.acknowledge(&again).await;
    w.emulator.settled().await;
}

#[tokio::test]
async fn what_a_lost_connection_carried_comes_again_at_once() {
    let w = World::new().await;
    let mut first = w.connect().await;
    w.says(ANA, "hello").await;
    let carried = first.frame().await;
    first.cut();
    let mut second = w.connect().await;
    let again = second.frame().await;
    assert_eq!(again["envelope_id"], carried["envelope_id"]);
    assert_eq!(again["retry_attempt"], 0);
    second.acknowledge(&again).await;
    w.emulator.settled().await;
}

#[tokio::test]
async fn a_link_works_once() {
    let w = World::new().await;
    let link = w.link().await;
    let _open = Socket::open(&link).await;
    assert!(connect_async(&link).await.is_err());
    let late = w.link().await;
    w.clock.advance(31);
    assert!(connect_async(&late).await.is_err());
}

#[tokio::test]
async fn the_eleventh_connection_is_too_many() {
    let w = World::new().await;
    let mut open = Vec::new();
    for number in 1..=10 {
        let mut socket = Socket::open(&w.link().await).await;
        assert_eq!(socket.frame().await["num_connections"], number);
        open.push(socket);
    }
    let mut more = Socket::open(&w.link().await).await;
    assert_eq!(more.frame().await["reason"], "too_many_websockets");
    more.closed().await;
}

#[tokio::test]
async fn a_short_life_ends_with_a_warning() {
    let w = World::new().await;
    let link = format!("{}&debug_reconnects=true", w.link().await);
    let mut app = Socket::open(&link).await;
    assert_eq!(app.frame().await["debug_info"]["approximate_connection_time"], 360);
    w.clock.advance(350);
    let warning = app.frame().await;
    assert_eq!((&warning["type"], &warning["reason"]), (&json!("disconnect"), &json!("warning")));
    w.clock.advance(10);
    assert_eq!(app.frame().await["reason"], "refresh_requested");
    app.closed().await;
}
