//! What a command does not share while it runs: `lock = "env <environment>"`.
//!
//! Text and arguments in angle brackets, nothing else. Operations whose locks read the same, whatever their
//! commands, run one after the other.

use serde_json::Value;

use crate::ids::LockKey;

/// A lock as the author of a command writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    text: String,
}

/// The text is no lock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// Nothing stands there.
    #[error("a lock needs a name, for example \"env <environment>\"")]
    Empty,
    /// A bracket has no partner.
    #[error("a bracket in it has no partner; write an argument as <name>")]
    Brackets,
}

/// A piece of a lock's text.
enum Piece<'a> {
    Text(&'a str),
    Argument(&'a str),
}

impl Lock {
    /// A lock from its text. That its arguments are the command's own is the catalog's check.
    ///
    /// # Errors
    /// [`LockError`] says what is wrong with the text.
    pub fn new(text: &str) -> Result<Self, LockError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(LockError::Empty);
        }
        pieces(text).map(|_| Self { text: text.to_owned() })
    }

    /// The arguments that it names.
    pub fn arguments(&self) -> impl Iterator<Item = &str> {
        pieces(&self.text).unwrap_or_default().into_iter().filter_map(|piece| match piece {
            Piece::Argument(name) => Some(name),
            Piece::Text(_) => None,
        })
    }

    /// The lock for one set of arguments, a JSON object by name. An argument that was left out reads as nothing.
    pub fn key(&self, args: &Value) -> LockKey {
        let value = |name: &str| match args.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.to_lowercase(),
            Some(other) => other.to_string(),
        };
        // The text was taken apart when the lock was made.
        let pieces = pieces(&self.text).unwrap_or_default();
        let key: String = pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.to_owned(),
                Piece::Argument(name) => value(name),
            })
            .collect();
        LockKey::new(key.trim())
    }
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, LockError> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        let (name, behind) = after.split_once('>').ok_or(LockError::Brackets)?;
        if before.contains('>') || name.contains('<') {
            return Err(LockError::Brackets);
        }
        pieces.extend([Piece::Text(before), Piece::Argument(name)]);
        rest = behind;
    }
    if rest.contains('>') {
        return Err(LockError::Brackets);
    }
    pieces.push(Piece::Text(rest));
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn key(text: &str, args: &Value) -> String {
        Lock::new(text).unwrap().key(args).to_string()
    }

    #[test]
    fn a_lock_reads_the_same_for_the_same_target() {
        assert_eq!(key("env <env>", &json!({"env": "dev"})), "env dev");
        assert_eq!(key("env <env>", &json!({"env": "DEV"})), "env dev", "words match without case");
        assert_eq!(key("<number> of <env>", &json!({"env": "dev", "number": 7})), "7 of dev");
        assert_eq!(key("env <env>", &json!({})), "env");
        assert_eq!(key("everything", &json!({"env": "dev"})), "everything");
    }

    #[test]
    fn what_is_no_lock_is_refused() {
        let refused = |text: &str| Lock::new(text).unwrap_err();
        assert_eq!(refused("  "), LockError::Empty);
        assert_eq!(refused("env <env"), LockError::Brackets);
        assert_eq!(refused("env env>"), LockError::Brackets);
        assert_eq!(refused("env <<env>>"), LockError::Brackets);
    }
}
