//! What travels: version 1 of the protocol, as types. JSON in UTF-8, one request and one answer.

mod plan;
mod request;
mod response;

use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use plan::{WireChange, WirePlan, WireStep};
pub use request::{Asked, Call, Part, Request, WirePerson};
pub use response::{Answer, Became, Response, WireProgress, WireReport, WireTable};

/// The version of the protocol that this program speaks.
pub const VERSION: u32 = 1;
/// No request and no answer is larger.
pub const MOST_BYTES: usize = 1024 * 1024;

/// Bytes that are no message of this version of the protocol.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// There are too many of them.
    #[error("it has {0} bytes, and the most is {MOST_BYTES}")]
    TooLarge(usize),
    /// They do not say which version they are.
    #[error("it is no JSON object that says `\"version\": {VERSION}`")]
    NoVersion(#[source] serde_json::Error),
    /// They are another version.
    #[error("it is version {0} of the protocol, and this side speaks version {VERSION}")]
    OtherVersion(u64),
    /// They are not what this version says.
    #[error("it is not what version {VERSION} of the protocol says")]
    Unreadable(#[source] serde_json::Error),
}

impl Request {
    /// Reads a request. What it has beyond this version is ignored.
    ///
    /// # Errors
    /// [`WireError`]: it is too large, of another version, or none.
    pub fn read(bytes: &[u8]) -> Result<Self, WireError> {
        read(bytes)
    }

    /// As it travels.
    ///
    /// # Errors
    /// [`WireError`]: it would be too large.
    pub fn write(&self) -> Result<Vec<u8>, WireError> {
        within_bounds(serde_json::to_vec(self).map_err(WireError::Unreadable)?)
    }
}

impl Response {
    /// Reads an answer. What it has beyond this version is ignored.
    ///
    /// # Errors
    /// [`WireError`]: it is too large, of another version, or none.
    pub fn read(bytes: &[u8]) -> Result<Self, WireError> {
        read(bytes)
    }

    /// As it travels.
    ///
    /// # Errors
    /// [`WireError`]: it would be too large.
    pub fn write(&self) -> Result<Vec<u8>, WireError> {
        within_bounds(serde_json::to_vec(self).map_err(WireError::Unreadable)?)
    }
}

/// What every version of the protocol has.
#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WireError> {
    if bytes.len() > MOST_BYTES {
        return Err(WireError::TooLarge(bytes.len()));
    }
    let Versioned { version } = serde_json::from_slice(bytes).map_err(WireError::NoVersion)?;
    if version != u64::from(VERSION) {
        return Err(WireError::OtherVersion(version));
    }
    serde_json::from_slice(bytes).map_err(WireError::Unreadable)
}

fn within_bounds(bytes: Vec<u8>) -> Result<Vec<u8>, WireError> {
    if bytes.len() > MOST_BYTES { Err(WireError::TooLarge(bytes.len())) } else { Ok(bytes) }
}
