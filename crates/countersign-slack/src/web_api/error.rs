//! Why a call did not do what it should.

use std::time::Duration;

/// A call of the Web API failed. No variant carries a token or a message's text.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// Slack said no, and would again.
    #[error("Slack refused {method}: {code}{}", scopes(needed.as_deref(), provided.as_deref()))]
    Denied {
        /// The method.
        method: &'static str,
        /// Slack's name for the error (`channel_not_found`).
        code: String,
        /// The scope that the call needs, where a missing one was the reason.
        needed: Option<String>,
        /// The scopes that the token has, where a missing one was the reason.
        provided: Option<String>,
    },
    /// Too many calls, and the wait would be long. Nothing was done.
    #[error("Slack asks to wait {} s before calling {method} again", retry_after.as_secs())]
    RateLimited {
        /// The method.
        method: &'static str,
        /// How long Slack asks to wait.
        retry_after: Duration,
    },
    /// Slack cannot be reached, or says that it cannot work. Nothing was done.
    #[error("Slack is not available for {method}: {reason}")]
    Unavailable {
        /// The method.
        method: &'static str,
        /// What happened.
        reason: String,
    },
    /// The request went out, and no answer says whether it was carried out.
    #[error("Slack's answer to {method} was lost: {reason}")]
    Lost {
        /// The method.
        method: &'static str,
        /// What happened.
        reason: String,
    },
    /// Slack said yes, but not what it should have said with it.
    #[error("Slack's answer to {method} cannot be read: {reason}")]
    Unreadable {
        /// The method.
        method: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The address of an answer is not Slack's, so that nothing was sent there.
    #[error("the address to answer to is not Slack's")]
    ForeignAddress,
}

impl WebError {
    /// Slack's name for its refusal.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Denied { code, .. } => Some(code),
            _ => None,
        }
    }
}

fn scopes(needed: Option<&str>, provided: Option<&str>) -> String {
    match (needed, provided) {
        (Some(needed), Some(provided)) => {
            format!(" (it needs the scope {needed}; the token has {provided})")
        }
        (Some(needed), None) => format!(" (it needs the scope {needed})"),
        _ => String::new(),
    }
}
