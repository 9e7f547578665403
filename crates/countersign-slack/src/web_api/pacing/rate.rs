//! How often a method may be called (docs.slack.dev/apis/web-api/rate-limits).

use jiff::SignedDuration;

/// One call after another, and some at once after a rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rate {
    /// Between two calls, in the long run.
    pub(super) gap: SignedDuration,
    /// Calls at once after a rest.
    pub(super) burst: i32,
}

impl Rate {
    /// Slack counts by the minute; half of that at once keeps any minute near it.
    const fn per_minute(calls: i32) -> Self {
        Self { gap: SignedDuration::from_millis(60_000 / calls as i64), burst: (calls + 1) / 2 }
    }
}

const TIER_2: Rate = Rate::per_minute(20);
const TIER_3: Rate = Rate::per_minute(50);
const TIER_4: Rate = Rate::per_minute(100);
/// "Several hundred messages per minute" per workspace.
const ALL_MESSAGES: Rate = Rate { gap: SignedDuration::from_millis(200), burst: 20 };
/// "One message per second per channel", with short bursts.
const MESSAGES_OF_A_CHANNEL: Rate = Rate { gap: SignedDuration::from_secs(1), burst: 4 };

/// The method's own rate. A method that is not named here is slow rather than refused.
pub(super) fn of(method: &str) -> Rate {
    match method {
        "chat.postMessage" => ALL_MESSAGES,
        "auth.test"
        | "chat.postEphemeral"
        | "conversations.members"
        | "users.info"
        | "views.open"
        | "views.publish" => TIER_4,
        "usergroups.users.list" | "reactions.remove" => TIER_2,
        _ => TIER_3,
    }
}

/// Its rate in one channel.
pub(super) fn in_channel(method: &str) -> Option<Rate> {
    (method == "chat.postMessage").then_some(MESSAGES_OF_A_CHANNEL)
}
