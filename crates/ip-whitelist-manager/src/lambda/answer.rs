//! What the function answers.

use serde::Serialize;
use serde_json::{Value, json};

use super::batch::BatchAnswer;
use super::{Event, EventFault};
use crate::sync::{SyncError, Whitelist};

/// The function: the same whitelist from one call to the next.
#[derive(Clone)]
pub struct Function(pub Whitelist);

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
    /// Does what an event asks for.
    ///
    /// # Errors
    /// [`InvocationError`]; a batch of the stream names the records that have to come again instead.
    pub async fn answer(&self, event: &Value) -> Result<Value, InvocationError> {
        match Event::read(event)? {
            Event::Stream(records) => value(BatchAnswer::again(self.0.handle(&records).await)),
            Event::Sweep => {
                let swept = self.0.sweep().await?;
                Ok(json!({ "expired": swept.expired, "told": swept.told }))
            }
            Event::Reconcile => {
                let synced = self.0.reconcile(None).await?;
                let count = |len: fn(&crate::sync::GroupSynced) -> usize| -> usize {
                    synced.groups.iter().map(len).sum()
                };
                Ok(json!({
                    "authorised": count(|group| group.authorised.len()),
                    "revoked": count(|group| group.revoked.len()),
                    "behind": count(|group| usize::from(group.trouble.is_some())),
                }))
            }
        }
    }
}

fn value(answer: impl Serialize) -> Result<Value, InvocationError> {
    Ok(serde_json::to_value(answer)?)
}
