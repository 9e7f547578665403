//! Why somebody objected: the no counts at once, its reason may follow.

use std::sync::Arc;

use countersign_core::envelope::Envelope;
use countersign_core::ids::OperationId;
use countersign_core::operation::{Event, Operation, Phase, Stop};
use countersign_core::policy::Person;
use countersign_core::reply::{actions, dialog_late, not_yours_to_explain};

use super::{Engine, Failure};
use crate::ports::{Appended, ChatError, Dialog};

/// The longest reason that is kept, in characters.
const LONGEST: usize = 300;

impl Engine {
    /// Opens the dialog for the person whose objection stopped the operation; nobody else is asked.
    pub(super) async fn ask_why(
        &self,
        id: &OperationId,
        person: &Person,
        trigger: &str,
    ) -> Result<(), Failure> {
        let Some(operation) = self.load(id).await? else { return Ok(()) };
        if !objected(&operation, person) || operation.reason.is_some() {
            return Ok(());
        }
        let dialog = Dialog {
            name: actions::REASON,
            value: id.to_string(),
            title: "Your objection".to_owned(),
            question: format!("It is stopped. Why do you object to: {}", operation.request.sentence),
            expected: None,
        };
        self.open(&operation, person, (trigger, &dialog)).await
    }

    /// Opens a dialog; whoever was too slow for it is told to press once more.
    pub(super) async fn open(
        &self,
        operation: &Operation,
        person: &Person,
        (trigger, dialog): (&str, &Dialog),
    ) -> Result<(), Failure> {
        match self.ports.chat.ask(trigger, dialog).await {
            Ok(()) => Ok(()),
            Err(error @ (ChatError::Unavailable(_) | ChatError::Busy(_))) => Err(error.into()),
            Err(error) => {
                self.log("a dialog could not be opened", &error);
                self.tell(operation, person, &dialog_late()).await;
                Ok(())
            }
        }
    }

    /// A person said why they objected.
    pub(super) async fn explain(
        self: &Arc<Self>,
        envelope: &Envelope,
        (value, input): (&str, &str),
    ) -> Result<(), Failure> {
        let reason: String = input.trim().chars().take(LONGEST).collect();
        let Ok(id) = value.parse::<OperationId>() else { return Ok(()) };
        let person = self.voter(envelope).await?;
        loop {
            let Some(operation) = self.load(&id).await? else { return Ok(()) };
            if operation.reason.as_ref() == Some(&reason) {
                // It was written down before, and perhaps not shown.
                self.advance(&id);
                return Ok(());
            }
            if reason.is_empty() {
                return Ok(());
            }
            if !objected(&operation, &person) || operation.reason.is_some() {
                self.tell(&operation, &person, &not_yours_to_explain()).await;
                return Ok(());
            }
            let event = Event::Explained { person: person.id.clone(), reason: reason.clone() };
            if self.append(&operation, vec![event]).await? == Appended::Done {
                self.advance(&id);
                return Ok(());
            }
        }
    }
}

fn objected(operation: &Operation, person: &Person) -> bool {
    matches!(&operation.phase, Phase::Stopped(Stop::Objected { by }) if *by == person.id)
}
