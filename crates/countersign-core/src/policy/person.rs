//! Who a person is, as the chat product's directory says.

use serde::{Deserialize, Serialize};

use crate::ids::PersonId;

/// A person and their standing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their id; names and e-mail addresses are never compared, people can edit them.
    pub id: PersonId,
    /// What to call them in texts.
    pub name: String,
    /// Are they a member of the workspace, with all that this implies?
    pub standing: Standing,
}

/// What the directory says about an account. Only a [`Standing::Member`] runs or signs anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// A full member of the home workspace.
    Member,
    /// A guest of one or several channels.
    Guest,
    /// A member of another workspace who shares a channel with us.
    Foreign,
    /// A bot, an app or a workflow.
    Bot,
    /// An account that was switched off.
    Deactivated,
    /// The directory does not know the account, or its answer lacks what would tell.
    Unknown,
}
