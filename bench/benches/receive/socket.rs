//! A Slack that only sends envelopes: 64 on the way at once, the next when one is acknowledged.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::ws::{Message, WebSocket};
use axum::extract::{State, WebSocketUpgrade};
use axum::response::{IntoResponse as _, Json, Response};
use axum::routing::{any, get};
use serde_json::{Value, json};
use tokio::sync::{Mutex, mpsc};

use crate::event::event;

/// Envelopes on the way at once, over all connections.
const WINDOW: usize = 64;

/// A connection of the receiver's: texts to send, and whatever it sends.
struct Line {
    out: mpsc::UnboundedSender<String>,
}

/// The Slack of one measurement.
pub(crate) struct Slack {
    /// Its Web API.
    pub(crate) url: String,
    shared: Arc<Shared>,
    acknowledged: Mutex<mpsc::UnboundedReceiver<()>>,
}

struct Shared {
    socket: String,
    lines: Mutex<Vec<Line>>,
    acknowledged: mpsc::UnboundedSender<()>,
}

impl Slack {
    pub(crate) async fn start() -> Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (acknowledged, counting) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            socket: format!("ws://{address}/link"),
            lines: Mutex::default(),
            acknowledged,
        });
        let router = Router::new()
            .route("/link", get(link))
            .route("/api/{method}", any(api))
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url: format!("http://{address}/api/"), shared, acknowledged: Mutex::new(counting) })
    }

    /// Sends so many envelopes; acknowledgements per second.
    pub(crate) async fn fire(&self, count: usize) -> Result<f64> {
        let frames: Vec<String> = (0..count).map(envelope).collect();
        let mut acknowledged = self.acknowledged.lock().await;
        let lines = self.shared.lines.lock().await;
        let began = Instant::now();
        let mut frames = frames.into_iter().enumerate();
        for _ in 0..WINDOW {
            send(&lines, &mut frames);
        }
        for _ in 0..count {
            acknowledged.recv().await.context("nobody acknowledges")?;
            send(&lines, &mut frames);
        }
        Ok(count as f64 / began.elapsed().as_secs_f64())
    }
}

fn send(lines: &[Line], frames: &mut impl Iterator<Item = (usize, String)>) {
    if let Some((number, frame)) = frames.next()
        && let Some(line) = lines.get(number % lines.len().max(1))
    {
        let _ = line.out.send(frame);
    }
}

fn envelope(number: usize) -> String {
    json!({
        "envelope_id": format!("00000000-0000-0000-0000-{number:012}"), "type": "events_api",
        "accepts_response_payload": false, "retry_attempt": 0, "retry_reason": "", "payload": event(number),
    })
    .to_string()
}

async fn api(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(json!({"ok": true, "url": shared.socket, "team_id": "T1", "user_id": "UBOT", "bot_id": "B1"}))
}

async fn link(State(shared): State<Arc<Shared>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| carry(socket, shared)).into_response()
}

async fn carry(mut socket: WebSocket, shared: Arc<Shared>) {
    let hello =
        json!({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}}).to_string();
    if socket.send(Message::Text(hello.into())).await.is_err() {
        return;
    }
    let (out, mut frames) = mpsc::unbounded_channel();
    shared.lines.lock().await.push(Line { out });
    loop {
        tokio::select! {
            frame = frames.recv() => {
                let Some(frame) = frame else { return };
                if socket.send(Message::Text(frame.into())).await.is_err() {
                    return;
                }
            }
            answer = socket.recv() => match answer {
                Some(Ok(Message::Text(text))) if text.contains("envelope_id") => {
                    let _ = shared.acknowledged.send(());
                }
                Some(Ok(_)) => {}
                _ => return,
            },
        }
    }
}
