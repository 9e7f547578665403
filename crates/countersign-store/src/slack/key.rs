//! The key under which the state in Slack is sealed.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The shortest text that a key is made of, in characters.
const SHORTEST: usize = 32;
/// What the key is for, so that the same text never seals anything else.
const PURPOSE: &[u8] = b"countersign/ledger-in-slack/1";

/// A key that only the replicas of one bot know. Neither `Debug` nor an error shows it.
#[derive(Clone)]
pub struct LedgerKey(Arc<LessSafeKey>);

/// The text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// Anybody could guess it.
    #[error(
        "The ledger's key is shorter than {SHORTEST} characters. Make one with `openssl rand -hex 32`, and keep it as you keep a token."
    )]
    Short,
    /// This machine cannot encrypt.
    #[error("The ledger's key cannot be used on this machine.")]
    Unusable,
}

impl LedgerKey {
    /// The key that is made of `text`; white space around it does not count.
    ///
    /// # Errors
    /// [`BadKey::Short`], when it has fewer than 32 characters.
    pub fn new(text: &str) -> Result<Self, BadKey> {
        let text = text.trim();
        if text.chars().count() < SHORTEST {
            return Err(BadKey::Short);
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(text.as_bytes()).map_err(|_| BadKey::Unusable)?;
        mac.update(PURPOSE);
        let bytes = mac.finalize().into_bytes();
        let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| BadKey::Unusable)?;
        Ok(Self(Arc::new(LessSafeKey::new(key))))
    }

    pub(super) fn cipher(&self) -> &LessSafeKey {
        &self.0
    }
}

impl fmt::Debug for LedgerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LedgerKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_long_and_does_not_print() {
        let key = LedgerKey::new(&"k".repeat(32)).unwrap();
        assert_eq!(format!("{key:?}"), "LedgerKey(…)");
        let short = LedgerKey::new(&format!("  {}  ", "k".repeat(31))).unwrap_err();
        insta::assert_snapshot!(short, @"The ledger's key is shorter than 32 characters. Make one with `openssl rand -hex 32`, and keep it as you keep a token.");
    }
}
