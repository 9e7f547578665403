//! Decides which connection gets what. One task owns all of it; everybody else sends it notes.
//!
//! Each payload goes to one connection, in turn. An event that is not acknowledged within three seconds is delivered
//! again (attempts 1 to 3: at once, after a minute, after five minutes), on another connection if there is one; when
//! the connection that carried it closes, it is delivered again at once. Without a connection events wait.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use super::envelope::{Cargo, Envelope};
use super::flights::{ConnectionId, Due, Flights, later};
use super::frames::{DisconnectReason, SocketFault};
use super::handle::{Hello, Note, Order, SocketMode, Welcome};
use crate::clock::Clock;
use crate::delivery::{Answer, Outgoing, Pending, RETRY_AFTER};

/// The most connections that an app may have (Slack: ten).
const MAX_CONNECTIONS: usize = 10;

/// The broker's task, before it runs.
pub(crate) struct Broker {
    notes: mpsc::UnboundedReceiver<Note>,
    clock: Arc<dyn Clock>,
    pending: Pending,
    done: mpsc::UnboundedSender<u64>,
    connections: VecDeque<Connected>,
    flights: Flights,
    numbers: u64,
    twice: u32,
    no_hello: u32,
    /// Whether Socket Mode is switched off for the app.
    off: bool,
}

struct Connected {
    id: ConnectionId,
    orders: mpsc::UnboundedSender<Order>,
    leaving: bool,
    zombie: bool,
}

impl Broker {
    /// A broker; `done` gets the outbox place of each event that needs no further delivery.
    pub(crate) fn new(
        clock: Arc<dyn Clock>,
        pending: Pending,
        done: mpsc::UnboundedSender<u64>,
    ) -> (SocketMode, Self) {
        let (notes_in, notes) = mpsc::unbounded_channel();
        let broker = Self {
            notes,
            clock,
            pending,
            done,
            connections: VecDeque::new(),
            flights: Flights::default(),
            numbers: 0,
            twice: 0,
            no_hello: 0,
            off: false,
        };
        (SocketMode { notes: notes_in }, broker)
    }

