use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use countersign_core::ids::{ChannelId, MessageId, UserId, UsergroupId};
use serde_json::{Value, json};

use super::*;
use crate::Secret;
use crate::test_clock::TestClock;
use crate::test_slack::{Scripted, Seen, ok, refusal};

async fn setup(script: impl Fn(usize) -> Response + Send + Sync + 'static) -> Scripted {
    Scripted::start(script).await
}

impl Scripted {
    async fn post(&self) -> Result<MessageId, WebError> {
        let channel = ChannelId::new("C1");
        let message = NewMessage {
            target: Target { channel: &channel, thread: None },
            content: Content { text: "hi", blocks: &json!([{"type": "divider"}]) },
            metadata: Some(&json!({"event_type": "countersign"})),
        };
        self.api.post_message(message).await
    }

    async fn user(&self) -> Result<Value, WebError> {
        self.api.user(&UserId::new("U1")).await
    }
}

fn busy(wait: &str) -> Response {
    (StatusCode::TOO_MANY_REQUESTS, [("retry-after", wait.to_owned())]).into_response()
}

#[tokio::test]
async fn a_message_is_posted_with_the_token_in_its_header() {
    let setup = setup(|_| ok(&json!({"ts": "1.000001"}))).await;
    assert_eq!(setup.post().await.unwrap(), MessageId::new("1.000001"));
    let Seen { path, headers, body } = setup.seen().remove(0);
    assert_eq!(path, "/api/chat.postMessage");
    assert_eq!(headers["authorization"], "Bearer xoxb-secret");
    for part in ["channel=C1", "unfurl_links=false", "link_names=false", "metadata=%7B%22event_type%22"] {
        assert!(body.contains(part), "{part} in {body}");
    }
    assert!(!body.contains("xoxb"));
}

#[tokio::test]
async fn too_many_calls_are_waited_for_even_by_a_post() {
    let setup = setup(|call| if call < 2 { busy("7") } else { ok(&json!({"ts": "1.0"})) }).await;
    setup.post().await.unwrap();
    assert_eq!((setup.calls(), setup.clock.sleeps()), (3, 2));
}

#[tokio::test]
async fn a_long_wait_is_the_callers_business() {
    let setup = setup(|_| busy("3600")).await;
    let error = setup.post().await.unwrap_err();
    assert!(matches!(error, WebError::RateLimited { retry_after, .. } if retry_after.as_secs() == 3600));
    assert_eq!((setup.calls(), setup.clock.sleeps()), (1, 0));
}

#[tokio::test]
async fn a_rate_limit_that_never_ends_does() {
    let setup = setup(|_| busy("1")).await;
    assert!(matches!(setup.user().await, Err(WebError::RateLimited { .. })));
    assert_eq!(setup.calls(), 4);
}

#[tokio::test]
async fn a_post_with_an_unknown_outcome_is_never_repeated() {
    for broken in
        [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::BAD_GATEWAY, StatusCode::SERVICE_UNAVAILABLE]
    {
        let setup = setup(move |_| broken.into_response()).await;
        assert!(matches!(setup.post().await, Err(WebError::Lost { .. })));
        assert_eq!(setup.calls(), 1);
    }
    for code in ["internal_error", "fatal_error"] {
        let setup = setup(move |_| refusal(code)).await;
        assert!(matches!(setup.post().await, Err(WebError::Lost { .. })));
        assert_eq!(setup.calls(), 1);
    }
}

#[tokio::test]
async fn reads_and_edits_are_repeated() {
    let flaky = |call| {
        if call == 0 { StatusCode::BAD_GATEWAY.into_response() } else { ok(&json!({"user": {"id": "U1"}})) }
    };
    let reading = setup(flaky).await;
    assert_eq!(reading.user().await.unwrap()["id"], "U1");
    let editing = setup(flaky).await;
    let content = Content { text: "x", blocks: &json!([]) };
    editing.api.update_message((&ChannelId::new("C1"), &MessageId::new("1.0")), content, None).await.unwrap();
    assert_eq!((reading.calls(), editing.calls()), (2, 2));
}

