use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

/// The header with the seconds since 1970 (UTC) at which a request was signed.
pub(super) const TIMESTAMP: &str = "x-countersign-timestamp";
/// The header with the signature: `v1=` and 64 hex digits.
pub(super) const SIGNATURE: &str = "x-countersign-signature";
/// A shorter secret can be guessed.
const SHORTEST: usize = 16;

/// A secret that both sides know. It signs requests, and never travels.
#[derive(Clone)]
pub struct SharedSecret(Hmac<Sha256>);

impl SharedSecret {
    /// The secret in `text`, without white space around it; `None` when it is shorter than 16 characters.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() < SHORTEST {
            return None;
        }
        Hmac::new_from_slice(text.as_bytes()).ok().map(Self)
    }

    /// The two headers of a request with this body, sent at `now`: HMAC-SHA256 over `v1:SECONDS:BODY`.
    pub(super) fn sign(&self, now: Timestamp, body: &[u8]) -> (String, String) {
        let seconds = now.as_second();
        let mac = self.0.clone().chain_update(format!("v1:{seconds}:")).chain_update(body).finalize();
        (seconds.to_string(), format!("v1={}", hex::encode(mac.into_bytes())))
    }
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_what_the_documentation_says() {
        let secret = SharedSecret::new(" 0123456789abcdef\n").unwrap();
        let (seconds, signature) = secret.sign(Timestamp::from_second(1_700_000_000).unwrap(), b"{}");
        assert_eq!(seconds, "1700000000");
        // printf 'v1:1700000000:{}' | openssl dgst -sha256 -hmac 0123456789abcdef
        assert_eq!(signature, "v1=31ab1a5f612982cbb606c3c6f69fbba87fb23b3157b28a815b8e95ee6561e8c5");
        assert_eq!(format!("{secret:?}"), "SharedSecret(…)");
    }

    #[test]
    fn a_secret_has_a_length() {
        assert!(SharedSecret::new("0123456789abcde").is_none());
    }
}
