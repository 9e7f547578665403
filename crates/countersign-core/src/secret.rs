//! What must never be written: values that an author marks as secret (`<password:secret>`), and whatever looks like a
//! credential ([`credential`]).
//!
//! Their values live in [`Hidden`], which stays in the memory of one process and is never written. In texts for people
//! they become [`MASK`]. In JSON that a runbook gets back later they become a marker with a digest, so that what
//! people sign is bound to the value; the digest is keyed with a key that is forgotten together with the value, so
//! that nobody can try out values against it.

pub mod credential;

use std::collections::BTreeMap;
use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::ids::OperationId;

/// What stands in the place of a secret.
pub const MASK: &str = "•••";

/// The one member of an object that stands in the place of a hidden text.
const MARKER: &str = "hidden";

/// A text that is shown and logged as [`MASK`].
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides `value`.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for the runbook alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// It is written as [`MASK`]; whoever needs it asks for it by name.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(MASK)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

/// What was hidden of one operation. It has no form that could be written.
pub struct Hidden {
    key: [u8; 32],
    operation: OperationId,
    /// The secret arguments' values: no text that is written may contain one.
    words: Vec<Secret>,
    /// Hidden texts by their digests.
    texts: BTreeMap<String, Secret>,
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hidden({} texts)", self.texts.len())
    }
}

impl Hidden {
    /// Nothing yet. `key` is random, and known to this process alone.
    pub fn new(key: [u8; 32], operation: OperationId) -> Self {
        Self { key, operation, words: Vec::new(), texts: BTreeMap::new() }
    }

    /// Is there nothing to remember?
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// From now on no text contains this value.
    pub fn keep_secret(&mut self, value: &str) {
        if !value.is_empty() {
            self.words.push(Secret::new(value));
            // The longest first: of two, one may begin the other.
            self.words.sort_by_key(|word| std::cmp::Reverse(word.reveal().len()));
        }
    }

    /// `text` as it may be written.
    pub fn mask(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for word in &self.words {
            masked = masked.replace(word.reveal(), MASK);
        }
        credential::mask(&masked).into_owned()
    }

    /// `value` as it may be written: every text in it that must not be is exchanged for a marker, and remembered.
    pub fn hide(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) if self.mask(text) != *text => {
                let digest = self.digest(text);
                self.texts.insert(digest.clone(), Secret::new(text));
                json!({ MARKER: digest })
            }
            Value::Array(items) => items.iter().map(|item| self.hide(item)).collect(),
            Value::Object(members) => {
                Value::Object(members.iter().map(|(name, value)| (name.clone(), self.hide(value))).collect())
            }
            other => other.clone(),
        }
    }

    /// `value` with the texts that were hidden in it; `None` when one of them is not known here.
    pub fn reveal(&self, value: &Value) -> Option<Value> {
        if let Some(digest) = marked(value) {
            return self.texts.get(digest).map(|text| text.reveal().into());
        }
        Some(match value {
            Value::Array(items) => {
                Value::Array(items.iter().map(|item| self.reveal(item)).collect::<Option<_>>()?)
            }
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| Some((name.clone(), self.reveal(value)?)));
                Value::Object(members.collect::<Option<_>>()?)
            }
            other => other.clone(),
        })
    }

    fn digest(&self, text: &str) -> String {
        // An HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else { return String::new() };
        // With the operation, so that nobody sees that two of them have the same secret.
        mac.update(self.operation.to_string().as_bytes());
        mac.update(text.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

/// Is something hidden in `value`?
pub fn hides(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(hides),
        Value::Object(members) => marked(value).is_some() || members.values().any(hides),
        _ => false,
    }
}

/// The digest, where `value` is a marker.
fn marked(value: &Value) -> Option<&str> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    members.get(MARKER)?.as_str().filter(|digest| digest.len() == 64)
}

#[cfg(test)]
mod tests;
