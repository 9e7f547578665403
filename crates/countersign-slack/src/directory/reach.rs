//! A channel object → whose people can be in it. What is missing is never guessed.

use countersign_core::policy::Reach;
use serde_json::Value;

use crate::payload::{list, truth};

/// `is_pending_ext_shared` and `pending_connected_team_ids` tell of an invitation that somebody
/// may accept at any moment. `is_org_shared` is no reason: those are workspaces of one organisation.
pub(super) fn reach(channel: &Value) -> Reach {
    let pending = truth(channel, "/is_pending_ext_shared") == Some(true)
        || !list(channel, "/pending_connected_team_ids").is_empty();
    match truth(channel, "/is_ext_shared") {
        Some(false) if !pending => Reach::Home,
        Some(_) => Reach::Shared,
        None => Reach::Unseen,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_channel_that_says_so_is_of_the_home_organisation_alone() {
        for (channel, expected) in [
            (json!({"is_ext_shared": false}), Reach::Home),
            (json!({"is_ext_shared": false, "is_org_shared": true, "is_shared": true}), Reach::Home),
            (json!({"is_ext_shared": true}), Reach::Shared),
            (json!({"is_ext_shared": false, "is_pending_ext_shared": true}), Reach::Shared),
            (json!({"is_ext_shared": false, "pending_connected_team_ids": ["T9"]}), Reach::Shared),
            (json!({"is_ext_shared": "no"}), Reach::Unseen),
            (json!({}), Reach::Unseen),
        ] {
            assert_eq!(reach(&channel), expected, "{channel}");
        }
    }
}
