//! A scripted Slack at the other end of wires in memory.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use countersign_engine::ports::{Cause, Delivery, Ids};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::io::DuplexStream;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{self, Message};

use super::super::desk::{Desk, Tools};
use super::super::dial::{Dial, DialError, limits};
use super::super::{Health, Others, Sink, SocketModeError, keep};
use crate::test_clock::TestClock;
use crate::web_api::WebError;

/// Connections that nobody takes. With time that runs on by itself, a test that waits for
/// what never comes would otherwise open connections until the machine has no memory left.
const MOST_DIALS: usize = 32;
/// How long (in the tests' own time, which costs nothing) anything is waited for.
const PATIENCE: Duration = Duration::from_secs(2 * 3600);

async fn soon<T>(waiting: impl Future<Output = T>) -> T {
    timeout(PATIENCE, waiting).await.expect("what the test waits for comes")
}

/// Socket Mode under test, and Slack in the test's hands.
pub(super) struct Bench {
    dial: Arc<MemoryDial>,
    accepted: mpsc::Receiver<WebSocketStream<DuplexStream>>,
    health: watch::Receiver<Health>,
    shutdown: Option<oneshot::Sender<()>>,
    running: JoinHandle<Result<(), SocketModeError>>,
    pub(super) sink: Arc<TestSink>,
}

impl Bench {
    pub(super) fn start() -> Self {
        Self::start_with([])
    }

    /// The first attempts to open a connection fail with these errors.
    pub(super) fn start_with<const N: usize>(failures: [DialError; N]) -> Self {
        Self::begin(1, Others::Strangers, failures)
    }

    /// Other processes have connections of the app, and may.
    pub(super) fn start_beside_replicas() -> Self {
        Self::begin(1, Others::Replicas, [])
    }

    /// So many connections are kept open.
    pub(super) fn start_many(connections: usize) -> Self {
        Self::begin(connections, Others::Strangers, [])
    }

    fn begin<const N: usize>(connections: usize, others: Others, failures: [DialError; N]) -> Self {
        let (sender, accepted) = mpsc::channel(MOST_DIALS);
        let failures = Mutex::new(VecDeque::from(failures));
        let dial = Arc::new(MemoryDial {
            dials: AtomicUsize::new(0),
            slow_from_second: AtomicBool::new(false),
            failures,
            sender,
        });
        let sink = Arc::new(TestSink::default());
        let (health_sender, health) = watch::channel(Health::default());
        let tools = Tools {
            clock: Arc::new(TestClock::new()),
            ids: Arc::new(HalfWay),
            others,
            health: health_sender,
        };
        let desk = Arc::new(Desk::new(sink.clone(), tools, connections));
        let (shutdown, shut) = oneshot::channel::<()>();
        let running = tokio::spawn(keep(Arc::clone(&dial), desk, async move { drop(shut.await) }));
        Self { dial, accepted, health, shutdown: Some(shutdown), running, sink }
    }

    /// The next connection that Socket Mode opens.
    pub(super) async fn accept(&mut self) -> Wired {
        Wired { socket: Some(soon(self.accepted.recv()).await.unwrap()), hung: None }
    }

    /// The first of two connections, and the second, which is open on Slack's side alone so far.
    pub(super) async fn first_of_two(&mut self) -> (Wired, Wired) {
        self.dial.slow_from_second.store(true, Ordering::SeqCst);
        (self.accept().await, self.accept().await)
    }

    /// The same, while `slack` answers pings.
    pub(super) async fn accept_while(&mut self, slack: &mut Wired) -> Wired {
        tokio::select! {
            new = self.accept() => new,
            () = slack.listen_for_ever() => unreachable!(),
        }
    }

    pub(super) fn dials(&self) -> usize {
        self.dial.dials.load(Ordering::SeqCst)
    }

    pub(super) async fn health(&mut self, is_it: impl Fn(&Health) -> bool) -> Health {
        soon(self.health.wait_for(is_it)).await.unwrap().clone()
    }

    /// Does Socket Mode open no connection in this time, while `slacks` answer pings?
    pub(super) async fn is_quiet_for(&mut self, time: Duration, slacks: &mut [&mut Wired]) -> bool {
        let listening =
            futures_util::future::join_all(slacks.iter_mut().map(|slack| slack.listen_for_ever()));
        tokio::select! {
            _ = self.accepted.recv() => false,
            _ = listening => unreachable!(),
            () = tokio::time::sleep(time) => true,
        }
    }

    pub(super) fn shut_down(&mut self) {
        self.shutdown.take().unwrap().send(()).unwrap();
    }

    pub(super) async fn ended(self) -> Result<(), SocketModeError> {
        let Self { running, shutdown: _keep, .. } = self;
        soon(running).await.unwrap()
    }
}

/// Slack's end of one connection.
pub(super) struct Wired {
    socket: Option<WebSocketStream<DuplexStream>>,
    hung: Option<WebSocketStream<DuplexStream>>,
}

impl Wired {
    fn socket(&mut self) -> &mut WebSocketStream<DuplexStream> {
        self.socket.as_mut().unwrap()
    }

    pub(super) async fn say(&mut self, frame: &Value) {
        self.say_text(&frame.to_string()).await;
    }

    pub(super) async fn say_text(&mut self, frame: &str) {
        self.socket().send(Message::text(frame)).await.unwrap();
    }

    /// Says it if the other side still listens.
    pub(super) async fn try_say(&mut self, frame: &str) -> Result<(), tungstenite::Error> {
        soon(self.socket().send(Message::text(frame))).await
    }

