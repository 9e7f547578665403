//! Who the bot is.

use countersign_core::ids::{OrgId, UserId};

use crate::payload::text;

/// The bot, as `auth.test` describes the holder of its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// The workspace in which the bot is installed (`T…`).
    pub team: OrgId,
    /// The Enterprise Grid organisation of that workspace (`E…`), if it is in one.
    pub enterprise: Option<OrgId>,
    /// The bot's user (`U…`): people mention it, and its own messages carry it.
    pub user: UserId,
    /// The bot itself (`B…`): its own messages carry this too.
    pub bot_id: String,
}

impl Me {
    /// The organisation that vouches for people at home: the Grid organisation,
    /// since on Grid one person has one id in all its workspaces, or else the workspace.
    pub fn org(&self) -> &OrgId {
        self.enterprise.as_ref().unwrap_or(&self.team)
    }

    /// Did the bot itself write this message, as Slack gave it?
    pub(crate) fn wrote(&self, message: &serde_json::Value) -> bool {
        text(message, "/bot_id") == Some(self.bot_id.as_str())
            || text(message, "/user") == Some(self.user.as_str())
    }

    /// The organisation behind a workspace's or an organisation's id:
    /// home has one name, whichever of its two ids a payload carries.
    pub(crate) fn org_of(&self, team: &str) -> OrgId {
        let is_home =
            team == self.team.as_str() || self.enterprise.as_ref().is_some_and(|e| e.as_str() == team);
        if is_home { self.org().clone() } else { OrgId::new(team) }
    }
}
