use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::office::{Office, Program};
use super::signed::{Slack, callback, reacted, said};
use crate::workspace::{BACKOFFICE, Thread};

const HTTP: [&str; 2] = ["--http", "127.0.0.1:0"];

async fn serving(office: &Office) -> (Program, Slack) {
    let program = office.serves(&HTTP).await.with_addresses().await;
    let slack = Slack::to(program.http.as_deref().unwrap());
    (program, slack)
}

#[tokio::test]
async fn a_request_is_signed_and_done_over_signed_requests() {
    let office = Office::new().await;
    let (program, slack) = serving(&office).await;
    let text = "<@U0BOT> set acme trial remaining to 14 days";
    let ts = office.workspace.says("ana", BACKOFFICE, text).await;
    for kind in ["app_mention", "message", "app_mention"] {
        slack.sends(&said(kind, ("U0ANA", BACKOFFICE, &ts), text)).await;
    }
    office.workspace.thread_that(BACKOFFICE, &ts, |thread| thread.says("Waiting for signatures")).await;
    for (name, user) in [("ana", "U0ANA"), ("ben", "U0BEN")] {
        office.workspace.signs(name, BACKOFFICE, &ts).await;
        slack.sends(&reacted(user, BACKOFFICE, &ts)).await;
    }
    let thread = office.workspace.thread_that(BACKOFFICE, &ts, Thread::is_done).await;
    assert_eq!(thread.cards().len(), 1);

    let (status, health) = program.health().await;
    assert_eq!((status, &health["http"]["stored"]), (200, &json!(5)), "{health}");
    assert!(health.get("socket_mode").is_none(), "{health}");
    assert!(program.stops().await.1.success());
}

#[tokio::test]
async fn a_challenge_and_a_slash_command() {
    let office = Office::new().await;
    let (_program, slack) = serving(&office).await;
    let challenge = json!({"type": "url_verification", "challenge": "3eZ", "token": "x"}).to_string();
    let answer = slack.signed(&challenge).header("content-type", "application/json").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (200, "3eZ"));
    assert_eq!(slack.form(&[("ssl_check", "1"), ("token", "x")]).await.status(), 200);
    let fields = [
        ("command", "/set"),
        ("text", "nonsense"),
        ("user_id", "U0ANA"),
        ("team_id", "T0DEMO"),
        ("channel_id", BACKOFFICE),
        ("trigger_id", "1.2.3"),
        ("response_url", "http://127.0.0.1:9/x"),
    ];
    assert_eq!(slack.form(&fields).await.status(), 200);
    assert_eq!(office.rows("slash/1.2.3").await, 1);
}

#[tokio::test]
async fn what_nobody_should_send_changes_nothing() {
    let office = Office::new().await;
    let (program, slack) = serving(&office).await;
    let event = said("app_mention", ("U0ANA", BACKOFFICE, "1800000000.000100"), "<@U0BOT> help");
    assert_eq!(slack.signing_with("another").tries(&event).await, Some(401));
    let large = json!({"type": "event_callback", "x": "x".repeat(1024 * 1024)}).to_string();
    let refused = slack.signed(&large).header("content-type", "application/json").send().await;
    // The connection may be closed before all of it was sent.
    assert!(refused.is_err() || refused.is_ok_and(|answer| answer.status() == 413));
    assert_eq!(office.rows("%").await, 0);

    let unknown = callback("Ev1", &json!({"type": "galaxy_collided"}));
    slack.sends(&unknown).await;
    let asked = std::time::Instant::now();
    loop {
        let (status, health) = program.health().await;
        if health["unknown"]["events_api/galaxy_collided"] == 1 {
            assert_eq!((status, &health["http"]["refused"]), (200, &json!(1)), "{health}");
            break;
        }
        assert!(asked.elapsed() < crate::program::PATIENCE, "{health}");
    }
    slack.sends(&unknown).await;
    slack.sends(&callback("Ev2", &json!({"type": "app_uninstalled"}))).await;
    let (status, health) = program.health().await;
    assert_eq!(status, 503, "{health}");
    assert!(program.stops().await.1.success());
}

/// Whoever sends slowly is left waiting for no longer than Slack would wait, and holds up nobody.
#[tokio::test]
async fn a_slow_body_holds_up_nobody() {
    let office = Office::new().await;
    let (_program, slack) = serving(&office).await;
    let event = said("message", ("U0ANA", BACKOFFICE, "1800000000.000100"), "small talk");
    let request = slack.signed(&event.to_string()).build().unwrap();
    let address = request.url().socket_addrs(|| None).unwrap()[0];
    let head = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
    let head = format!(
        "POST /slack HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\
         x-slack-request-timestamp: {}\r\nx-slack-signature: {}\r\n\r\n{{",
        head("x-slack-request-timestamp"),
        head("x-slack-signature")
    );
    let mut slow = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    slack.sends(&event).await;
    for stream in &mut slow {
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 408");
    }
}
