//! Buttons, and the other elements that act at once.

use serde_json::{Map, Value, json};

use super::element::{Found, elements};
use super::{InteractionError, Interactions, check_member, envelope, insert, new_response_url};
use crate::delivery::RequestKind;
use crate::render::{self, Surface};
use crate::workspace::tx::Tx;
use crate::workspace::{ChannelId, Refused, Ts, UserId, ViewId};

/// A person uses an element.
#[derive(Debug, Clone)]
pub(crate) struct Press {
    pub(crate) user: UserId,
    pub(crate) place: Place,
    pub(crate) action_id: String,
    /// Tells elements with one `action_id` apart.
    pub(crate) block_id: Option<String>,
    /// For a button: the one with this value is meant. For others: what is chosen.
    pub(crate) value: Option<Value>,
}

/// Where the element stands.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// In a message, perhaps an ephemeral one.
    Message(ChannelId, Ts),
    /// In a modal or home tab.
    View(ViewId),
}

impl Interactions {
    /// Presses a button or chooses from a menu: the app gets `block_actions`.
    pub(crate) async fn press(&self, press: Press) -> Result<(), InteractionError> {
        let payload = self.press_payload(&press).await?;
        let asked = self.ask(RequestKind::Interactive, payload).await;
        if let (Err(failed), Place::Message(channel, ts)) = (&asked, &press.place) {
            let thread = self.workspace.read(|state| {
                let message = state.message(channel, *ts)?;
                message.is_reply().then_some(message.thread_ts)?
            });
            let text = format!("That did not work: the app failed with the error \"{}\"", failed.code());
            self.tell_failure((&press.user, channel), thread, text).await;
        }
        asked.map(drop)
    }

    async fn press_payload(&self, press: &Press) -> Result<Value, InteractionError> {
        let built = self.workspace.commit(|tx| {
            let mut payload = envelope(tx.state, "block_actions", &press.user);
            let blocks = match &press.place {
                Place::Message(channel, ts) => {
                    self.in_message(tx, &press.user, (channel, *ts), &mut payload)?
                }
                Place::View(view) => in_view(tx, &press.user, view, &mut payload)?,
            };
            let action = match action(press, &blocks) {
                Ok(action) => action,
                Err(wrong) => return Ok(Err(wrong)),
            };
            let mut action = action;
            action.insert("action_ts".into(), json!(tx.next_ts()));
            insert(&mut payload, "trigger_id", json!(tx.new_trigger(&press.user)));
            insert(&mut payload, "actions", json!([action]));
            Ok(Ok(payload))
        });
        built.await?
    }

    /// Fills in what is known of the message, and returns its blocks.
    fn in_message(
        &self,
        tx: &mut Tx<'_>,
        user: &UserId,
        (channel, ts): (&ChannelId, Ts),
        payload: &mut Value,
    ) -> Result<Vec<Value>, Refused> {
        check_member(tx.state, user, channel)?;
        let whispered = tx.state.ephemerals(user, channel).find(|one| one.ts == ts).cloned();
        let message = tx.state.message(channel, ts).cloned();
        let (blocks, shown, thread, ephemeral) = match (whispered, message) {
            (Some(one), _) => {
                let shown = render::ephemeral(tx.state, &one);
                (one.blocks, shown, one.thread_ts, true)
            }
            (None, Some(message)) => {
                let shown = render::message(tx.state, &message, Surface::Interaction);
                (message.blocks, shown, message.thread_ts, false)
            }
            (None, None) => return Err(Refused::MessageNotFound),
        };
        let mut container = json!({
            "type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": ephemeral,
        });
        if let Some(thread) = thread {
            insert(&mut container, "thread_ts", json!(thread));
        }
        let mut url = new_response_url(tx, user, channel);
        url.origin = Some(ts);
        url.thread_ts = thread.filter(|thread| *thread != ts);
        insert(payload, "container", container);
        insert(payload, "response_url", json!(self.response_url(tx, url)));
        let name = tx.state.channel(channel).map(super::slash::channel_name);
        insert(payload, "channel", json!({"id": channel, "name": name}));
        insert(payload, "message", Value::Object(shown));
        insert(payload, "state", json!({"values": {}}));
        Ok(blocks)
    }
}

fn in_view(tx: &mut Tx<'_>, user: &UserId, id: &ViewId, payload: &mut Value) -> Result<Vec<Value>, Refused> {
    let view = tx.state.view(id).filter(|view| view.user == *user).cloned().ok_or(Refused::ViewNotFound)?;
    insert(payload, "container", json!({"type": "view", "view_id": id}));
    insert(payload, "view", Value::Object(render::view_without_blocks(tx.state, &view)));
    Ok(view.blocks().to_vec())
}

/// The entry of `actions`, without its time.
fn action(press: &Press, blocks: &[Value]) -> Result<Map<String, Value>, InteractionError> {
    let mut fitting = elements(blocks).filter(|found| {
        found.action_id() == press.action_id
            && press.block_id.as_deref().is_none_or(|block| block == found.block_id)
    });
    let wanted = press.value.as_ref().and_then(Value::as_str);
    let found = fitting
        .find(|found| found.kind() != "button" || wanted.is_none_or(|value| found.text("value") == value))
        .ok_or(InteractionError::UnknownAction)?;
    let mut map = match (&press.value, found.kind()) {
        (_, "button") => pressed_button(found),
        (Some(value), _) => {
            found.value_object(value).ok_or_else(|| InteractionError::WrongValue(press.action_id.clone()))?
        }
        (None, _) => return Err(InteractionError::WrongValue(press.action_id.clone())),
    };
    map.insert("action_id".into(), json!(found.action_id()));
    map.insert("block_id".into(), json!(found.block_id));
    Ok(map)
}

fn pressed_button(found: Found<'_>) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("type".into(), json!("button"));
    for key in ["text", "value", "style", "url"] {
        if let Some(value) = found.element.get(key) {
            map.insert(key.into(), value.clone());
        }
    }
    map
}
