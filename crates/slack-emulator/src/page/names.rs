//! What ids are called: people, channels and user groups, as the acting person sees them.

use std::collections::BTreeMap;

/// Names by id. An id that is not in here is shown as it is.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Display names of people and bots, by user id.
    pub people: BTreeMap<String, String>,
    /// Channel names without `#`, by channel id; only those that the acting person may know.
    pub channels: BTreeMap<String, String>,
    /// Handles of user groups without `@`, by group id.
    pub groups: BTreeMap<String, String>,
    /// The acting person's user id: mentions of it are highlighted.
    pub me: String,
    /// The part of an address that says who is acting: `as=ana`.
    pub query: String,
}

impl Names {
    /// What to call the person `id`, without `@`.
    pub fn person<'a>(&'a self, id: &'a str) -> &'a str {
        self.people.get(id).map_or(id, String::as_str)
    }

    /// What to call the user group `id`, without `@`.
    pub fn group<'a>(&'a self, id: &'a str) -> &'a str {
        self.groups.get(id).map_or(id, String::as_str)
    }

    /// What to call the channel `id`, without `#`; `None` when the acting person may not know it.
    pub fn channel(&self, id: &str) -> Option<&str> {
        self.channels.get(id).map(String::as_str)
    }
}
