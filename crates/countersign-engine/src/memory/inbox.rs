use std::collections::HashMap;
use std::sync::Mutex;

use async_trait::async_trait;
use jiff::Timestamp;

use super::lock;
use crate::ports::{Delivery, Inbox, InboxError, Keep, Stored};

/// An inbox that is gone when the process ends.
#[derive(Debug, Default)]
pub struct MemoryInbox {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When each key came in.
    known: HashMap<String, Timestamp>,
    waiting: Vec<Delivery>,
    aside: Vec<Delivery>,
}

impl State {
    fn take(&mut self, key: &str) -> Option<Delivery> {
        let place = self.waiting.iter().position(|delivery| delivery.key == key)?;
        Some(self.waiting.remove(place))
    }
}

#[async_trait]
impl Inbox for MemoryInbox {
    async fn store(&self, delivery: &Delivery) -> Result<Stored, InboxError> {
        let mut state = lock(&self.state);
        if state.known.contains_key(&delivery.key) {
            return Ok(Stored::Seen);
        }
        state.known.insert(delivery.key.clone(), delivery.received_at);
        state.waiting.push(delivery.clone());
        Ok(Stored::New)
    }

    async fn pass(&self, delivery: &Delivery) -> Result<Stored, InboxError> {
        let known = &mut lock(&self.state).known;
        match known.insert(delivery.key.clone(), delivery.received_at) {
            Some(before) => {
                known.insert(delivery.key.clone(), before);
                Ok(Stored::Seen)
            }
            None => Ok(Stored::New),
        }
    }

    async fn waiting(&self) -> Result<Vec<Delivery>, InboxError> {
        Ok(lock(&self.state).waiting.clone())
    }

    async fn done(&self, key: &str) -> Result<(), InboxError> {
        lock(&self.state).take(key);
        Ok(())
    }

    async fn set_aside(&self, key: &str) -> Result<(), InboxError> {
        let mut state = lock(&self.state);
        let delivery = state.take(key);
        state.aside.extend(delivery);
        Ok(())
    }

    async fn aside(&self) -> Result<Vec<Delivery>, InboxError> {
        Ok(lock(&self.state).aside.clone())
    }

    async fn prune(&self, keep: Keep) -> Result<(), InboxError> {
        let mut state = lock(&self.state);
        let State { known, waiting, aside } = &mut *state;
        known.retain(|key, at| *at >= keep.since || waiting.iter().any(|delivery| delivery.key == *key));
        aside.retain(|delivery| delivery.received_at >= keep.since);
        let too_many = aside.len().saturating_sub(keep.set_aside);
        aside.drain(..too_many);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::inbox_contract!(async || (MemoryInbox::default(), ()));
}