#[tokio::test]
async fn a_reaction_that_is_there_already_is_done() {
    let setup = setup(|_| refusal("already_reacted")).await;
    setup.api.add_reaction(&ChannelId::new("C1"), &MessageId::new("1.0"), "eyes").await.unwrap();
}

#[tokio::test]
async fn of_all_who_claim_a_reaction_one_is_told_that_it_put_it_there() {
    let message = (&ChannelId::new("C1"), &MessageId::new("1.0"));
    let first = setup(|_| ok(&json!({}))).await;
    assert_eq!(first.api.claim_reaction(message, "gear").await.unwrap(), Reacted::Now);
    let second = setup(|_| refusal("already_reacted")).await;
    assert_eq!(second.api.claim_reaction(message, "gear").await.unwrap(), Reacted::Before);
    // Asked again, it would find its own.
    let lost = setup(|_| StatusCode::BAD_GATEWAY.into_response()).await;
    lost.api.claim_reaction(message, "gear").await.unwrap_err();
    assert_eq!(lost.calls(), 1);
    let gone = setup(|_| refusal("no_reaction")).await;
    gone.api.remove_reaction(message, "gear").await.unwrap();
}

#[tokio::test]
async fn a_refusal_says_which_scope_is_missing() {
    let setup = setup(|_| {
        let answer =
            json!({"ok": false, "error": "missing_scope", "needed": "users:read", "provided": "chat:write"});
        axum::Json(answer).into_response()
    });
    let error = setup.await.user().await.unwrap_err();
    assert_eq!(error.code(), Some("missing_scope"));
    insta::assert_snapshot!(error, @"Slack refused users.info: missing_scope (it needs the scope users:read; the token has chat:write)");
}

#[tokio::test]
async fn answers_that_are_none() {
    for body in ["", "<html>", "[]", "{\"ok\": \"yes\"}", "null"] {
        let setup = setup(move |_| body.into_response()).await;
        assert!(matches!(setup.user().await, Err(WebError::Unreadable { .. })), "{body}");
    }
    let huge = setup(|_| " ".repeat(9 * 1024 * 1024).into_response()).await;
    assert!(matches!(huge.user().await, Err(WebError::Unreadable { .. })));
    let without_ts = setup(|_| ok(&json!({}))).await;
    assert!(matches!(without_ts.post().await, Err(WebError::Unreadable { .. })));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let setup = setup(|_| (StatusCode::FOUND, [("location", "/elsewhere")]).into_response()).await;
    assert!(matches!(setup.user().await, Err(WebError::Unreadable { .. })));
    assert_eq!(setup.calls(), 1);
}

#[tokio::test]
async fn nobody_at_home_is_not_available_and_silence_is_lost() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base: reqwest::Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let deadlines = Deadlines { call: std::time::Duration::from_millis(20), ..Deadlines::default() };
    let settings = Settings { base, token: Secret::new("t"), deadlines };
    let api = WebApi::new(settings, Arc::new(TestClock::new())).unwrap();
    // Nothing accepts: the request goes out, and no answer comes.
    let error = api.open_view("t", &json!({})).await.unwrap_err();
    assert!(matches!(error, WebError::Lost { .. }), "{error}");
    drop(listener);
    let error = api.open_view("t", &json!({})).await.unwrap_err();
    assert!(matches!(error, WebError::Unavailable { .. }), "{error}");
}

#[tokio::test]
async fn a_token_with_a_line_break_is_refused_and_not_shown() {
    let setup = setup(|_| ok(&json!({}))).await;
    let error = setup.api.with_token(Secret::new("xoxb-\nsecret")).auth_test().await.unwrap_err();
    assert!(matches!(error, WebError::Unavailable { .. }));
    assert!(!format!("{error} {error:?} {:?}", setup.api).contains("secret"));
    assert_eq!(setup.calls(), 0);
}

#[tokio::test]
async fn who_the_bot_is() {
    let setup =
        setup(|_| ok(&json!({"team_id": "T1", "user_id": "U1", "bot_id": "B1", "enterprise_id": ""}))).await;
    let me = setup.api.auth_test().await.unwrap();
    assert_eq!((me.org().as_str(), me.bot_id.as_str(), me.enterprise.as_ref()), ("T1", "B1", None));
}

