//! One WebSocket.

use std::ops::ControlFlow;
use std::sync::Arc;

use axum::extract::ws::{Message, WebSocket};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::sync::mpsc;

use super::flights::{ConnectionId, later};
use super::frames::{self, DisconnectReason};
use super::handle::{Hello, Order, SocketMode, Welcome};
use crate::clock::Clock;

/// How long a connection lives.
pub(super) const LIFE: SignedDuration = SignedDuration::from_secs(3600);

/// How long it lives with `debug_reconnects=true`.
pub(super) const SHORT_LIFE: SignedDuration = SignedDuration::from_secs(360);

/// How long the socket stays open after a gentle goodbye.
const GRACE: SignedDuration = SignedDuration::from_secs(10);

/// How often the server pings.
const PING_EVERY: SignedDuration = SignedDuration::from_secs(10);

/// An acknowledgement of this size or more is dropped in silence, as Slack does.
const MAX_ACK: usize = 20 * 1024;

/// What a connection needs.
pub(super) struct Connection {
    pub(super) socket_mode: SocketMode,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) app_id: String,
    pub(super) life: SignedDuration,
}

/// Moments in the life of one connection.
struct Life {
    ping: Timestamp,
    goodbye: Option<(Timestamp, DisconnectReason)>,
    close: Timestamp,
    answers_close: bool,
}

impl Connection {
    /// Serves a socket until it ends.
    pub(super) async fn serve(self, mut socket: WebSocket) {
        let Some(welcome) = self.socket_mode.connect().await else { return };
        let id = welcome.id;
        self.talk(&mut socket, welcome).await;
        self.socket_mode.closed(id);
    }

    async fn talk(&self, socket: &mut WebSocket, mut welcome: Welcome) {
        let first = match welcome.hello {
            Hello::Refused(reason) => {
                let goodbye = frames::disconnect(reason);
                let _ = send(socket, goodbye.to_string()).await;
                let _ = socket.send(Message::Close(None)).await;
                return;
            }
            Hello::Withheld => None,
            Hello::Said => {
                Some(frames::hello(&self.app_id, welcome.connections, self.life.as_secs()).to_string())
            }
        };
        if let Some(hello) = first
            && send(socket, hello).await.is_break()
        {
            return;
        }
        let mut life = self.new_life();
        loop {
            let next = life.next();
            let step = tokio::select! {
                order = welcome.orders.recv() => match order {
                    Some(Order::Zombie) => buried(&mut welcome.orders).await,
                    Some(order) => self.obey(socket, order, &mut life).await,
                    None if welcome.hello == Hello::Withheld => drain(socket).await,
                    None => ControlFlow::Break(()),
                },
                frame = socket.recv() => self.hear(frame, welcome.id, &life).await,
                () = self.clock.sleep_until(next) => self.age(socket, welcome.id, &mut life).await,
            };
            if step.is_break() {
                return;
            }
        }
    }

    fn new_life(&self) -> Life {
        let now = self.clock.now();
        let close = later(now, self.life);
        let warning = later(now, self.life.saturating_sub(GRACE));
        Life {
            ping: later(now, PING_EVERY),
            goodbye: Some((warning, DisconnectReason::Warning)),
            close,
            answers_close: true,
        }
    }

    async fn obey(&self, socket: &mut WebSocket, order: Order, life: &mut Life) -> ControlFlow<()> {
        match order {
            Order::Send(text) => send(socket, text).await,
            Order::Disconnect(reason) => self.say_goodbye(socket, reason, life).await,
            Order::Cut | Order::Zombie => ControlFlow::Break(()),
            Order::NoCloseReply => {
                life.answers_close = false;
                ControlFlow::Continue(())
            }
        }
    }

    async fn say_goodbye(
        &self,
        socket: &mut WebSocket,
        reason: DisconnectReason,
        life: &mut Life,
    ) -> ControlFlow<()> {
        send(socket, frames::disconnect(reason).to_string()).await?;
        if reason.is_gentle() {
            life.goodbye = None;
            life.close = later(self.clock.now(), GRACE);
            return ControlFlow::Continue(());
        }
        let _ = socket.send(Message::Close(None)).await;
        ControlFlow::Break(())
    }

    /// Does what is due: a ping, the warning, the end.
    async fn age(&self, socket: &mut WebSocket, id: ConnectionId, life: &mut Life) -> ControlFlow<()> {
        let now = self.clock.now();
        if now >= life.close {
            let _ = send(socket, frames::disconnect(DisconnectReason::RefreshRequested).to_string()).await;
            let _ = socket.send(Message::Close(None)).await;
            return ControlFlow::Break(());
        }
        if let Some((_, reason)) = life.goodbye.take_if(|(moment, _)| *moment <= now) {
            self.socket_mode.leaving(id);
            send(socket, frames::disconnect(reason).to_string()).await?;
        }
        if now >= life.ping {
            life.ping = later(now, PING_EVERY);
            if socket.send(Message::Ping("ping".into())).await.is_err() {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    async fn hear(
        &self,
        frame: Option<Result<Message, axum::Error>>,
        id: ConnectionId,
        life: &Life,
    ) -> ControlFlow<()> {
        match frame {
            Some(Ok(Message::Text(text))) => self.acknowledgement(text.as_str()),
            Some(Ok(Message::Close(_))) if !life.answers_close => {
                self.socket_mode.closed(id);
                self.clock.sleep_until(later(self.clock.now(), SignedDuration::from_secs(60))).await;
                return ControlFlow::Break(());
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => return ControlFlow::Break(()),
            Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => {}
        }
        ControlFlow::Continue(())
    }

    fn acknowledgement(&self, text: &str) {
        if text.len() >= MAX_ACK {
            tracing::warn!(
                bytes = text.len(),
                "an acknowledgement of 20 KiB or more is dropped, as Slack does"
            );
            return;
        }
        let Ok(Value::Object(mut frame)) = serde_json::from_str(text) else {
            tracing::warn!("a frame from the app is no JSON object; it is ignored");
            return;
        };
        match frame.remove("envelope_id") {
            Some(Value::String(envelope)) => {
                let payload = frame.remove("payload").filter(|payload| !payload.is_null());
                self.socket_mode.acknowledged(envelope, payload);
            }
            _ => tracing::warn!("a frame from the app has no envelope_id; it is ignored"),
        }
    }
}

impl Life {
    fn next(&self) -> Timestamp {
        let goodbye = self.goodbye.map_or(self.close, |(moment, _)| moment);
        self.ping.min(goodbye).min(self.close)
    }
}

async fn send(socket: &mut WebSocket, text: String) -> ControlFlow<()> {
    match socket.send(Message::Text(text.into())).await {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    }
}

/// Carries nothing and hears nothing until it is cut.
async fn buried(orders: &mut mpsc::UnboundedReceiver<Order>) -> ControlFlow<()> {
    while let Some(order) = orders.recv().await {
        if matches!(order, Order::Cut) {
            break;
        }
    }
    ControlFlow::Break(())
}

/// Reads until the app gives up on a connection that was never greeted.
async fn drain(socket: &mut WebSocket) -> ControlFlow<()> {
    while let Some(Ok(_)) = socket.recv().await {}
    ControlFlow::Break(())
}
