//! Secrets, while their operations need them: in this process's memory, and nowhere else.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use countersign_core::command::catalog::Command;
use countersign_core::command::kind::Kind;
use countersign_core::ids::OperationId;
use countersign_core::operation::{Event, Operation, Request, Stop};
use countersign_core::plan::Plan;
use countersign_core::policy::{Permit, Refusal};
use countersign_core::reply;
use countersign_core::secret::{Hidden, MASK, credential, hides};
use serde_json::Value;

use super::Engine;
use crate::ports::Ids;

/// What was hidden, by operation.
#[derive(Default)]
pub(super) struct Secrets {
    hidden: Mutex<HashMap<OperationId, Hidden>>,
    /// Made when it is needed for the first time.
    key: OnceLock<[u8; 32]>,
}

impl Secrets {
    fn lock(&self) -> MutexGuard<'_, HashMap<OperationId, Hidden>> {
        self.hidden.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The operation needs them no more.
    pub(super) fn forget(&self, id: &OperationId) {
        self.lock().remove(id);
    }

    /// `text` without any secret that is known here.
    pub(super) fn mask(&self, text: &str) -> String {
        let masked =
            self.lock().values().fold(Cow::Borrowed(text), |text, hidden| Cow::Owned(hidden.mask(&text)));
        credential::mask(&masked).into_owned()
    }
}

impl Engine {
    /// Remembers the secret arguments of a request that is about to begin.
    pub(super) fn keep_secrets(&self, command: &Command, request: &Request) {
        let names = secrets_of(command);
        if !names.is_empty() {
            let mut hidden = self.nothing_hidden(&request.id);
            request.keep_secret(&names, &mut hidden);
            self.secrets.lock().insert(request.id.clone(), hidden);
        }
    }

    /// `event` of the operation as it may be written.
    pub(super) fn without_secrets(&self, id: &OperationId, event: &Event) -> Event {
        self.with_hidden(id, |hidden| event.clone().without_secrets(hidden))
    }

    /// The runbook's plan as people see and sign it.
    pub(super) fn plan_without_secrets(&self, id: &OperationId, plan: &Plan) -> Plan {
        self.with_hidden(id, |hidden| {
            let mut plan = plan.clone();
            plan.hide(hidden);
            plan
        })
    }

    /// What was hidden in `value` of the operation.
    ///
    /// # Errors
    /// The operation has to stop: this process does not know it.
    pub(super) fn revealed(&self, operation: &Operation, value: &Value) -> Result<Value, Stop> {
        if !hides(value) {
            return Ok(value.clone());
        }
        let hidden = self.secrets.lock();
        hidden.get(&operation.request.id).and_then(|hidden| hidden.reveal(value)).ok_or_else(gone)
    }

    /// The plan as the runbook made it.
    ///
    /// # Errors
    /// The operation has to stop: this process does not know what was hidden in it.
    pub(super) fn revealed_plan(&self, operation: &Operation, plan: &Plan) -> Result<Plan, Stop> {
        if !plan.fixed.values().chain([&plan.payload]).any(hides) {
            return Ok(plan.clone());
        }
        let hidden = self.secrets.lock();
        hidden.get(&operation.request.id).and_then(|hidden| plan.reveal(hidden)).ok_or_else(gone)
    }

    /// Works with what is hidden of an operation. Most operations have nothing to hide, and cost no randomness.
    fn with_hidden<T>(&self, id: &OperationId, work: impl Fn(&mut Hidden) -> T) -> T {
        let mut all = self.secrets.lock();
        if let Some(hidden) = all.get_mut(id) {
            return work(hidden);
        }
        let mut nothing = Hidden::new([0; 32], id.clone());
        let done = work(&mut nothing);
        if nothing.is_empty() {
            return done;
        }
        let mut hidden = self.nothing_hidden(id);
        let done = work(&mut hidden);
        all.insert(id.clone(), hidden);
        done
    }

    fn nothing_hidden(&self, id: &OperationId) -> Hidden {
        let key = self.secrets.key.get_or_init(|| key(&*self.ports.ids));
        Hidden::new(*key, id.clone())
    }
}

/// The sentence of a request, as people may see it: without the values of secret arguments.
pub(super) fn shown(command: &Command, args: &Value, sentence: &str) -> String {
    let values =
        secrets_of(command).into_iter().filter_map(|name| args.get(&name)?.as_str().map(str::to_owned));
    let masked = values.fold(sentence.to_owned(), |sentence, value| sentence.replace(&value, MASK));
    credential::mask(&masked).into_owned()
}

fn key(ids: &dyn Ids) -> [u8; 32] {
    let mut key = [0; 32];
    for half in key.chunks_exact_mut(16) {
        half.copy_from_slice(&ids.random().to_be_bytes());
    }
    key
}

/// Does a secret stand elsewhere in the sentence, too, or in what it locks? Masking it there would hide from those who
/// sign what they sign, so that its caller must not choose it.
pub(super) fn stands_elsewhere(command: &Command, permit: &Permit, sentence: &str) -> Option<Refusal> {
    let sentence = sentence.to_lowercase();
    let lock = permit.lock().map(|lock| lock.as_str().to_lowercase()).unwrap_or_default();
    let mut values = secrets_of(command)
        .into_iter()
        .filter_map(|name| Some(permit.args().get(&name)?.as_str()?.to_lowercase()));
    values
        .any(|value| sentence.matches(&value).count() > 1 || lock.contains(&value))
        .then(|| Refusal::Blocked { sentence: reply::SECRET_IS_ELSEWHERE.to_owned() })
}

fn secrets_of(command: &Command) -> BTreeSet<String> {
    let secret = command.arguments().iter().filter(|argument| argument.kind == Kind::Secret);
    secret.map(|argument| argument.name.to_string()).collect()
}

fn gone() -> Stop {
    Stop::Refused { refusal: Refusal::Blocked { sentence: reply::SECRET_IS_GONE.to_owned() } }
}
