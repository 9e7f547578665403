//! One WebSocket, from its hello to its end.

mod backlog;
mod timers;

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::desk::Desk;
use super::frame::{self, Frame, Hello};
use backlog::Backlog;
use timers::{Due, Timers};

/// For writing one frame.
const WRITE: Duration = Duration::from_secs(10);
/// For storing what had come in when the connection ended.
const FINISH: Duration = Duration::from_secs(5);
/// For the other side to answer our goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// What a connection is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Read and acknowledge.
    Serve,
    /// There is a replacement: read on until Slack closes, but not for long.
    Retire,
    /// Finish what is in hand, then close.
    Close,
}

/// How far a connection is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stage {
    /// Slack has not said hello.
    Greeting,
    /// All is well.
    Up,
    /// It is still read, but it needs a replacement, for this reason.
    Leaving(String),
    /// It is over, for this reason.
    Ended(String),
}

/// The rest of the program's end of a connection. Dropping it closes the connection.
pub(super) struct Handle {
    orders: watch::Sender<Order>,
    pub(super) stage: watch::Receiver<Stage>,
    task: JoinHandle<()>,
}

impl Handle {
    /// Serves a WebSocket, which counts as one of ours already, in a task of its own.
    pub(super) fn serve<S>(socket: WebSocketStream<S>, desk: Arc<Desk>) -> Self
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (orders, received) = watch::channel(Order::Serve);
        let (stage, seen) = watch::channel(Stage::Greeting);
        let backlog = Backlog::new(Arc::clone(&desk));
        let connection =
            Connection { socket, desk, orders: received, stage, backlog, timers: Timers::start() };
        Self { orders, stage: seen, task: tokio::spawn(connection.run()) }
    }

    /// Tells it what to do from now on.
    pub(super) fn order(&self, order: Order) {
        self.orders.send_replace(order);
    }

    /// The first stage that satisfies `is_it`, or the end.
    pub(super) async fn until(&mut self, is_it: impl Fn(&Stage) -> bool) -> Stage {
        match self.stage.wait_for(is_it).await {
            Ok(stage) => stage.clone(),
            Err(_) => Stage::Ended("its task ended".to_owned()),
        }
    }

    /// Closes it, and waits until it is closed.
    pub(super) async fn close(self) {
        self.order(Order::Close);
        if timeout(FINISH + GOODBYE + WRITE, self.task).await.is_err() {
            tracing::warn!("socket mode: a connection did not close in time");
        }
    }

    pub(super) fn is_finished(&self) -> bool {
        self.task.is_finished()
    }
}

struct Connection<S> {
    socket: WebSocketStream<S>,
    desk: Arc<Desk>,
    orders: watch::Receiver<Order>,
    stage: watch::Sender<Stage>,
    backlog: Backlog,
    timers: Timers,
}

enum Event {
    Order(Order),
    Frame(Option<Result<Message, Error>>),
    /// It is stored, or not; with the acknowledgement if it is.
    Stored(Option<String>),
    Timer,
}

/// Why a connection is over.
struct End {
    reason: String,
    /// Can something still be written?
    writable: bool,
}