    /// Runs until every handle is gone.
    pub(crate) async fn run(mut self) {
        loop {
            let due = self.flights.next_due().map(|moment| self.clock.sleep_until(moment));
            let timer = async {
                match due {
                    Some(sleep) => sleep.await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                note = self.notes.recv() => match note {
                    Some(note) => self.take(note),
                    None => return,
                },
                () = timer => self.elapse(),
            }
        }
    }

    fn take(&mut self, note: Note) {
        match note {
            Note::Outgoing(outgoing) => self.outgoing(outgoing),
            Note::Connect(reply) => self.connect(reply),
            Note::Leaving(id) => {
                self.connections.iter_mut().filter(|one| one.id == id).for_each(|one| one.leaving = true);
            }
            Note::Closed(id) => self.closed(id),
            Note::Acknowledged(envelope, payload) => self.acknowledged(&envelope, payload),
            Note::Fault(fault) => self.fault(fault),
            Note::Count(reply) => drop(reply.send(self.connections.len())),
            Note::Clear => self.clear(),
            Note::SwitchOn => self.off = false,
            Note::SwitchOff(reply) => drop(reply.send(self.switch_off())),
            Note::Forget => self.flights.take_events().into_iter().for_each(|envelope| self.over(envelope)),
        }
    }

    fn outgoing(&mut self, outgoing: Outgoing) {
        let id = self.envelope_id();
        self.dispatch(Envelope::new(id, outgoing), None);
    }

    fn envelope_id(&mut self) -> String {
        self.numbers += 1;
        let micros = self.clock.now().as_microsecond();
        format!("{:08x}-0000-4000-8000-{:012x}", self.numbers, micros & 0xffff_ffff_ffff)
    }

    /// Sends an envelope on the next connection, on `avoid` only if there is no other.
    fn dispatch(&mut self, envelope: Envelope, avoid: Option<ConnectionId>) {
        let Some(id) = self.choose(avoid) else {
            match envelope.cargo {
                Cargo::Event(_) => self.flights.queue.push_back(envelope),
                Cargo::Request(_, answer) => self.answer(answer, Answer::DispatchFailed),
            }
            return;
        };
        let frame = envelope.frame().to_string();
        let copies = if self.twice > 0 { 2 } else { 1 };
        self.twice = self.twice.saturating_sub(1);
        self.flights.sent(envelope, id, self.clock.now());
        if let Some(connection) = self.connections.iter().find(|one| one.id == id) {
            for _ in 0..copies {
                let _ = connection.orders.send(Order::Send(frame.clone()));
            }
        }
    }

    /// The connection whose turn it is; it goes to the end of the line.
    fn choose(&mut self, avoid: Option<ConnectionId>) -> Option<ConnectionId> {
        let fit = |one: &Connected| !one.leaving && Some(one.id) != avoid;
        let fits: [&dyn Fn(&Connected) -> bool; 3] = [&fit, &|one| Some(one.id) != avoid, &|_| true];
        let place = fits.iter().find_map(|fits| self.connections.iter().position(fits))?;
        let connection = self.connections.remove(place)?;
        let id = connection.id;
        self.connections.push_back(connection);
        Some(id)
    }

    fn connect(&mut self, reply: oneshot::Sender<Welcome>) {
        self.numbers += 1;
        let (sender, orders) = mpsc::unbounded_channel();
        let id = self.numbers;
        let hello = match (self.off, self.connections.len() >= MAX_CONNECTIONS, self.no_hello > 0) {
            (true, ..) => Hello::Refused(DisconnectReason::LinkDisabled),
            (false, true, _) => Hello::Refused(DisconnectReason::TooManyWebsockets),
            (false, false, true) => Hello::Withheld,
            (false, false, false) => Hello::Said,
        };
        self.no_hello = self.no_hello.saturating_sub(u32::from(hello == Hello::Withheld));
        if hello == Hello::Said {
            self.connections.push_back(Connected { id, orders: sender, leaving: false, zombie: false });
        }
        let welcome = Welcome { id, connections: self.connections.len(), hello, orders };
        if reply.send(welcome).is_err() {
            self.connections.retain(|one| one.id != id);
        }
        for envelope in std::mem::take(&mut self.flights.queue) {
            self.dispatch(envelope, None);
        }
    }

    fn closed(&mut self, id: ConnectionId) {
        self.connections.retain(|one| one.id != id);
        for envelope in self.flights.stranded(id) {
            self.dispatch(envelope, None);
        }
    }

    fn acknowledged(&mut self, id: &str, payload: Option<Value>) {
        let Some(envelope) = self.flights.acknowledge(id) else {
            tracing::debug!(id, "an acknowledgement of nothing that waits for one");
            return;
        };
        match envelope.cargo {
            Cargo::Event(seq) => self.finish(seq),
            Cargo::Request(_, answer) => self.answer(answer, Answer::Acknowledged(payload)),
        }
    }

    fn elapse(&mut self) {
        let now = self.clock.now();
        for due in self.flights.due(now) {
            match due {
                Due::Retry(envelope) => self.dispatch(envelope, None),
                Due::Unacknowledged(envelope, on) => self.unacknowledged(envelope, on, now),
            }
        }
    }

    fn unacknowledged(&mut self, mut envelope: Envelope, on: ConnectionId, now: Timestamp) {
        let retry = RETRY_AFTER.get(usize::from(envelope.attempt)).filter(|_| envelope.is_event());
        let Some(wait) = retry else {
            tracing::warn!(envelope = envelope.id, "something was not acknowledged in time; it is given up");
            self.flights.forget_envelope(&envelope);
            return self.over(envelope);
        };
        envelope.attempt += 1;
        envelope.id = self.envelope_id();
        if wait.is_zero() {
            self.dispatch(envelope, Some(on));
        } else {
            self.flights.postpone(envelope, later(now, *wait));
        }
    }

    /// Ends the life of an envelope that nobody acknowledged.
    fn over(&mut self, envelope: Envelope) {
        match envelope.cargo {
            Cargo::Event(seq) => self.finish(seq),
            Cargo::Request(_, answer) => self.answer(answer, Answer::DispatchFailed),
        }
    }

    fn finish(&mut self, seq: u64) {
        let _ = self.done.send(seq);
        self.pending.done();
    }

    fn answer(&self, to: oneshot::Sender<Answer>, answer: Answer) {
        let _ = to.send(answer);
    }

    /// Ends every connection; returns the events that were not acknowledged.
    fn switch_off(&mut self) -> Vec<(u64, Value)> {
        self.off = true;
        self.order_all(|| Order::Disconnect(DisconnectReason::LinkDisabled));
        let events = self.flights.take_events().into_iter();
        events
            .filter_map(|envelope| match envelope.cargo {
                Cargo::Event(seq) => Some((seq, envelope.payload)),
                Cargo::Request(..) => None,
            })
            .collect()
    }

    fn fault(&mut self, fault: SocketFault) {
        match fault {
            SocketFault::Twice(times) => self.twice = times,
            SocketFault::NoHello(times) => self.no_hello = times,
            SocketFault::Zombie => {
                self.connections.iter_mut().for_each(|one| one.zombie = true);
                self.order_all(|| Order::Zombie);
            }
            SocketFault::Cut => self.order_all(|| Order::Cut),
            SocketFault::Disconnect(reason) => self.order_all(|| Order::Disconnect(reason)),
            SocketFault::Raw(text) => self.order_all(|| Order::Send(text.clone())),
            SocketFault::NoCloseReply => self.order_all(|| Order::NoCloseReply),
        }
    }

    fn clear(&mut self) {
        self.twice = 0;
        self.no_hello = 0;
        for zombie in self.connections.iter().filter(|one| one.zombie) {
            let _ = zombie.orders.send(Order::Cut);
        }
    }

    fn order_all(&self, order: impl Fn() -> Order) {
        for connection in &self.connections {
            let _ = connection.orders.send(order());
        }
    }
}
