use axum::http::{HeaderMap, HeaderValue};
use countersign_slack::Secret;
use countersign_slack::http::SigningSecrets;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

const SECRET: &str = "fa2c05deeef5a4077494e89f54394de0";
/// The request's own time and ours, in seconds since 1970.
const NOW: i64 = 1_800_000_000;

/// A request's two headers, whatever they hold: accepted is exactly what Slack would have signed, within five minutes.
pub fn signature(stamp: &[u8], signature: &[u8], body: &[u8]) {
    let (Ok(stamp_header), Ok(signature_header)) =
        (HeaderValue::from_bytes(stamp), HeaderValue::from_bytes(signature))
    else {
        return;
    };
    let secrets = SigningSecrets::new(&Secret::new(SECRET)).unwrap();
    let now = Timestamp::from_second(NOW).unwrap();
    let accepts = |signature: HeaderValue| {
        let mut headers = HeaderMap::new();
        headers.insert("x-slack-request-timestamp", stamp_header.clone());
        headers.insert("x-slack-signature", signature);
        secrets.accepts(&headers, body, now)
    };
    let right = signed(stamp, body);
    let is_accepted = accepts(signature_header);
    assert!(!is_accepted || signature == right.as_bytes());
    let fresh = number(stamp).is_some_and(|seconds| NOW.abs_diff(seconds) <= 300);
    assert_eq!(accepts(HeaderValue::from_str(&right).unwrap()), fresh);
}

/// Scheme `v0`, written once more.
fn signed(stamp: &[u8], body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    for part in [b"v0:", stamp, b":", body] {
        mac.update(part);
    }
    format!("v0={}", hex::encode(mac.finalize().into_bytes()))
}

/// Seconds as Slack writes them: digits without a zero in front.
fn number(stamp: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(stamp).ok()?;
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text && number >= 0).then_some(number)
}
