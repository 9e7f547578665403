//! An app with a URL: what it gets stands in a queue, and the test says what it answers.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use crate::support::PATIENCE;

/// The demo app's.
pub const SECRET: &str = "backoffice-signing-secret";

/// The app's server; it echoes challenges on its own.
pub struct Receiver {
    pub url: String,
    requests: mpsc::UnboundedReceiver<Heard>,
}

/// One request.
pub struct Heard {
    pub headers: HeaderMap,
    pub body: String,
    reply: oneshot::Sender<Response>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/slack/events", listener.local_addr().unwrap());
        let (heard, requests) = mpsc::unbounded_channel();
        let router = Router::new()
            .route("/slack/events", post(hear))
            .route("/deaf", post(async || "ok"))
            .route("/locked", post(async || StatusCode::UNAUTHORIZED))
            .with_state(heard);
        tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        Self { url, requests }
    }

    /// Another URL of the same server.
    pub fn at(&self, path: &str) -> String {
        self.url.replace("/slack/events", path)
    }

    /// The next request, which waits for its answer.
    pub async fn request(&mut self) -> Heard {
        let next = tokio::time::timeout(PATIENCE, self.requests.recv()).await;
        next.expect("nothing was sent").unwrap()
    }

    /// The next event, taken.
    pub async fn event(&mut self) -> Value {
        let heard = self.request().await;
        let event = heard.json()["event"].clone();
        heard.answer("");
        event
    }
}

async fn hear(
    State(heard): State<mpsc::UnboundedSender<Heard>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body = String::from_utf8(body.to_vec()).unwrap();
    let json: Value = serde_json::from_str(&body).unwrap_or_default();
    if json["type"] == "url_verification" {
        return axum::Json(json!({"challenge": json["challenge"]})).into_response();
    }
    let (reply, replied) = oneshot::channel();
    heard.send(Heard { headers, body, reply }).unwrap();
    replied.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// A field of a form.
    pub fn field(&self, name: &str) -> String {
        let fields: Vec<(String, String)> = serde_urlencoded::from_str(&self.body).unwrap();
        fields.into_iter().find(|(key, _)| key == name).unwrap().1
    }

    /// Whether the signature is right for the moment that it names.
    pub fn is_signed(&self) -> bool {
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(format!("v0:{}:{}", self.header("x-slack-request-timestamp"), self.body).as_bytes());
        self.header("x-slack-signature") == format!("v0={}", hex::encode(mac.finalize().into_bytes()))
    }

    pub fn answer(self, body: &str) {
        self.respond(body.to_owned().into_response());
    }

    /// Answers with a status and one header.
    pub fn refuse(self, status: u16, (name, value): (&'static str, &str)) {
        let header = [(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())];
        self.respond((StatusCode::from_u16(status).unwrap(), header).into_response());
    }

    /// Answers; the emulator may have stopped listening.
    fn respond(self, response: Response) {
        let _ = self.reply.send(response);
    }
}
