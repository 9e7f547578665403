//! What Slack sends, and what becomes of it.

use countersign_engine::ports::Retry;

use super::*;
use crate::inbound::kind;

#[tokio::test]
async fn an_event_is_stored_as_it_came() {
    let bench = Bench::new();
    // Odd, but JSON: it must come out as it went in.
    let body = event(1).to_string().replace("\"team_id\":", " \"team_id\" :\n");
    assert_eq!(bench.answers(JSON, &body).await, (200, String::new()));
    let stored = bench.stored();
    let delivery = stored.first().unwrap();
    assert_eq!(delivery.payload, body);
    assert_eq!(
        (delivery.kind.as_str(), delivery.key.as_str()),
        (kind::EVENTS_API, "msg/T1/C1/1700000000.000001")
    );
    assert_eq!((delivery.received_at, &delivery.retry), (bench.clock.now(), &None));
}

#[tokio::test]
async fn the_charset_makes_no_difference() {
    let bench = Bench::new();
    let (status, _) = bench.answers("Application/JSON; charset=utf-8", &event(1).to_string()).await;
    assert_eq!((status, bench.stored().len()), (200, 1));
}

#[tokio::test]
async fn a_retry_says_so() {
    let bench = Bench::new();
    let mut request = bench.signed(JSON, &event(1).to_string());
    request.headers_mut().insert("x-slack-retry-num", "2".parse().unwrap());
    request.headers_mut().insert("x-slack-retry-reason", "http_timeout".parse().unwrap());
    assert_eq!(bench.status(request).await, 200);
    let retry = bench.stored().remove(0).retry;
    assert_eq!(retry, Some(Retry { number: 2, reason: "http_timeout".to_owned() }));
}

#[tokio::test]
async fn a_challenge_comes_back() {
    let bench = Bench::new();
    let body = json!({"token": "x", "challenge": "3eZbrw1aB", "type": "url_verification"}).to_string();
    assert_eq!(bench.answers(JSON, &body).await, (200, "3eZbrw1aB".to_owned()));
    assert!(bench.stored().is_empty());
    let unsigned = bench.signed_with("another secret", JSON, &body);
    assert_eq!(read(bench.receiver.receive(unsigned).await).await, (401, String::new()));
}

#[tokio::test]
async fn a_look_at_the_certificate_is_answered() {
    let bench = Bench::new();
    assert_eq!(bench.answers(FORM, "ssl_check=1&token=x").await, (200, String::new()));
    assert!(bench.stored().is_empty());
}

#[tokio::test]
async fn a_slash_command_is_stored_as_socket_mode_would() {
    let bench = Bench::new();
    let body = "command=%2Finfra&text=stop+dev+%26+%C3%BC&user_id=U1&team_id=T1&channel_id=C1\
                &response_url=https%3A%2F%2Fhooks.slack.com%2Fx&trigger_id=1.2.abc";
    assert_eq!(bench.answers(FORM, body).await, (200, String::new()));
    let delivery = bench.stored().remove(0);
    assert_eq!((delivery.kind.as_str(), delivery.key.as_str()), (kind::SLASH_COMMANDS, "slash/1.2.abc"));
    insta::assert_snapshot!(delivery.payload, @r#"{"command":"/infra","text":"stop dev & ü","user_id":"U1","team_id":"T1","channel_id":"C1","response_url":"https://hooks.slack.com/x","trigger_id":"1.2.abc"}"#);
}

#[tokio::test]
async fn an_interaction_is_the_payload_of_a_form() {
    let bench = Bench::new();
    let pressed = json!({"type": "block_actions", "trigger_id": "t.1", "user": {"id": "Ü&1"}}).to_string();
    let body = serde_urlencoded::to_string([("payload", &pressed)]).unwrap();
    assert_eq!(bench.answers(FORM, &body).await, (200, String::new()));
    let delivery = bench.stored().remove(0);
    assert_eq!((delivery.kind.as_str(), delivery.key.as_str()), (kind::INTERACTIVE, "act/t.1"));
    assert_eq!(delivery.payload, pressed);
}

#[tokio::test]
async fn what_has_to_be_answered_at_once_is_in_the_body() {
    let bench = Bench::new();
    let carried = json!({"value": "op", "expected": "acme"}).to_string();
    let submitted = json!({"type": "view_submission", "trigger_id": "t.2", "user": {"id": "U1"},
        "view": {"callback_id": "confirm", "private_metadata": carried,
            "state": {"values": {"b": {"a": {"type": "plain_text_input", "value": "acne"}}}}}});
    let body = serde_urlencoded::to_string([("payload", submitted.to_string())]).unwrap();
    let (status, answer) = bench.answers(FORM, &body).await;
    assert_eq!(status, 200);
    assert!(answer.contains("\"response_action\":\"errors\""), "{answer}");
    assert_eq!(bench.stored().len(), 1);
}

#[tokio::test]
async fn an_unknown_form_is_kept() {
    let bench = Bench::new();
    assert_eq!(bench.answers(FORM, "galaxy=1").await, (200, String::new()));
    let delivery = bench.stored().remove(0);
    assert_eq!((delivery.kind.as_str(), delivery.payload.as_str()), ("form", r#"{"galaxy":"1"}"#));
}

#[tokio::test]
async fn while_secrets_rotate_both_hold() {
    let bench = Bench::new();
    bench.secrets.rotate(&Secret::new("new"), bench.clock.now()).unwrap();
    let body = event(1).to_string();
    assert_eq!(bench.status(bench.signed_with("new", JSON, &body)).await, 200);
    assert_eq!(bench.status(bench.signed(JSON, &body)).await, 200);
    bench.clock.advance(jiff::SignedDuration::from_mins(6));
    assert_eq!(bench.status(bench.signed(JSON, &body)).await, 401);
    assert_eq!(bench.status(bench.signed_with("new", JSON, &body)).await, 200);
}