#[tokio::test]
async fn an_answer_goes_only_to_slack() {
    let setup = setup(|_| "ok".into_response()).await;
    let blocks = json!([]);
    let content = Content { text: "hi", blocks: &blocks };
    setup.api.respond(&format!("{}/commands/1", setup.origin), content).await.unwrap();
    assert!(setup.seen()[0].headers.get("authorization").is_none());
    for url in [
        "http://127.0.0.1:1/commands",
        "https://evil.example/commands",
        "https://slack.com.evil.example/",
        "https://evilslack.com/",
        "http://hooks.slack.com/commands",
        "https://hooks.slack.com:8443/",
        "https://user:password@hooks.slack.com/",
        "file:///etc/passwd",
        "",
    ] {
        let refused = setup.api.respond(url, content).await;
        assert!(matches!(refused, Err(WebError::ForeignAddress)), "{url}");
    }
    assert_eq!(setup.calls(), 1);
}

#[tokio::test]
async fn an_answer_is_sent_again_only_where_nothing_was_said() {
    let blocks = json!([]);
    let content = Content { text: "hi", blocks: &blocks };
    for (status, calls) in [
        (StatusCode::TOO_MANY_REQUESTS, 3),
        (StatusCode::BAD_GATEWAY, 1),
        (StatusCode::NOT_FOUND, 1),
        (StatusCode::OK, 1),
    ] {
        let setup = setup(move |_| (status, [("retry-after", "2")]).into_response()).await;
        let said = setup.api.respond(&format!("{}/commands/1", setup.origin), content).await;
        assert_eq!((said.is_ok(), setup.calls()), (status.is_success(), calls), "{status}");
        assert_eq!(setup.clock.sleeps(), calls - 1);
    }
    let setup = setup(|_| busy("31")).await;
    assert!(setup.api.respond(&format!("{}/commands/1", setup.origin), content).await.is_err());
    assert_eq!((setup.calls(), setup.clock.sleeps()), (1, 0));
}

#[tokio::test]
async fn channels_groups_and_home_tabs() {
    let answer = json!({"channel": {"id": "D1"}, "users": ["U1", "U2"]});
    let setup = setup(move |_| ok(&answer)).await;
    let (c1, u1) = (ChannelId::new("C1"), UserId::new("U1"));
    assert_eq!(setup.api.channel(&c1).await.unwrap()["id"], "D1");
    assert_eq!(setup.api.open_direct(&u1).await.unwrap().as_str(), "D1");
    assert_eq!(setup.api.usergroup(&UsergroupId::new("S1")).await.unwrap(), [u1.clone(), UserId::new("U2")]);
    setup.api.publish_home(&u1, &json!([])).await.unwrap();
    let seen: Vec<String> =
        setup.seen().into_iter().map(|seen| format!("{} {}", seen.path, seen.body)).collect();
    insta::assert_snapshot!(seen.join("\n"), @"
    /api/conversations.info channel=C1
    /api/conversations.open users=U1
    /api/usergroups.users.list usergroup=S1&include_disabled=false
    /api/views.publish user_id=U1&view=%7B%22type%22%3A%22home%22%2C%22blocks%22%3A%5B%5D%7D
    ");
}

#[tokio::test]
async fn a_group_with_a_hole_in_it_is_none() {
    for users in [json!(null), json!(["U1", null]), json!(["U1", ""]), json!({"0": "U1"})] {
        let setup = setup(move |_| ok(&json!({"users": users}))).await;
        let read = setup.api.usergroup(&UsergroupId::new("S1")).await;
        assert!(matches!(read, Err(WebError::Unreadable { .. })));
    }
}

#[tokio::test]
async fn a_socket_without_tls_is_taken_from_a_server_without_tls_alone() {
    let setup = setup(|_| ok(&json!({"url": "ws://127.0.0.1:1/link"}))).await;
    assert_eq!(setup.api.open_connection().await.unwrap().as_str(), "ws://127.0.0.1:1/link");
    let elsewhere = with_url("ftp://x/").await;
    assert!(matches!(elsewhere, Err(WebError::Unreadable { .. })));
}

async fn with_url(url: &'static str) -> Result<reqwest::Url, WebError> {
    setup(move |_| ok(&json!({"url": url}))).await.api.open_connection().await
}
