//! The signing secrets in force.

use std::fmt;
use std::sync::{PoisonError, RwLock};

use axum::http::HeaderMap;
use jiff::{SignedDuration, Timestamp};

use super::signature::{Claim, Key};
use crate::Secret;

/// So long after it was replaced a secret still holds: for what Slack had signed before.
/// No longer, since a secret that leaked is replaced too.
const OVERLAP: SignedDuration = SignedDuration::from_mins(5);

/// The app's signing secret, and for a few minutes the one before.
pub struct SigningSecrets {
    held: RwLock<Held>,
}

#[derive(Clone)]
struct Held {
    secret: Secret,
    key: Key,
    before: Option<(Key, Timestamp)>,
}

/// There is no signing secret, so that everybody could sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signing secret is empty; it stands on the app's Basic Information page")]
pub struct EmptySecret;

impl SigningSecrets {
    /// Checks with `secret`.
    ///
    /// # Errors
    /// [`EmptySecret`].
    pub fn new(secret: &Secret) -> Result<Self, EmptySecret> {
        let key = Key::new(secret).ok_or(EmptySecret)?;
        let held = Held { secret: secret.clone(), key, before: None };
        Ok(Self { held: RwLock::new(held) })
    }

    /// From `now` (UTC) on checks with `secret`, and for five minutes with the one before as well.
    ///
    /// # Errors
    /// [`EmptySecret`]; what was in force stays.
    pub fn rotate(&self, secret: &Secret, now: Timestamp) -> Result<(), EmptySecret> {
        let key = Key::new(secret).ok_or(EmptySecret)?;
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if held.secret != *secret {
            let old = std::mem::replace(&mut held.key, key);
            held.before = now.checked_add(OVERLAP).ok().map(|until| (old, until));
            held.secret = secret.clone();
        }
        Ok(())
    }

    /// Was a request with these headers and this `body` signed with a secret that is in force at `now` (UTC)?
    pub fn accepts(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> bool {
        Claim::read(headers).is_some_and(|claim| self.accept(&claim, body, now))
    }

    /// Does the claim hold for `body` with a secret that is in force at `now` (UTC)?
    pub(super) fn accept(&self, claim: &Claim, body: &[u8], now: Timestamp) -> bool {
        if !claim.is_fresh(now) {
            return false;
        }
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let before = held.before.as_ref().filter(|(_, until)| now < *until);
        claim.holds(body, &held.key) || before.is_some_and(|(key, _)| claim.holds(body, key))
    }
}

impl fmt::Debug for SigningSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecrets(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::sign;
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn accepts(secrets: &SigningSecrets, signed_with: &str, at: i64) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert("x-slack-request-timestamp", at.into());
        let signature = sign(signed_with, &at.to_string(), b"{}");
        headers.insert("x-slack-signature", signature.parse().unwrap());
        secrets.accepts(&headers, b"{}", Timestamp::from_second(at).unwrap())
    }

    #[test]
    fn an_empty_secret_is_refused_with_a_sentence() {
        let refused = SigningSecrets::new(&Secret::new(" ")).unwrap_err();
        insta::assert_snapshot!(refused, @"the signing secret is empty; it stands on the app's Basic Information page");
        let secrets = SigningSecrets::new(&Secret::new("one")).unwrap();
        assert!(secrets.rotate(&Secret::new(""), Timestamp::UNIX_EPOCH).is_err());
        assert!(accepts(&secrets, "one", NOW));
        assert!(!accepts(&secrets, "", NOW));
    }

    #[test]
    fn the_secret_before_holds_for_five_minutes_more() {
        let secrets = SigningSecrets::new(&Secret::new("one")).unwrap();
        secrets.rotate(&Secret::new("two"), Timestamp::from_second(NOW).unwrap()).unwrap();
        // The same one again is no rotation.
        secrets.rotate(&Secret::new("two"), Timestamp::from_second(NOW + 100).unwrap()).unwrap();
        assert!(accepts(&secrets, "two", NOW));
        assert!(accepts(&secrets, "one", NOW + 299));
        assert!(!accepts(&secrets, "one", NOW + 300));
        assert!(accepts(&secrets, "two", NOW + 300));
        assert!(!accepts(&secrets, "three", NOW));
    }
}
