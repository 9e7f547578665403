//! A running emulator with a clock that stands still, an HTTP client, and an app's socket.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use slack_emulator::{Clock, Emulator, Options, Sleep, StoreLocation};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub const BACKOFFICE: &str = "C0BACKOFFICE";
pub const ANA: &str = "xoxp-ana";
pub const BOT: &str = "xoxb-backoffice";

/// How long a test waits for something that must come, before it fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A clock that moves when the test says so.
pub struct FakeClock(watch::Sender<Timestamp>);

impl FakeClock {
    fn new() -> Self {
        Self(watch::channel("2026-11-20T12:00:00Z".parse().unwrap()).0)
    }

    pub fn advance(&self, seconds: i64) {
        self.0.send_modify(|now| *now = now.checked_add(SignedDuration::from_secs(seconds)).unwrap());
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    fn sleep_until(&self, moment: Timestamp) -> Sleep {
        let mut now = self.0.subscribe();
        Box::pin(async move {
            let _ = now.wait_for(|now| *now >= moment).await;
        })
    }
}

/// An emulator under test.
pub struct World {
    pub emulator: Emulator,
    pub clock: Arc<FakeClock>,
    pub http: reqwest::Client,
}

impl World {
    pub async fn new() -> Self {
        Self::on(StoreLocation::Memory).await
    }

    pub async fn in_folder(folder: &Path) -> Self {
        Self::on(StoreLocation::File(folder.join("workspace.db"))).await
    }

    async fn on(store: StoreLocation) -> Self {
        let clock = Arc::new(FakeClock::new());
        let options = Options { store, clock: clock.clone(), ..Options::default() };
        let emulator = Emulator::start(options).await.unwrap();
        Self { emulator, clock, http: reqwest::Client::new() }
    }

    /// Calls a method with JSON arguments.
    pub async fn call(&self, token: &str, method: &str, arguments: Value) -> Value {
        let request = self.http.post(format!("{}{method}", self.emulator.api_url())).bearer_auth(token);
        let request =
            request.header("content-type", "application/json; charset=utf-8").body(arguments.to_string());
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Calls a method that must succeed.
    pub async fn ok(&self, token: &str, method: &str, arguments: Value) -> Value {
        let answer = self.call(token, method, arguments).await;
        assert_eq!(answer["ok"], true, "{method}: {answer}");
        answer
    }

    /// Calls a method that must fail; its error.
    pub async fn error(&self, token: &str, method: &str, arguments: Value) -> String {
        let answer = self.call(token, method, arguments).await;
        assert_eq!(answer["ok"], false, "{method}: {answer}");
        answer["error"].as_str().unwrap().to_owned()
    }

    /// Posts to `#backoffice`; the message's `ts`.
    pub async fn says(&self, token: &str, text: &str) -> String {
        let answer = self.ok(token, "chat.postMessage", json!({"channel": BACKOFFICE, "text": text})).await;
        answer["ts"].as_str().unwrap().to_owned()
    }

    /// `POST /emulator/…`
    pub async fn control(&self, path: &str, body: Value) -> Value {
        let request = self.http.post(format!("{}/emulator/{path}", self.emulator.url())).json(&body);
        request.send().await.unwrap().json().await.unwrap()
    }

    /// The link of `apps.connections.open`.
    pub async fn link(&self) -> String {
        let answer = self.ok("xapp-backoffice", "apps.connections.open", json!({})).await;
        answer["url"].as_str().unwrap().to_owned()
    }

    /// A new connection of the app, greeted.
    pub async fn connect(&self) -> Socket {
        let mut socket = Socket::open(&self.link().await).await;
        assert_eq!(socket.frame().await["type"], "hello");
        socket
    }
}

/// The app's end of a socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub async fn open(link: &str) -> Self {
        Self(connect_async(link).await.unwrap().0)
    }

    /// The next frame that is JSON.
    pub async fn frame(&mut self) -> Value {
        loop {
            match self.next().await {
                Some(Message::Text(text)) => return serde_json::from_str(text.as_str()).unwrap(),
                Some(Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("a frame was expected, not {other:?}"),
            }
        }
    }

    /// The next message of the protocol; `None` at the end.
    pub async fn next(&mut self) -> Option<Message> {
        let next = tokio::time::timeout(PATIENCE, self.0.next()).await;
        next.expect("nothing came on the socket").and_then(Result::ok)
    }

    pub async fn send(&mut self, text: &str) {
        self.0.send(Message::Text(text.into())).await.unwrap();
    }

    pub async fn acknowledge(&mut self, frame: &Value) {
        self.send(&json!({"envelope_id": frame["envelope_id"]}).to_string()).await;
    }

    /// The next event, acknowledged.
    pub async fn event(&mut self) -> Value {
        let frame = self.frame().await;
        assert_eq!(frame["type"], "events_api", "{frame}");
        self.acknowledge(&frame).await;
        frame["payload"]["event"].clone()
    }

    /// Waits until the other side has closed.
    pub async fn closed(&mut self) {
        while let Some(message) = self.next().await {
            if matches!(message, Message::Close(_)) {
                return;
            }
        }
    }

    /// Goes away without a word.
    pub fn cut(self) {
        drop(self);
    }
}
