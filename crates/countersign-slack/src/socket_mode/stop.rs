//! What ends Socket Mode for good.

use crate::web_api::WebError;

/// Slack will not open a connection for this token, however often it is asked.
#[derive(Debug, thiserror::Error)]
#[error("socket mode stopped: {advice}")]
pub struct SocketModeError {
    /// What to do about it, for the operator.
    pub advice: &'static str,
    /// Slack's refusal.
    #[source]
    pub source: WebError,
}

impl SocketModeError {
    /// Sorts a failure of `apps.connections.open`: is it final?
    pub(super) fn sort(error: WebError) -> Result<Self, WebError> {
        match error.code().and_then(advice) {
            Some(advice) => Ok(Self { advice, source: error }),
            None => Err(error),
        }
    }
}

fn advice(code: &str) -> Option<&'static str> {
    Some(match code {
        "not_authed" | "invalid_auth" => {
            "Slack does not know the app token; it begins with xapp- and is made on the app's Basic Information page"
        }
        "not_allowed_token_type" => {
            "this is not an app token; it begins with xapp- and is made on the app's Basic Information page"
        }
        "missing_scope" | "no_permission" => "the app token needs the scope connections:write",
        "token_revoked" | "token_expired" => "the app token was revoked or has expired; make a new one",
        "account_inactive" | "user_removed_from_team" => "the app is no longer installed in the workspace",
        "team_disabled" | "forbidden_team" | "access_denied" => "the workspace does not let the app in",
        _ => return None,
    })
}
