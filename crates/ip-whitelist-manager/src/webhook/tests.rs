use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;

use jiff::Timestamp;

use super::*;
use crate::aws::Aws;
use crate::domain::{Entry, Environment};

fn notice(words: &str) -> Notice {
    Notice::Added(Entry {
        cidr: "203.0.113.7/32".parse().unwrap(),
        environment: Environment::new("dev"),
        description: words.to_owned(),
        added_by: "ana".to_owned(),
        person: Some("T1/U0ANA".to_owned()),
        added_at: Timestamp::UNIX_EPOCH,
        expires_at: Timestamp::from_second(1_800_000_000).unwrap(),
    })
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
const GONE: &str = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// Takes a request for each answer, and hands on their bodies; its address.
fn serve(answers: Vec<String>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let taken = std::thread::spawn(move || {
        let answered = answers.iter().map(|answer| {
            let (mut stream, _) = listener.accept().unwrap();
            let body = body(&mut stream);
            stream.write_all(answer.as_bytes()).unwrap();
            body
        });
        answered.collect()
    });
    (address, taken)
}

fn slack(answer: &str) -> (WebhookUrl, JoinHandle<Vec<String>>) {
    let (address, taken) = serve(vec![answer.to_owned()]);
    (format!("{address}/services/T0/B0/SECRET").parse().unwrap(), taken)
}

/// Secrets Manager's answer.
fn secret(text: &str) -> String {
    let answer = json!({ "Name": "webhook", "SecretString": text }).to_string();
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}", answer.len())
}

fn body(stream: &mut TcpStream) -> String {
    let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&seen).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_ascii_lowercase();
            let length = length.split("content-length: ").nth(1).unwrap().lines().next().unwrap().to_owned();
            if body.len() >= length.parse().unwrap() {
                return body.to_owned();
            }
        }
        let count = stream.read(&mut buffer).unwrap();
        assert_ne!(count, 0, "the request ended early");
        seen.extend_from_slice(&buffer[..count]);
    }
}

#[tokio::test]
async fn nothing_that_a_person_wrote_is_markup() {
    let (url, taken) = slack(OK);
    Webhook::new(url).tell(&notice("<!channel> *John* & `@here` <https://evil.example|x>")).await.unwrap();
    let said: serde_json::Value = serde_json::from_str(&taken.join().unwrap()[0]).unwrap();
    let said = said["text"].as_str().unwrap().replace('\u{2060}', "|");
    insta::assert_snapshot!(said, @"`203.0.113.7/32` is let through to `dev` until <!date^1800000000^{date_short_pretty} {time}|2027-01-15 08:00 UTC>. &lt;!channel&gt; |*|John|*| &amp; ˋ|@|hereˋ &lt;https|:|//evil.example|x&gt;. Added by ana.");
}

#[tokio::test]
async fn a_failure_does_not_say_the_address() {
    let (url, taken) = slack(GONE);
    let webhook = Webhook::new(url);
    let refused = webhook.tell(&notice("x")).await.unwrap_err();
    insta::assert_snapshot!(refused, @"Slack's webhook answered 404; make a new one if it was revoked");
    taken.join().unwrap();
    let unreached = webhook.tell(&notice("x")).await.unwrap_err();
    let said = format!("{unreached:?} {} {webhook:?}", countersign_engine::causes::line(&*unreached));
    assert!(said.contains("cannot be reached"), "{said}");
    assert!(!said.contains("SECRET") && !said.contains("services"), "{said}");
}

#[tokio::test]
async fn an_address_in_a_secret_is_read_once_and_again_when_slack_refuses_it() {
    let (slack, said) = serve([OK, OK, GONE, OK].map(str::to_owned).to_vec());
    let (old, new) = (format!("{slack}/services/T0/B0/OLD"), format!("{slack}/services/T0/B0/NEW"));
    let (manager, asked) = serve(vec![secret(&old), secret(&json!({ "webhook_url": new }).to_string())]);
    let webhook = Webhook::of_secret(Secret::new(Arc::new(Aws::emulator(&manager)), "whitelist-webhook"));
    for _ in 0..2 {
        webhook.tell(&notice("x")).await.unwrap();
    }
    webhook.tell(&notice("x")).await.unwrap_err();
    webhook.tell(&notice("x")).await.unwrap();
    assert_eq!(asked.join().unwrap(), [r#"{"SecretId":"whitelist-webhook"}"#; 2]);
    assert_eq!(said.join().unwrap().len(), 4);
}

#[tokio::test]
async fn a_secret_that_holds_something_else_is_not_said() {
    let (manager, _asked) = serve(vec![secret("xoxb-1-SECRET")]);
    let webhook = Webhook::of_secret(Secret::new(Arc::new(Aws::emulator(&manager)), "whitelist-webhook"));
    let wrong = webhook.tell(&notice("x")).await.unwrap_err();
    insta::assert_snapshot!(countersign_engine::causes::line(&*wrong), @r#"the address of Slack's webhook is not known: the secret `whitelist-webhook` does not hold a webhook's address; it must be the address alone, or `{"webhook_url": "…"}`: it is no address; Slack's begin with https://hooks.slack.com/services/"#);
    assert!(!format!("{wrong:?}{webhook:?}").contains("SECRET"));
    let unread = webhook.tell(&notice("x")).await.unwrap_err();
    let said = countersign_engine::causes::line(&*unread);
    insta::assert_snapshot!(said.split(": ").take(2).collect::<Vec<_>>().join(": "), @"the address of Slack's webhook is not known: the secret `whitelist-webhook` cannot be read; check that it exists, and that the function may read it");
}

#[test]
fn an_address_that_others_could_read_is_refused() {
    let fault = |text: &str| text.parse::<WebhookUrl>().err();
    assert_eq!(fault("https://hooks.slack.com/services/T0/B0/x"), None);
    assert_eq!(fault("http://127.0.0.1:8080/x"), None);
    assert_eq!(fault("http://[::1]:8080/x"), None);
    for open in
        ["http://hooks.slack.com/services/T0/B0/x", "http://127.0.0.1.example.com/", "http://10.0.0.1/"]
    {
        assert_eq!(fault(open), Some(WebhookUrlFault::Open), "{open}");
    }
    for unreadable in ["", "hooks.slack.com", "ftp://127.0.0.1/", "https://"] {
        assert_eq!(fault(unreadable), Some(WebhookUrlFault::Unreadable), "{unreadable}");
    }
}
