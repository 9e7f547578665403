//! What the function answers.

use countersign_runbooks::remote::{self, Services};
use serde_json::{Value, json};

use super::batch::BatchAnswer;
use super::{Event, EventFault};
use crate::commands::{Office, services};
use crate::sync::{GroupSynced, SyncError, Synced, Whitelist};

/// The function: the same whitelist from one call to the next.
#[derive(Clone)]
pub struct Function {
    whitelist: Whitelist,
    services: Services,
}

/// A call that failed; Lambda counts it, and calls again where the source says so.
#[derive(Debug, thiserror::Error)]
pub enum InvocationError {
    /// Nobody here knows what it asks for.
    #[error(transparent)]
    Event(#[from] EventFault),
    /// The table or the groups could not be read.
    #[error(transparent)]
    Sync(#[from] SyncError),
    /// The answer cannot be written.
    #[error("the answer cannot be written")]
    Answer(#[from] serde_json::Error),
}

impl Function {
    /// The function of an office: its whitelist, and its commands for the bot.
    pub fn new(office: &Office) -> Self {
        let named = services(office).into_iter().map(|(name, service)| (name.to_owned(), service));
        Self { whitelist: office.whitelist.clone(), services: named.collect() }
    }

    /// Does what an event asks for.
    ///
    /// # Errors
    /// [`InvocationError`]; a batch of the stream names the records that have to come again instead, and a call of the
    /// bot is always answered.
    pub async fn answer(&self, event: &Value) -> Result<Value, InvocationError> {
        match Event::read(event)? {
            Event::Stream(records) => {
                let again = self.whitelist.handle(&records).await;
                Ok(serde_json::to_value(BatchAnswer::again(again))?)
            }
            Event::Sweep => {
                let swept = self.whitelist.sweep().await?;
                Ok(json!({ "expired": swept.expired, "told": swept.told }))
            }
            Event::Reconcile => Ok(counts(&self.whitelist.reconcile(None).await?)),
            Event::Call => {
                let bytes = remote::answer(&serde_json::to_vec(event)?, &self.services).await;
                Ok(serde_json::from_slice(&bytes)?)
            }
        }
    }
}

fn counts(synced: &Synced) -> Value {
    let count = |of: fn(&GroupSynced) -> usize| -> usize { synced.groups.iter().map(of).sum() };
    json!({
        "authorised": count(|group| group.authorised.len()),
        "revoked": count(|group| group.revoked.len()),
        "behind": count(|group| usize::from(group.trouble.is_some())),
    })
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
