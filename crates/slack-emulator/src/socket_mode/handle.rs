//! The notes that the broker takes, and the handle through which everybody sends them.

use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use super::flights::ConnectionId;
use super::frames::{DisconnectReason, SocketFault};
use crate::delivery::{Delivery, Outgoing};

/// What a connection is told to do.
#[derive(Debug)]
pub(super) enum Order {
    /// Send a frame.
    Send(String),
    /// Say goodbye, and close when it is time.
    Disconnect(DisconnectReason),
    /// Carry nothing any more.
    Zombie,
    /// Vanish.
    Cut,
    /// Do not answer a closing frame.
    NoCloseReply,
}

/// A connection's welcome.
pub(super) struct Welcome {
    pub(super) id: ConnectionId,
    pub(super) connections: usize,
    pub(super) hello: Hello,
    pub(super) orders: mpsc::UnboundedReceiver<Order>,
}

/// How a new connection is greeted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hello {
    /// As usual.
    Said,
    /// Not at all: a fault.
    Withheld,
    /// There are too many, or Socket Mode is switched off.
    Refused(DisconnectReason),
}

pub(super) enum Note {
    Outgoing(Outgoing),
    Connect(oneshot::Sender<Welcome>),
    Leaving(ConnectionId),
    Closed(ConnectionId),
    Acknowledged(String, Option<Value>),
    Fault(SocketFault),
    Count(oneshot::Sender<usize>),
    Clear,
    Forget,
    SwitchOn,
    SwitchOff(oneshot::Sender<Vec<(u64, Value)>>),
}

/// A handle to the broker.
#[derive(Clone)]
pub(crate) struct SocketMode {
    pub(super) notes: mpsc::UnboundedSender<Note>,
}

impl Delivery for SocketMode {
    fn deliver(&self, outgoing: Outgoing) {
        let _ = self.notes.send(Note::Outgoing(outgoing));
    }
}

impl SocketMode {
    pub(super) async fn connect(&self) -> Option<Welcome> {
        let (reply, welcome) = oneshot::channel();
        self.notes.send(Note::Connect(reply)).ok()?;
        welcome.await.ok()
    }

    /// The connection will close soon: give it nothing new if another can have it.
    pub(super) fn leaving(&self, id: ConnectionId) {
        let _ = self.notes.send(Note::Leaving(id));
    }

    pub(super) fn closed(&self, id: ConnectionId) {
        let _ = self.notes.send(Note::Closed(id));
    }

    pub(super) fn acknowledged(&self, envelope: String, payload: Option<Value>) {
        let _ = self.notes.send(Note::Acknowledged(envelope, payload));
    }

    /// Makes something go wrong.
    pub(crate) fn fault(&self, fault: SocketFault) {
        let _ = self.notes.send(Note::Fault(fault));
    }

    /// Ends the faults that wait for something to happen, and closes connections that are zombies.
    pub(crate) fn clear_faults(&self) {
        let _ = self.notes.send(Note::Clear);
    }

    /// Delivers none of the events that wait.
    pub(crate) fn forget_events(&self) {
        let _ = self.notes.send(Note::Forget);
    }

    /// Takes connections again.
    pub(crate) fn switch_on(&self) {
        let _ = self.notes.send(Note::SwitchOn);
    }

    /// Ends every connection and takes no new one; returns the events that were not acknowledged, with their places in
    /// the outbox.
    pub(crate) async fn switch_off(&self) -> Vec<(u64, Value)> {
        let (reply, waiting) = oneshot::channel();
        let _ = self.notes.send(Note::SwitchOff(reply));
        waiting.await.unwrap_or_default()
    }

    /// How many connections are open.
    pub(crate) async fn connections(&self) -> usize {
        let (reply, count) = oneshot::channel();
        let _ = self.notes.send(Note::Count(reply));
        count.await.unwrap_or(0)
    }
}
