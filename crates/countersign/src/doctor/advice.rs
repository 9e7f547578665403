//! What Slack's errors mean for whoever sets the bot up.

use countersign_engine::causes;
use countersign_slack::web_api::WebError;

use crate::tokens::Kind;

/// Why a token is not taken, as sentences.
pub(super) fn on_token(kind: Kind, error: &WebError) -> String {
    let again = format!("Copy it again from {}", kind.shown_by());
    match error.code() {
        Some("invalid_auth" | "not_authed") => {
            format!(
                "Slack does not know this token: it is another workspace's, or was cut when it was copied. {again}."
            )
        }
        Some("token_revoked" | "token_expired" | "account_inactive") => format!(
            "Slack takes this token no more: the app was removed, or the token was withdrawn. Install the app again. {again}."
        ),
        Some("not_allowed_token_type") => {
            format!("This is another kind of token. Are the bot's and the app's exchanged? {again}.")
        }
        Some("missing_scope" | "no_permission") => {
            format!(
                "This token may not do that. Make an app token with the scope connections:write: {}.",
                kind.shown_by()
            )
        }
        Some("forbidden_team" | "team_access_not_granted") => {
            "This workspace does not let the app in. An administrator must approve it.".to_owned()
        }
        _ => unanswered(error),
    }
}

/// Slack said nothing of use.
pub(super) fn unanswered(error: &WebError) -> String {
    let line = causes::line(error);
    match error {
        WebError::Denied { code, .. } if code == "missing_scope" => {
            format!(
                "{line}. Replace the app's manifest by what `countersign manifest` prints, and install it again."
            )
        }
        WebError::Denied { .. } => format!("{line}."),
        WebError::RateLimited { .. } => format!("{line}. Try again then."),
        _ => format!(
            "Slack cannot be asked: {line}. Does this machine reach the internet, and does a proxy let slack.com through?"
        ),
    }
}
