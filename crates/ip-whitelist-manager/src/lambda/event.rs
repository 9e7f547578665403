//! What a Lambda is called with.

use serde_json::Value;

use super::batch::record;
use crate::stream::Record;

/// What the function is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The table changed.
    Stream(Vec<Record>),
    /// Every minute.
    Sweep,
    /// Every hour.
    Reconcile,
    /// The bot asks, by the runbook protocol. Whether it holds is for the protocol to say.
    Call,
}

/// Something that no source of ours sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the event is no batch of the table's stream, no tick (`sweep` or `reconcile`), and no call of a runbook"
)]
pub struct EventFault;

impl Event {
    /// Reads an event.
    ///
    /// # Errors
    /// [`EventFault`] when nobody here knows what it asks for.
    pub fn read(event: &Value) -> Result<Self, EventFault> {
        let text = |name: &str| event.get(name).and_then(Value::as_str);
        if let Some(records) = event.get("Records").and_then(Value::as_array) {
            let ours = |one: &Value| one.get("eventSource").and_then(Value::as_str) == Some("aws:dynamodb");
            return if records.iter().all(ours) {
                Ok(Self::Stream(records.iter().map(record).collect()))
            } else {
                Err(EventFault)
            };
        }
        if event.get("version").is_some() && event.get("call").is_some() {
            return Ok(Self::Call);
        }
        match (text("tick"), text("detail-type")) {
            (Some("sweep"), _) | (None, Some("Scheduled Event")) => Ok(Self::Sweep),
            (Some("reconcile"), _) => Ok(Self::Reconcile),
            _ => Err(EventFault),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_says_what_to_do() {
        assert_eq!(Event::read(&json!({"tick": "sweep"})), Ok(Event::Sweep));
        assert_eq!(Event::read(&json!({"tick": "reconcile"})), Ok(Event::Reconcile));
        let scheduled =
            json!({"version": "0", "source": "aws.events", "detail-type": "Scheduled Event", "detail": {}});
        assert_eq!(Event::read(&scheduled), Ok(Event::Sweep));
        let call = json!({"version": 1, "runbook": "whitelist.list", "call": "ready"});
        assert_eq!(Event::read(&call), Ok(Event::Call));
        let batch = json!({"Records": [{"eventSource": "aws:dynamodb"}]});
        assert!(matches!(Event::read(&batch), Ok(Event::Stream(records)) if records.len() == 1));
    }

    #[test]
    fn what_nobody_sends_is_refused() {
        for event in [
            json!({}),
            json!(null),
            json!({"tick": "tock"}),
            json!({"Records": [{"eventSource": "aws:sqs"}]}),
        ] {
            assert_eq!(Event::read(&event), Err(EventFault), "{event}");
        }
    }
}
