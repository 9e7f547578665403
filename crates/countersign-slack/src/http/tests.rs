mod contents;
mod load;
mod rubbish;
mod wire;

use std::sync::Arc;
use std::sync::Mutex;

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use countersign_engine::ports::{Cause, Clock as _, Delivery};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::Semaphore;

use super::{Receiver, SigningSecrets};
use crate::Secret;
use crate::socket_mode::Sink;
use crate::test_clock::TestClock;

const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Stores as long as it is let, and remembers.
struct TestSink {
    stored: Mutex<Vec<Delivery>>,
    /// What is stored takes one of these.
    leave: Semaphore,
    fails: bool,
}

#[async_trait]
impl Sink for TestSink {
    async fn accept(&self, delivery: Delivery) -> Result<(), Cause> {
        self.leave.acquire().await.unwrap().forget();
        if self.fails {
            return Err("the disk is full".into());
        }
        self.stored.lock().unwrap().push(delivery);
        Ok(())
    }
}

/// A receiver with what it works with.
struct Bench {
    sink: Arc<TestSink>,
    clock: Arc<TestClock>,
    secrets: Arc<SigningSecrets>,
    receiver: Arc<Receiver>,
}

impl Bench {
    fn new() -> Self {
        Self::with(TestSink { stored: Mutex::default(), leave: Semaphore::new(1_000_000), fails: false })
    }

    fn with(sink: TestSink) -> Self {
        let sink = Arc::new(sink);
        let clock = Arc::new(TestClock::new());
        let secrets = Arc::new(SigningSecrets::new(&Secret::new(SECRET)).unwrap());
        let receiver = Receiver::new(sink.clone(), Arc::clone(&secrets), clock.clone());
        Self { sink, clock, secrets, receiver }
    }

    fn stored(&self) -> Vec<Delivery> {
        self.sink.stored.lock().unwrap().clone()
    }

    /// As Slack would send it now.
    fn signed(&self, media_type: &str, body: &str) -> Request {
        self.signed_with(SECRET, media_type, body)
    }

    fn signed_with(&self, secret: &str, media_type: &str, body: &str) -> Request {
        let seconds = self.clock.now().as_second().to_string();
        let signature = sign(secret, &seconds, body.as_bytes());
        let request = Request::post("/slack/events").header("content-type", media_type);
        let request = request.header("x-slack-request-timestamp", seconds);
        request.header("x-slack-signature", signature).body(Body::from(body.to_owned())).unwrap()
    }

    async fn status(&self, request: Request) -> u16 {
        self.receiver.receive(request).await.status().as_u16()
    }

    async fn answers(&self, media_type: &str, body: &str) -> (u16, String) {
        read(self.receiver.receive(self.signed(media_type, body)).await).await
    }
}

/// The signature that Slack would send.
pub(super) fn sign(secret: &str, seconds: &str, body: &[u8]) -> String {
    let key = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let mac = key.chain_update(format!("v0:{seconds}:")).chain_update(body).finalize();
    format!("v0={}", hex::encode(mac.into_bytes()))
}

async fn read(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn event(number: usize) -> Value {
    json!({"type": "event_callback", "team_id": "T1", "event_id": format!("Ev{number}"),
        "event": {"type": "app_mention", "channel": "C1", "user": "U1", "text": "<@UBOT> help",
        "ts": format!("17000000{:02}.{:06}", number / 1_000_000, number % 1_000_000)}})
}
