use std::collections::HashSet;
use std::sync::Mutex;

use async_trait::async_trait;

use super::lock;
use crate::ports::{Delivery, Inbox, InboxError, Stored};

/// An inbox that is gone when the process ends.
#[derive(Debug, Default)]
pub struct MemoryInbox {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    known: HashSet<String>,
    waiting: Vec<Delivery>,
}

#[async_trait]
impl Inbox for MemoryInbox {
    async fn store(&self, delivery: &Delivery) -> Result<Stored, InboxError> {
        let mut state = lock(&self.state);
        if !state.known.insert(delivery.key.clone()) {
            return Ok(Stored::Seen);
        }
        state.waiting.push(delivery.clone());
        Ok(Stored::New)
    }

    async fn waiting(&self) -> Result<Vec<Delivery>, InboxError> {
        Ok(lock(&self.state).waiting.clone())
    }

    async fn done(&self, key: &str) -> Result<(), InboxError> {
        lock(&self.state).waiting.retain(|delivery| delivery.key != key);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::inbox_contract!(async || (MemoryInbox::default(), ()));
}