impl End {
    fn ours(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), writable: true }
    }

    fn theirs(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), writable: false }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Connection<S> {
    async fn run(mut self) {
        let end = loop {
            let event = self.next().await;
            if let Err(end) = self.handle(event).await {
                break end;
            }
        };
        tracing::info!("socket mode: a connection ended: {}", end.reason);
        let last = self.stage.send_replace(Stage::Ended(end.reason));
        self.desk.ended(last != Stage::Greeting);
        self.finish(end.writable).await;
    }

    async fn next(&mut self) -> Event {
        if !self.backlog.has_room() {
            // Whoever does not listen hears nothing.
            self.timers.alive();
        }
        tokio::select! {
            order = self.orders.changed() => Event::Order(match order {
                Ok(()) => *self.orders.borrow_and_update(),
                Err(_) => Order::Close,
            }),
            frame = self.socket.next(), if self.backlog.has_room() => Event::Frame(frame),
            Some(stored) = self.backlog.next(), if !self.backlog.is_empty() => Event::Stored(stored),
            () = sleep_until(self.timers.next()) => Event::Timer,
        }
    }

    async fn handle(&mut self, event: Event) -> Result<(), End> {
        match event {
            Event::Order(Order::Serve) => Ok(()),
            Event::Order(Order::Retire) => {
                self.timers.retire();
                Ok(())
            }
            Event::Order(Order::Close) => Err(End::ours("closed by us")),
            Event::Frame(Some(Ok(message))) => {
                self.timers.alive();
                self.desk.heard();
                self.receive(message)
            }
            Event::Frame(Some(Err(error))) => Err(End::theirs(format!("it broke: {error}"))),
            Event::Frame(None) => Err(End::theirs("closed by Slack")),
            Event::Stored(Some(acknowledgement)) => self.send(Message::text(acknowledgement)).await,
            Event::Stored(None) => Ok(()),
            Event::Timer => self.on_timer().await,
        }
    }

    fn receive(&mut self, message: Message) -> Result<(), End> {
        match message {
            Message::Text(text) => return self.receive_text(&text),
            Message::Binary(_) => self.desk.odd_frame("binary"),
            Message::Close(_) => return Err(End::theirs("closed by Slack")),
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
        Ok(())
    }

    fn receive_text(&mut self, text: &str) -> Result<(), End> {
        match frame::read(text) {
            Frame::Hello(hello) => self.greeted(&hello),
            Frame::Disconnect { reason } if *self.stage.borrow() == Stage::Greeting => {
                return Err(End::ours(reason));
            }
            Frame::Disconnect { reason } => self.leave(reason),
            Frame::Payload(arrival) => self.backlog.push(&arrival),
            Frame::Odd(what) => self.desk.odd_frame(&what),
        }
        Ok(())
    }

    fn greeted(&mut self, hello: &Hello) {
        if *self.stage.borrow() != Stage::Greeting {
            return;
        }
        let others = self.desk.greeted(hello.connections);
        self.timers.greeted(hello.life, others);
        self.stage.send_replace(Stage::Up);
        tracing::info!("socket mode: connected");
    }

    fn leave(&mut self, reason: String) {
        if *self.stage.borrow() == Stage::Up {
            tracing::info!("socket mode: a connection needs a replacement: {reason}");
            self.stage.send_replace(Stage::Leaving(reason));
        }
    }

    async fn on_timer(&mut self) -> Result<(), End> {
        match self.timers.due() {
            None => Ok(()),
            Some(Due::Ping) => self.send(Message::Ping(Vec::new().into())).await,
            Some(Due::Rotation) => {
                self.leave("most of its life is over".to_owned());
                Ok(())
            }
            Some(Due::Hello) => Err(End::ours("Slack said no hello")),
            Some(Due::Silence) => Err(End::theirs("nothing was heard for 30 s")),
            Some(Due::Retirement) => Err(End::ours("replaced")),
        }
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(WRITE, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(End::theirs(format!("it broke: {error}"))),
            Err(_) => Err(End::theirs("it takes nothing more")),
        }
    }

    /// What came in is stored, even if it cannot be acknowledged any more: then its redelivery is a known one.
    async fn finish(&mut self, mut writable: bool) {
        let finishing = async {
            while let Some(stored) = self.backlog.next().await {
                let Some(acknowledgement) = stored.filter(|_| writable) else { continue };
                let sending = self.socket.send(Message::text(acknowledgement));
                writable = timeout(WRITE, sending).await.is_ok_and(|sent| sent.is_ok());
            }
        };
        if timeout(FINISH, finishing).await.is_err() {
            tracing::warn!(
                "socket mode: what came in last is not stored yet, and is not acknowledged any more"
            );
            self.backlog.leave_behind();
        }
        if writable {
            let goodbye = async {
                self.socket.close(None).await.ok();
                while let Some(Ok(_)) = self.socket.next().await {}
            };
            // No answer to a goodbye is as good as one.
            let _ = timeout(GOODBYE, goodbye).await;
        }
    }
}