    /// A text in a first frame and continuations.
    pub(super) async fn say_in_pieces(&mut self, text: &str) {
        let (first, rest) = text.split_at(text.len() / 3);
        let (second, third) = rest.split_at(rest.len() / 2);
        let pieces =
            [(first, Data::Text, false), (second, Data::Continue, false), (third, Data::Continue, true)];
        for (piece, kind, last) in pieces {
            let frame = Frame::message(piece.as_bytes().to_vec(), OpCode::Data(kind), last);
            self.socket().send(Message::Frame(frame)).await.unwrap();
        }
    }

    /// Sends a ping and waits for its pong; texts in between are given back.
    pub(super) async fn ping(&mut self) -> Vec<Value> {
        self.socket().send(Message::Ping("there?".into())).await.unwrap();
        let mut texts = Vec::new();
        loop {
            match soon(self.socket().next()).await.unwrap().unwrap() {
                Message::Pong(_) => return texts,
                Message::Text(text) => texts.push(serde_json::from_str(&text).unwrap()),
                Message::Ping(_) => {}
                other => panic!("{other}"),
            }
        }
    }

    pub(super) async fn say_binary(&mut self, frame: &[u8]) {
        self.socket().send(Message::binary(frame.to_vec())).await.unwrap();
    }

    /// The next text frame.
    pub(super) async fn hear(&mut self) -> Value {
        loop {
            match soon(self.socket().next()).await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other}"),
            }
        }
    }

    /// The next text frame, if one comes in this time.
    pub(super) async fn heard_within(&mut self, time: Duration) -> Option<Value> {
        timeout(time, self.hear()).await.ok()
    }

    /// Waits until the other side has closed.
    pub(super) async fn closed(&mut self) {
        while let Some(Ok(_)) = soon(self.socket().next()).await {}
    }

    /// Answers pings, and does nothing else.
    pub(super) async fn listen_for_ever(&mut self) {
        self.closed().await;
        std::future::pending::<()>().await;
    }

    /// From now on nothing is read or answered, and nothing is closed either.
    pub(super) fn hang(&mut self) {
        self.hung = self.socket.take();
    }
}

struct MemoryDial {
    dials: AtomicUsize,
    /// From the second connection on, our side never hears that it is open.
    slow_from_second: AtomicBool,
    failures: Mutex<VecDeque<DialError>>,
    sender: mpsc::Sender<WebSocketStream<DuplexStream>>,
}

#[async_trait]
impl Dial for MemoryDial {
    type Stream = DuplexStream;

    async fn dial(&self) -> Result<WebSocketStream<DuplexStream>, DialError> {
        let earlier = self.dials.fetch_add(1, Ordering::SeqCst);
        if let Some(error) = self.failures.lock().unwrap().pop_front() {
            return Err(error);
        }
        let (ours, slacks) = tokio::io::duplex(64 * 1024);
        let slacks = WebSocketStream::from_raw_socket(slacks, Role::Server, None).await;
        self.sender.try_send(slacks).expect("the test takes the connections that it causes");
        if earlier > 0 && self.slow_from_second.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        Ok(WebSocketStream::from_raw_socket(ours, Role::Client, Some(limits())).await)
    }
}

/// Slack's refusal to open a connection.
pub(super) fn refused(code: &str) -> DialError {
    let method = "apps.connections.open";
    DialError::Web(match code {
        "ratelimited" => WebError::RateLimited { method, retry_after: Duration::from_secs(9) },
        code => WebError::Denied { method, code: code.to_owned(), needed: None, provided: None },
    })
}

/// Jitter that is always half of what it may be.
struct HalfWay;

impl Ids for HalfWay {
    fn random(&self) -> u128 {
        500
    }
}

/// A store that the test can hold up or break.
#[derive(Default)]
pub(super) struct TestSink {
    stored: Mutex<Vec<Delivery>>,
    held: AtomicBool,
    failing: AtomicBool,
    in_hand: AtomicUsize,
    entered: Notify,
    changed: Notify,
}

impl TestSink {
    pub(super) fn hold(&self) {
        self.held.store(true, Ordering::SeqCst);
    }

    pub(super) fn release(&self) {
        self.held.store(false, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    pub(super) fn fail_next(&self) {
        self.failing.store(true, Ordering::SeqCst);
    }

    /// Somebody has begun to store something.
    pub(super) async fn entered(&self) {
        soon(self.entered.notified()).await;
    }

    pub(super) fn stored(&self) -> Vec<Delivery> {
        self.stored.lock().unwrap().clone()
    }

    /// How many are being stored.
    pub(super) fn in_hand(&self) -> usize {
        self.in_hand.load(Ordering::SeqCst)
    }

    pub(super) async fn stores(&self, count: usize) {
        loop {
            let changed = self.changed.notified();
            if self.stored().len() >= count {
                return;
            }
            soon(changed).await;
        }
    }
}

#[async_trait]
impl Sink for TestSink {
    async fn accept(&self, delivery: Delivery) -> Result<(), Cause> {
        self.entered.notify_one();
        self.in_hand.fetch_add(1, Ordering::SeqCst);
        loop {
            let changed = self.changed.notified();
            if !self.held.load(Ordering::SeqCst) {
                break;
            }
            changed.await;
        }
        self.in_hand.fetch_sub(1, Ordering::SeqCst);
        if self.failing.swap(false, Ordering::SeqCst) {
            return Err("the disk is full".into());
        }
        self.stored.lock().unwrap().push(delivery);
        self.changed.notify_waiters();
        Ok(())
    }
}
