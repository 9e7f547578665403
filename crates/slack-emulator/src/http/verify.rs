//! A new URL must show that it is the app's: it gets a signed challenge and must echo it.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Http;
use super::client::Failure;
use super::request::{Content, sign};
use crate::delivery::LoopbackUrl;

/// Why a URL is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unverified {
    /// Nobody answers there.
    #[error("Nobody answers at {0}; start the app, then set the URL.")]
    Unreachable(LoopbackUrl),
    /// It answers too late.
    #[error("{0} did not answer within three seconds.")]
    TooLate(LoopbackUrl),
    /// It refuses.
    #[error("{0} answered with {1}; check the app's signing secret, and the path.")]
    Status(LoopbackUrl, StatusCode),
    /// It redirects too often, or elsewhere.
    #[error("{0} leads elsewhere.")]
    Redirect(LoopbackUrl),
    /// It answers something else.
    #[error("{0} did not answer with the challenge that it was sent.")]
    WrongEcho(LoopbackUrl),
}

impl Http {
    /// Sends the challenge and reads the echo: as plain text, as JSON or as a form.
    pub(crate) async fn verify(&self, url: &LoopbackUrl) -> Result<(), Unverified> {
        let now = self.0.clock.now();
        let challenge = sign(&self.0.signing_secret, now.as_microsecond(), url.as_str().as_bytes());
        let content = Content::json(&json!({
            "token": "verification-token", "challenge": challenge, "type": "url_verification",
        }));
        let answer = self.0.exchange(url, &content, None).await.map_err(|failure| match failure {
            Failure::Timeout => Unverified::TooLate(url.clone()),
            Failure::Connection => Unverified::Unreachable(url.clone()),
            Failure::Status { status, .. } => Unverified::Status(url.clone(), status),
            Failure::Redirects | Failure::Unknown => Unverified::Redirect(url.clone()),
        })?;
        if echoes(&answer.body, &challenge) { Ok(()) } else { Err(Unverified::WrongEcho(url.clone())) }
    }
}

fn echoes(body: &[u8], challenge: &str) -> bool {
    let plain = body.trim_ascii() == challenge.as_bytes();
    let json = || {
        let value: Value = serde_json::from_slice(body).ok()?;
        Some(value.get("challenge")?.as_str()? == challenge)
    };
    let form = || {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(body).ok()?;
        pairs.into_iter().find(|(key, _)| key == "challenge").map(|(_, value)| value == challenge)
    };
    plain || json().unwrap_or(false) || form().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_of_an_echo() {
        for body in ["abc", "abc\n", r#"{"challenge":"abc"}"#, "challenge=abc"] {
            assert!(echoes(body.as_bytes(), "abc"), "{body}");
        }
        for body in ["", "abcd", r#"{"challenge":"abd"}"#, "challenge=", r#""abc""#, "ok"] {
            assert!(!echoes(body.as_bytes(), "abc"), "{body}");
        }
    }
}
