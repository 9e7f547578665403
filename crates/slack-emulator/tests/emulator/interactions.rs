use serde_json::{Value, json};

use crate::support::{ANA, BACKOFFICE, BOT, Socket, World};

fn slash() -> Value {
    json!({"user": "U0ANA", "channel": BACKOFFICE, "command": "/infra", "text": "stop dev"})
}

fn button() -> Value {
    json!([{"type": "actions", "elements": [
        {"type": "button", "action_id": "approve", "value": "op_1", "text": {"type": "plain_text", "text": "Yes"}},
    ]}])
}

fn modal(title: &str) -> Value {
    json!({
        "type": "modal",
        "callback_id": "confirm",
        "private_metadata": "op_1",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Run"},
        "blocks": [{
            "type": "input",
            "block_id": "target",
            "label": {"type": "plain_text", "text": "Type the name"},
            "element": {"type": "plain_text_input", "action_id": "name"},
        }],
    })
}

async fn answer(app: &mut Socket, frame: &Value, payload: Value) {
    app.send(&json!({"envelope_id": frame["envelope_id"], "payload": payload}).to_string()).await;
}

/// Presses the button of a new card; the card's `ts`, and the payload that the app got.
async fn press(w: &World, app: &mut Socket) -> (String, Value) {
    let card = json!({"channel": BACKOFFICE, "text": "card", "blocks": button()});
    let card = w.ok(BOT, "chat.postMessage", card).await;
    app.event().await;
    let ts = card["ts"].as_str().unwrap().to_owned();
    let press = json!({"user": "U0BEN", "channel": BACKOFFICE, "ts": ts, "action_id": "approve"});
    let (pressed, payload) = tokio::join!(w.control("press_button", press), async {
        let frame = app.frame().await;
        assert_eq!(frame["type"], "interactive");
        app.acknowledge(&frame).await;
        frame["payload"].clone()
    });
    assert_eq!(pressed["ok"], true);
    (ts, payload)
}

/// Opens a modal in front of ben; its id.
async fn open(w: &World, app: &mut Socket) -> Value {
    let (_, payload) = press(w, app).await;
    let view = json!({"trigger_id": payload["trigger_id"], "view": modal("Sure?")});
    w.ok(BOT, "views.open", view).await["view"]["id"].clone()
}

#[tokio::test]
async fn a_slash_command_shows_its_answer_to_the_person_alone() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let (done, ()) = tokio::join!(w.control("slash_command", slash()), async {
        let frame = app.frame().await;
        assert_eq!(frame["type"], "slash_commands");
        let payload = &frame["payload"];
        assert_eq!((&payload["command"], &payload["text"]), (&json!("/infra"), &json!("stop dev")));
        assert_eq!(
            (&payload["user_name"], &payload["channel_name"]),
            (&json!("ana"), &json!("privategroup"))
        );
        answer(&mut app, &frame, json!({"text": "stopping"})).await;
    });
    assert_eq!(done["ok"], true);
    let state = w.control("state", json!({})).await;
    assert_eq!(state["ephemeral"][0]["text"], "stopping");
    assert_eq!(state["ephemeral"][0]["user"], "U0ANA");
    w.emulator.settled().await;
}

#[tokio::test]
async fn without_a_connection_the_person_sees_the_failure() {
    let w = World::new().await;
    let failed = w.control("slash_command", slash()).await;
    assert_eq!(failed["error"], "dispatch_failed");
    let state = w.control("state", json!({})).await;
    let told = state["ephemeral"][0]["text"].as_str().unwrap();
    assert!(told.contains("dispatch_failed"), "{told}");
}

#[tokio::test]
async fn a_late_acknowledgement_is_a_failure_and_nothing_is_repeated() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let (failed, ()) = tokio::join!(w.control("slash_command", slash()), async {
        let late = app.frame().await;
        w.clock.advance(3);
        w.control("faults", json!({})).await;
        app.acknowledge(&late).await;
    });
    assert_eq!(failed["error"], "dispatch_failed");
    w.says(ANA, "next").await;
    assert_eq!(app.event().await["text"], "next");
}

#[tokio::test]
async fn an_answer_of_twenty_kilobytes_is_dropped() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let (failed, ()) = tokio::join!(w.control("slash_command", slash()), async {
        let frame = app.frame().await;
        answer(&mut app, &frame, json!({"text": "x".repeat(20 * 1024)})).await;
        // An answered event shows that the frame before it was read.
        w.says(ANA, "next").await;
        app.event().await;
        w.clock.advance(3);
    });
    assert_eq!(failed["error"], "dispatch_failed");
}

#[tokio::test]
async fn who_may_not_or_what_is_not_there_is_refused() {
    let w = World::new().await;
    let with = |key: &str, value: &str| {
        let mut body = slash();
        body[key] = json!(value);
        body
    };
    for (body, error) in [
        (with("command", "/nope"), "invalid_command"),
        (with("user", "U0CHLOE"), "channel_not_found"),
        (with("channel", "C0NOWHERE"), "channel_not_found"),
    ] {
        assert_eq!(w.control("slash_command", body).await["error"], error);
    }
    let press = json!({"user": "U0ANA", "channel": BACKOFFICE, "ts": "1.000000", "action_id": "x"});
    assert_eq!(w.control("press_button", press).await["error"], "message_not_found");
    let ts = w.says(BOT, "no buttons").await;
    let press = json!({"user": "U0ANA", "channel": BACKOFFICE, "ts": ts, "action_id": "x"});
    assert_eq!(w.control("press_button", press).await["error"], "action_not_found");
}

