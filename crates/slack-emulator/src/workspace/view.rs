//! Modals and the home tab.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ids::{UserId, ViewId};

/// How many modals may lie on top of each other (Slack's limit).
pub const MAX_STACK: usize = 3;

/// A modal that is open in front of a person, or that person's home tab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Its identity.
    pub id: ViewId,
    /// Who sees it.
    pub user: UserId,
    /// Modal or home tab.
    pub kind: ViewKind,
    /// Place in the stack of modals: 0 is the first opened. Always 0 for a home tab.
    pub depth: usize,
    /// What the app sent: `title`, `submit`, `close`, `blocks`, `private_metadata`, `callback_id`, ….
    pub body: Map<String, Value>,
    /// Changes with each version.
    pub hash: String,
    /// The first modal of the stack.
    pub root: ViewId,
    /// The modal below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<ViewId>,
    /// What the person has entered so far: `block_id` → `action_id` → value object.
    #[serde(default)]
    pub values: Map<String, Value>,
    /// What the app found wrong at the last submission: `block_id` → sentence.
    #[serde(default)]
    pub errors: Map<String, Value>,
}

impl View {
    /// A text of the body, such as `callback_id`; empty when the app sent none.
    pub fn text(&self, key: &str) -> &str {
        self.body.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// A switch of the body, such as `notify_on_close`; off when the app sent none.
    pub fn flag(&self, key: &str) -> bool {
        self.body.get(key).and_then(Value::as_bool).unwrap_or_default()
    }

    /// The blocks of the body.
    pub fn blocks(&self) -> &[Value] {
        self.body.get("blocks").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Where a view is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewKind {
    /// In front of everything.
    Modal,
    /// On the app's home tab.
    Home,
}
