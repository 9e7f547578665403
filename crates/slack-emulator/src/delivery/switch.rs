//! Slack delivers to exactly one place. Here it is decided which, and what waits moves along when that changes.

use std::sync::{Mutex, PoisonError};

use super::{Delivery, Outgoing, Transport};
use crate::http::Http;
use crate::socket_mode::SocketMode;

/// The switch between Socket Mode and HTTP.
pub(crate) struct Switch {
    /// Held while something is handed over, so that nothing arrives at a side that was just emptied.
    current: Mutex<Transport>,
    socket_mode: SocketMode,
    http: Http,
}

impl Switch {
    /// Begins with Socket Mode.
    pub(crate) fn new(socket_mode: SocketMode, http: Http) -> Self {
        Self { current: Mutex::new(Transport::Socket), socket_mode, http }
    }

    /// Delivers this way from now on. Events that wait on the other side come along, as first attempts; Socket Mode's
    /// connections end with `link_disabled` when it is switched off.
    pub(crate) async fn set(&self, transport: Transport) {
        let before = {
            let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
            if let Transport::Http(urls) = &transport {
                self.http.send_to((**urls).clone());
            }
            std::mem::replace(&mut *current, transport.clone())
        };
        let mut waiting = match (before, &transport) {
            (Transport::Socket, Transport::Http(_)) => self.socket_mode.switch_off().await,
            (Transport::Http(_), Transport::Socket) => {
                self.socket_mode.switch_on();
                self.http.take_events()
            }
            _ => Vec::new(),
        };
        waiting.sort_by_key(|(seq, _)| *seq);
        for (seq, payload) in waiting {
            self.deliver(Outgoing::Event { seq, payload });
        }
    }
}

impl Delivery for Switch {
    fn deliver(&self, outgoing: Outgoing) {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        match *current {
            Transport::Socket => self.socket_mode.deliver(outgoing),
            Transport::Http(_) => self.http.deliver(outgoing),
        }
    }
}
