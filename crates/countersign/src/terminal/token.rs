//! Tokens: who somebody is, said by the holder of a key.
//!
//! ```text
//! cst1.U0123456789.1764115200.1764158400.0123456789abcdef.MAC
//!      who         from       until      id               HMAC-SHA256 of all before it, in hex
//! ```
//!
//! A token holds at most a day. It counts only for a person whom the configuration names, as long as the key is the
//! same and its id is not revoked.

use std::fmt;
use std::path::{Path, PathBuf};

use countersign_core::ids::UserId;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

/// The version, which the MAC covers with the rest.
const VERSION: &str = "cst1";
/// The longest that a token may hold.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// How far the clocks of whoever made a token and whoever looks at it may be apart.
const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// A key has at least so many bytes: the hash's own length.
const SHORTEST_KEY: usize = 32;
/// No key file is longer.
const LONGEST_KEY: u64 = 4096;
/// No token is longer.
const LONGEST_TEXT: usize = 256;

/// The key that tokens are signed with. It does not print.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

/// A key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("the key file {} cannot be read: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Others can read it, and so could sign as anybody.
    #[error("others than its owner may read the key file {path}, and so sign as anybody: chmod 600 {path}", path = .0.display())]
    Exposed(PathBuf),
    /// It is short enough to be guessed, or longer than any key.
    #[error("the key file {} holds no key: it takes 32 bytes or more; `countersign token --make-key` makes one", .0.display())]
    NoKey(PathBuf),
}

/// A token that does not hold. The sentence names no part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is none, or signed with another key.
    #[error("this token does not hold: it is damaged, or signed with another key")]
    Forged,
    /// Its time is over.
    #[error("this token's time is over; ask for another one")]
    Expired,
    /// Its time has not come, or is longer than a token's may be.
    #[error("this token is for another time; look at the clocks, or ask for another one")]
    OtherTime,
    /// Its id is among those that hold no more.
    #[error("this token was revoked; ask for another one")]
    Revoked,
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who its holder is.
    pub person: UserId,
    /// From when it holds (UTC).
    pub from: Timestamp,
    /// Until when it holds (UTC).
    pub until: Timestamp,
    /// By which it can be revoked.
    pub id: String,
}

impl Key {
    /// Reads a key.
    ///
    /// # Errors
    /// [`KeyError`]: it is not there, not a key, or not a secret.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let file =
            |error: std::io::Error| KeyError::File { path: path.to_owned(), reason: error.to_string() };
        let metadata = std::fs::metadata(path).map_err(file)?;
        if is_exposed(&metadata) {
            return Err(KeyError::Exposed(path.to_owned()));
        }
        if metadata.len() > LONGEST_KEY {
            return Err(KeyError::NoKey(path.to_owned()));
        }
        let bytes = std::fs::read(path).map_err(file)?;
        Self::new(bytes.trim_ascii()).ok_or_else(|| KeyError::NoKey(path.to_owned()))
    }

    /// A key from its bytes; `None`: they are too few.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let bytes = Some(bytes).filter(|bytes| bytes.len() >= SHORTEST_KEY)?;
        Hmac::new_from_slice(bytes).ok().map(Self)
    }

    /// The token that says this.
    pub fn sign(&self, claim: &Claim) -> String {
        let said = claim.to_string();
        let mac = self.mac(&said).finalize().into_bytes();
        format!("{said}.{}", hex::encode(mac))
    }

    /// What a token says, if it holds at `now` (UTC). Takes as long for a wrong signature as for the right one.
    ///
    /// # Errors
    /// [`TokenError`] says why it does not hold.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Claim, TokenError> {
        let token =
            Some(token.trim()).filter(|token| token.len() <= LONGEST_TEXT).ok_or(TokenError::Forged)?;
        let (said, mac) = token.rsplit_once('.').ok_or(TokenError::Forged)?;
        let mut given = [0; 32];
        hex::decode_to_slice(mac, &mut given).map_err(|_| TokenError::Forged)?;
        self.mac(said).verify_slice(&given).map_err(|_| TokenError::Forged)?;
        let claim = Claim::read(said).ok_or(TokenError::Forged)?;
        if now >= claim.until {
            return Err(TokenError::Expired);
        }
        let length = claim.until.duration_since(claim.from);
        if claim.from.duration_since(now) > SKEW || length > LONGEST || length.is_negative() {
            return Err(TokenError::OtherTime);
        }
        Ok(claim)
    }

    fn mac(&self, said: &str) -> Hmac<Sha256> {
        self.0.clone().chain_update(said)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Claim {
    /// In exactly the form in which it is written, and in no other.
    fn read(said: &str) -> Option<Self> {
        let mut parts = said.split('.');
        let mut next = || parts.next();
        if next()? != VERSION {
            return None;
        }
        let (person, from, until, id) = (next()?, next()?, next()?, next()?);
        let time = |text: &str| Timestamp::from_second(text.parse().ok()?).ok();
        let claim =
            Self { person: UserId::new(person), from: time(from)?, until: time(until)?, id: id.to_owned() };
        (claim.to_string() == said).then_some(claim)
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { person, from, until, id } = self;
        write!(f, "{VERSION}.{person}.{}.{}.{id}", from.as_second(), until.as_second())
    }
}

fn is_exposed(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
