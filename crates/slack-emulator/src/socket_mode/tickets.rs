//! Links that work once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// How long a link may wait before it is used.
const VALID: SignedDuration = SignedDuration::from_secs(30);

/// The links that were given out and not yet used.
#[derive(Default)]
pub(crate) struct Tickets(Mutex<(u64, HashMap<String, Timestamp>)>);

impl Tickets {
    /// A new ticket.
    pub(crate) fn issue(&self, now: Timestamp) -> String {
        let mut guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, open) = &mut *guard;
        *count += 1;
        open.retain(|_, expires| *expires > now);
        let ticket = format!("{}-{count}", now.as_microsecond());
        open.insert(ticket.clone(), now.saturating_add(VALID).unwrap_or(now));
        ticket
    }

    /// Uses a ticket up; whether it was good.
    pub(crate) fn redeem(&self, ticket: &str, now: Timestamp) -> bool {
        let mut guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        guard.1.remove(ticket).is_some_and(|expires| expires > now)
    }
}
