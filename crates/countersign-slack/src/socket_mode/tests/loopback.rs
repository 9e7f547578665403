//! The whole way once, over real sockets.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::{any, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot, watch};

use super::super::{Health, Others, Wire, run};
use super::harness::TestSink;
use crate::test_clock::TestClock;
use crate::web_api::{Deadlines, Settings};
use crate::{Secret, WebApi};

type Acks = mpsc::UnboundedSender<String>;

async fn serve(State(acks): State<Acks>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async move |mut socket| {
        socket.send(Message::text(super::hello().to_string())).await.unwrap();
        socket.send(Message::text(super::envelope("e1").to_string())).await.unwrap();
        while let Some(Ok(message)) = socket.recv().await {
            if let Message::Text(text) = message {
                acks.send(text.to_string()).unwrap();
            }
        }
        acks.send("closed".to_owned()).unwrap();
    })
}

#[tokio::test]
async fn from_the_web_api_to_an_acknowledgement() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (acks, mut heard) = mpsc::unbounded_channel();
    let open = post(async move || -> Json<Value> {
        Json(json!({"ok": true, "url": format!("ws://{address}/link")}))
    });
    let router =
        Router::new().route("/api/apps.connections.open", open).route("/link", any(serve)).with_state(acks);
    tokio::spawn(async move { axum::serve(listener, router).await });

    let base = format!("http://{address}/api/").parse().unwrap();
    let settings = Settings { base, token: Secret::new("xapp-1"), deadlines: Deadlines::default() };
    let clock = Arc::new(TestClock::new());
    let (health, seen) = watch::channel(Health::default());
    let wire = Wire {
        others: Others::Strangers,
        api: WebApi::new(settings, clock.clone()).unwrap(),
        clock,
        ids: Arc::new(countersign_engine::system::OsIds),
        connections: 1,
        health,
    };
    let (shutdown, shut) = oneshot::channel::<()>();
    let sink = Arc::new(TestSink::default());
    let running = tokio::spawn(run(wire, sink.clone(), async move { drop(shut.await) }));

    assert_eq!(heard.recv().await.unwrap(), "{\"envelope_id\":\"e1\"}");
    assert_eq!(seen.borrow().connected, 1);
    assert_eq!(sink.stored().len(), 1);
    shutdown.send(()).unwrap();
    assert_eq!(heard.recv().await.unwrap(), "closed");
    running.await.unwrap().unwrap();
    assert_eq!(seen.borrow().connected, 0);
}
