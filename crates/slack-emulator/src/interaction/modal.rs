//! Submitting and closing modals.

use serde_json::{Map, Value, json};

use super::element::{Found, elements};
use super::{InteractionError, Interactions, envelope, insert};
use crate::delivery::RequestKind;
use crate::render;
use crate::workspace::{MAX_STACK, Refused, UserId, View, ViewId, ViewKind};

/// What came of a submission.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Submitted {
    /// The modal is closed, or shows something else.
    Accepted,
    /// Inputs are wrong: `block_id` → sentence. The modal stays.
    Errors(Map<String, Value>),
}

impl Interactions {
    /// Submits a modal with `values`: `block_id` → `action_id` → what was entered, or `block_id` → what was entered
    /// where a block has one input.
    pub(crate) async fn submit(
        &self,
        user: &UserId,
        id: &ViewId,
        values: &Map<String, Value>,
    ) -> Result<Submitted, InteractionError> {
        let view = self.own_modal(user, id)?;
        let entered = entered(&view, values)?;
        let missing = missing_inputs(&view, &entered);
        if !missing.is_empty() {
            self.keep(view, entered, missing.clone()).await?;
            return Ok(Submitted::Errors(missing));
        }
        let view = self.keep(view, entered, Map::new()).await?;
        let payload = self.view_payload("view_submission", &view).await?;
        let answer = self.ask(RequestKind::Interactive, payload).await?;
        self.act(view, answer.unwrap_or_default()).await
    }

    /// Closes a modal; the app hears of it if it asked to.
    pub(crate) async fn close(&self, user: &UserId, id: &ViewId) -> Result<(), InteractionError> {
        let view = self.own_modal(user, id)?;
        let notify = view.flag("notify_on_close");
        self.workspace
            .commit(|tx| {
                tx.close(&view);
                Ok(())
            })
            .await?;
        if notify {
            let mut payload = self.view_payload("view_closed", &view).await?;
            insert(&mut payload, "is_cleared", json!(false));
            self.ask(RequestKind::Interactive, payload).await?;
        }
        Ok(())
    }

    fn own_modal(&self, user: &UserId, id: &ViewId) -> Result<View, InteractionError> {
        let view = self.workspace.read(|state| state.view(id).cloned());
        let own = view.filter(|view| view.user == *user && view.kind == ViewKind::Modal);
        Ok(own.ok_or(Refused::ViewNotFound)?)
    }

    async fn keep(
        &self,
        mut view: View,
        values: Map<String, Value>,
        errors: Map<String, Value>,
    ) -> Result<View, Refused> {
        self.workspace
            .commit(|tx| {
                tx.state.view(&view.id).ok_or(Refused::ViewNotFound)?;
                view.values = values;
                view.errors = errors;
                tx.viewed(&view);
                tx.put_view(view.clone());
                Ok(view)
            })
            .await
    }

    async fn view_payload(&self, kind: &str, view: &View) -> Result<Value, Refused> {
        self.workspace
            .commit(|tx| {
                let mut payload = envelope(tx.state, kind, &view.user);
                if kind == "view_submission" {
                    insert(&mut payload, "trigger_id", json!(tx.new_trigger(&view.user)));
                }
                insert(&mut payload, "view", Value::Object(render::view_without_blocks(tx.state, view)));
                Ok(payload)
            })
            .await
    }

    /// Does what the app's acknowledgement says.
    async fn act(&self, view: View, answer: Value) -> Result<Submitted, InteractionError> {
        let action = answer.get("response_action").and_then(Value::as_str).unwrap_or_default();
        let body = || answer.get("view").and_then(Value::as_object).cloned();
        if action == "errors" {
            let errors = answer.get("errors").and_then(Value::as_object).cloned().unwrap_or_default();
            let values = view.values.clone();
            self.keep(view, values, errors.clone()).await?;
            return Ok(Submitted::Errors(errors));
        }
        let done = self.workspace.commit(|tx| {
            let current = tx.state.view(&view.id).cloned();
            match (action, body()) {
                ("clear", _) => tx.close_all(&view.user),
                ("update", Some(body)) => {
                    tx.replace_view(current.ok_or(Refused::ViewNotFound)?, body);
                }
                ("push", Some(body)) => {
                    let below = current.ok_or(Refused::ViewNotFound)?;
                    if below.depth + 1 >= MAX_STACK {
                        return Err(Refused::PushLimit);
                    }
                    tx.show_modal(&view.user, body, Some(&below));
                }
                _ => current.iter().for_each(|current| tx.close(current)),
            }
            Ok(Submitted::Accepted)
        });
        Ok(done.await?)
    }
}

/// What stands in each input after the person has filled in `values`.
fn entered(view: &View, values: &Map<String, Value>) -> Result<Map<String, Value>, InteractionError> {
    let mut all = view.values.clone();
    for found in elements(view.blocks()) {
        let given = values.get(found.block_id).map(|block| given_for(block, found));
        let object = match given.flatten() {
            Some(given) => Some(
                found
                    .value_object(given)
                    .ok_or_else(|| InteractionError::WrongValue(found.action_id().to_owned()))?,
            ),
            None if kept(&all, found) => None,
            None => found.initial(),
        };
        if let (Some(object), Some(block)) =
            (object, all.entry(found.block_id).or_insert_with(|| Value::Object(Map::new())).as_object_mut())
        {
            block.insert(found.action_id().into(), Value::Object(object));
        }
    }
    all.retain(|_, block| block.as_object().is_some_and(|block| !block.is_empty()));
    Ok(all)
}

fn given_for<'a>(block: &'a Value, found: Found<'_>) -> Option<&'a Value> {
    match block.as_object() {
        Some(map) if !map.contains_key("type") => map.get(found.action_id()),
        _ => Some(block),
    }
}

fn kept(all: &Map<String, Value>, found: Found<'_>) -> bool {
    all.get(found.block_id).is_some_and(|block| block.get(found.action_id()).is_some())
}

/// Inputs that must be filled in and are not, in the words of Slack's client.
fn missing_inputs(view: &View, entered: &Map<String, Value>) -> Map<String, Value> {
    let is_empty = |object: &Value| {
        let mut contents = object.as_object().into_iter().flatten().filter(|(key, _)| *key != "type");
        contents.all(|(_, value)| value.is_null() || value == "" || value == &json!([]))
    };
    let required = view.blocks().iter().filter(|block| {
        block.get("type").and_then(Value::as_str) == Some("input")
            && block.get("optional").and_then(Value::as_bool) != Some(true)
    });
    required
        .filter_map(|block| {
            let id = block.get("block_id")?.as_str()?;
            let filled = entered
                .get(id)
                .and_then(Value::as_object)
                .is_some_and(|block| block.values().any(|object| !is_empty(object)));
            (!filled).then(|| (id.to_owned(), json!("Please complete this required field.")))
        })
        .collect()
}