#[tokio::test]
async fn a_button_carries_everything_about_its_message() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let (ts, payload) = press(&w, &mut app).await;
    assert_eq!(payload["type"], "block_actions");
    assert_eq!((&payload["user"]["id"], &payload["user"]["team_id"]), (&json!("U0BEN"), &json!("T0DEMO")));
    assert_eq!(payload["container"]["message_ts"], json!(ts));
    assert_eq!(payload["message"]["text"], "card");
    let action = &payload["actions"][0];
    assert_eq!((&action["action_id"], &action["value"]), (&json!("approve"), &json!("op_1")));
}

#[tokio::test]
async fn a_response_url_works_five_times_within_half_an_hour() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let (ts, payload) = press(&w, &mut app).await;
    let url = payload["response_url"].as_str().unwrap();
    let respond = async |body: Value| w.http.post(url).json(&body).send().await.unwrap().status().as_u16();
    assert_eq!(respond(json!({"replace_original": true, "text": "replaced"})).await, 200);
    let history = w.ok(BOT, "conversations.history", json!({"channel": BACKOFFICE})).await;
    assert_eq!(
        (&history["messages"][0]["ts"], &history["messages"][0]["text"]),
        (&json!(ts), &json!("replaced"))
    );
    for _ in 0..4 {
        assert_eq!(respond(json!({"text": "for ben"})).await, 200);
    }
    assert_eq!(respond(json!({"text": "once more"})).await, 404);
    let (_, payload) = {
        app.event().await;
        press(&w, &mut app).await
    };
    w.clock.advance(30 * 60 + 1);
    let late = w.http.post(payload["response_url"].as_str().unwrap()).json(&json!({"text": "late"}));
    assert_eq!(late.send().await.unwrap().status().as_u16(), 404);
}

#[tokio::test]
async fn a_trigger_opens_one_modal_within_three_seconds() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let (_, payload) = press(&w, &mut app).await;
    let open = json!({"trigger_id": payload["trigger_id"], "view": modal("Sure?")});
    w.ok(BOT, "views.open", open.clone()).await;
    assert_eq!(w.error(BOT, "views.open", open).await, "exchanged_trigger_id");
    let (_, payload) = press(&w, &mut app).await;
    w.clock.advance(4);
    let late = json!({"trigger_id": payload["trigger_id"], "view": modal("Sure?")});
    assert_eq!(w.error(BOT, "views.open", late).await, "expired_trigger_id");
    let made_up = json!({"trigger_id": "1.2.3", "view": modal("Sure?")});
    assert_eq!(w.error(BOT, "views.open", made_up).await, "invalid_trigger_id");
    let long = json!({"trigger_id": "1.2.3", "view": modal(&"x".repeat(25))});
    assert_eq!(w.error(BOT, "views.open", long).await, "invalid_arguments");
}

#[tokio::test]
async fn a_modal_is_submitted_with_what_was_entered() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let id = open(&w, &mut app).await;
    let submit = |values: Value| json!({"user": "U0BEN", "view_id": id, "values": values});
    let empty = w.control("submit_view", submit(json!({}))).await;
    assert_eq!(empty["errors"]["target"], "Please complete this required field.");
    let (wrong, ()) = tokio::join!(w.control("submit_view", submit(json!({"target": "prod"}))), async {
        let frame = app.frame().await;
        let view = &frame["payload"]["view"];
        assert_eq!(view["state"]["values"]["target"]["name"]["value"], "prod");
        assert_eq!(view["private_metadata"], "op_1");
        let errors = json!({"response_action": "errors", "errors": {"target": "Not that one."}});
        answer(&mut app, &frame, errors).await;
    });
    assert_eq!(wrong["errors"]["target"], "Not that one.");
    let values = json!({"target": {"name": "dev"}});
    let (done, ()) = tokio::join!(w.control("submit_view", submit(values)), async {
        let frame = app.frame().await;
        app.acknowledge(&frame).await;
    });
    assert_eq!(done["ok"], true);
    assert_eq!(w.control("state", json!({})).await["views"], json!([]));
}

#[tokio::test]
async fn modals_are_pushed_updated_and_cleared() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let first = open(&w, &mut app).await;
    let mut top = first;
    for (action, open_views) in [("push", 2), ("push", 3), ("update", 3), ("clear", 0)] {
        let submit = json!({"user": "U0BEN", "view_id": top, "values": {"target": "x"}});
        let (done, ()) = tokio::join!(w.control("submit_view", submit), async {
            let frame = app.frame().await;
            answer(&mut app, &frame, json!({"response_action": action, "view": modal(action)})).await;
        });
        assert_eq!(done["ok"], true, "{action}");
        let state = w.control("state", json!({})).await;
        let views = state["views"].as_array().unwrap();
        assert_eq!(views.len(), open_views, "{action}");
        if let Some(last) = views.last() {
            top = last["id"].clone();
        }
    }
}

#[tokio::test]
async fn a_view_is_updated_in_the_version_that_was_seen() {
    let w = World::new().await;
    let mut app = w.connect().await;
    let id = open(&w, &mut app).await;
    let update = |hash: Value| json!({"view_id": id, "hash": hash, "view": modal("Two")});
    assert_eq!(w.error(BOT, "views.update", update(json!("old"))).await, "hash_conflict");
    let updated = w.ok(BOT, "views.update", update(Value::Null)).await;
    assert_eq!(updated["view"]["title"]["text"], "Two");
    let close = json!({"user": "U0BEN", "view_id": id});
    assert_eq!(w.control("close_view", close.clone()).await["ok"], true);
    assert_eq!(w.control("close_view", close).await["error"], "not_found");
    assert_eq!(w.error(BOT, "views.update", update(Value::Null)).await, "not_found");
}
