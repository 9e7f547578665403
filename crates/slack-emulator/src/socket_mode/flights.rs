//! Envelopes that wait: for a connection, for an acknowledgement, or for the moment of their next attempt.

use std::collections::{HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::envelope::Envelope;
use crate::delivery::ACK_WITHIN;

/// An identity of a connection.
pub(super) type ConnectionId = u64;

/// All waiting envelopes.
#[derive(Default)]
pub(super) struct Flights {
    /// Waiting for any connection.
    pub(super) queue: VecDeque<Envelope>,
    flying: HashMap<u64, Flight>,
    /// Which flight an envelope id belongs to; an event keeps the ids of its earlier attempts.
    ids: HashMap<String, u64>,
    next: u64,
}

struct Flight {
    envelope: Envelope,
    on: Option<ConnectionId>,
    due: Timestamp,
    order: u64,
}

/// What is due.
pub(super) enum Due {
    /// It was sent and not acknowledged in time; the connection that carried it.
    Unacknowledged(Envelope, ConnectionId),
    /// The moment of its next attempt has come.
    Retry(Envelope),
}

impl Flights {
    /// Notes that an envelope was sent on a connection.
    pub(super) fn sent(&mut self, envelope: Envelope, on: ConnectionId, now: Timestamp) {
        self.insert(envelope, Some(on), later(now, ACK_WITHIN));
    }

    /// Keeps an envelope until the moment of its next attempt.
    pub(super) fn postpone(&mut self, envelope: Envelope, until: Timestamp) {
        self.insert(envelope, None, until);
    }

    fn insert(&mut self, envelope: Envelope, on: Option<ConnectionId>, due: Timestamp) {
        self.next += 1;
        let key = key(&envelope).unwrap_or(u64::MAX - self.next);
        self.ids.insert(envelope.id.clone(), key);
        self.flying.insert(key, Flight { envelope, on, due, order: self.next });
    }

    /// Takes the envelope that an acknowledgement names; an event also while it waits for another attempt.
    pub(super) fn acknowledge(&mut self, id: &str) -> Option<Envelope> {
        let key = *self.ids.get(id)?;
        if let Some(flight) = self.flying.remove(&key) {
            self.forget(key);
            return Some(flight.envelope);
        }
        let place = self.queue.iter().position(|envelope| self::key(envelope) == Some(key))?;
        self.forget(key);
        self.queue.remove(place)
    }

    /// Forgets the ids of something that is over.
    pub(super) fn forget_envelope(&mut self, envelope: &Envelope) {
        match key(envelope) {
            Some(key) => self.forget(key),
            None => {
                self.ids.remove(&envelope.id);
            }
        }
    }

    fn forget(&mut self, key: u64) {
        self.ids.retain(|_, one| *one != key);
    }

    /// Takes the events that a closed connection carried, oldest first. Requests stay: their acknowledgement may
    /// still come over another connection.
    pub(super) fn stranded(&mut self, on: ConnectionId) -> Vec<Envelope> {
        let mut keys: Vec<_> = self
            .flying
            .iter()
            .filter(|(_, flight)| flight.on == Some(on) && flight.envelope.is_event())
            .map(|(key, flight)| (flight.order, *key))
            .collect();
        keys.sort_unstable();
        keys.into_iter().filter_map(|(_, key)| Some(self.flying.remove(&key)?.envelope)).collect()
    }

    /// Takes every event, wherever it waits.
    pub(super) fn take_events(&mut self) -> Vec<Envelope> {
        let (events, rest): (Vec<_>, Vec<_>) =
            self.flying.drain().partition(|(_, flight)| flight.envelope.is_event());
        self.flying = rest.into_iter().collect();
        let waiting = std::mem::take(&mut self.queue);
        let events: Vec<_> = events.into_iter().map(|(_, flight)| flight.envelope).chain(waiting).collect();
        events.iter().for_each(|envelope| self.forget_envelope(envelope));
        events
    }

    /// The next moment at which something is due.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.flying.values().map(|flight| flight.due).min()
    }

    /// Takes what is due.
    pub(super) fn due(&mut self, now: Timestamp) -> Vec<Due> {
        let mut keys: Vec<_> = self
            .flying
            .iter()
            .filter(|(_, flight)| flight.due <= now)
            .map(|(key, flight)| (flight.order, *key))
            .collect();
        keys.sort_unstable();
        let taken = keys.into_iter().filter_map(|(_, key)| self.flying.remove(&key));
        taken
            .map(|flight| match flight.on {
                Some(on) => Due::Unacknowledged(flight.envelope, on),
                None => Due::Retry(flight.envelope),
            })
            .collect()
    }
}

/// Events are known by their place in the outbox.
fn key(envelope: &Envelope) -> Option<u64> {
    match envelope.cargo {
        super::envelope::Cargo::Event(seq) => Some(seq),
        super::envelope::Cargo::Request(..) => None,
    }
}

pub(super) fn later(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.saturating_add(span).unwrap_or(Timestamp::MAX)
}
