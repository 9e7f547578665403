//! What a request consists of: content, signature, and which attempt it is.

use axum::body::Bytes;
use axum::http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use crate::seed::Token;

/// Carries the signature.
pub(super) const SIGNATURE: &str = "x-slack-signature";

/// Carries the moment of the signature, in seconds since 1970.
pub(super) const TIMESTAMP: &str = "x-slack-request-timestamp";

/// A body and its type.
pub(super) struct Content {
    kind: HeaderValue,
    pub(super) body: Bytes,
}

/// Which attempt it is, and why the one before failed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Retry {
    pub(super) number: usize,
    pub(super) reason: &'static str,
}

impl Content {
    /// An event.
    pub(super) fn json(payload: &Value) -> Self {
        Self { kind: HeaderValue::from_static("application/json"), body: payload.to_string().into() }
    }

    /// A slash command or an interaction.
    pub(super) fn form(fields: Vec<(String, String)>) -> Self {
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        // Pairs of texts can always be written as a form.
        Self { kind, body: serde_urlencoded::to_string(fields).unwrap_or_default().into() }
    }

    /// Anything.
    pub(super) fn raw(kind: HeaderValue, body: String) -> Self {
        Self { kind, body: body.into() }
    }

    /// The headers of a request that is signed at `timestamp`.
    pub(super) fn signed(&self, secret: &Token, timestamp: i64) -> HeaderMap {
        let mut headers = self.plain();
        headers.insert(TIMESTAMP, HeaderValue::from(timestamp));
        if let Ok(signature) = HeaderValue::from_str(&sign(secret, timestamp, &self.body)) {
            headers.insert(SIGNATURE, signature);
        }
        headers
    }

    /// The headers of a request without a signature.
    pub(super) fn plain(&self) -> HeaderMap {
        HeaderMap::from_iter([
            (CONTENT_TYPE, self.kind.clone()),
            (ACCEPT, HeaderValue::from_static("*/*")),
            (USER_AGENT, HeaderValue::from_static("Slackbot 1.0 (+https://api.slack.com/robots)")),
        ])
    }
}

impl Retry {
    pub(super) fn headers(self, headers: &mut HeaderMap) {
        headers.insert("x-slack-retry-num", HeaderValue::from(self.number));
        headers.insert("x-slack-retry-reason", HeaderValue::from_static(self.reason));
    }
}

/// A slash command's fields, each as text.
pub(super) fn fields(payload: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), String::from);
    payload.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), text(value))).collect()
}

/// An interaction: one field of JSON.
pub(super) fn payload_field(payload: &Value) -> Vec<(String, String)> {
    vec![("payload".into(), payload.to_string())]
}

/// Slack's signature, version 0.
pub(super) fn sign(secret: &Token, timestamp: i64, body: &[u8]) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()) else {
        return String::new();
    };
    mac.update(format!("v0:{timestamp}:").as_bytes());
    mac.update(body);
    format!("v0={}", hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_signature_is_slacks() {
        let secret = Token::new("fa2c05deeef5a4077494e89f54394de0");
        assert_eq!(
            sign(&secret, 1_531_420_618, b"test-body"),
            "v0=baa91ef62d346e56607bbdd278a8acd570b91226854f15a382f43d33be42f666"
        );
    }

    #[test]
    fn a_slash_command_becomes_a_form() {
        let content = Content::form(fields(&json!({"text": "a & b", "is_enterprise_install": false})));
        assert_eq!(content.body, "text=a+%26+b&is_enterprise_install=false");
    }
}
