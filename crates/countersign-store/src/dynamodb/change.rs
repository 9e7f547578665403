//! A write of one item: what is set and removed, and under which condition.
//!
//! In its expressions `#name` stands for the attribute `name`, and `:name` for a value, so that no word that
//! DynamoDB reserves gets in the way, and nothing from outside becomes part of an expression.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::table::{Key, PARTITION, SORT};

/// A write of one item.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) key: Key,
    sets: Vec<String>,
    removes: Vec<String>,
    condition: Option<String>,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

/// A change as DynamoDB takes it.
pub(super) struct Expressions {
    pub(super) update: Option<String>,
    pub(super) condition: Option<String>,
    pub(super) names: Option<HashMap<String, String>>,
    pub(super) values: Option<HashMap<String, AttributeValue>>,
}

impl Change {
    /// A change of the item under `key`, which is made if it is not there.
    pub(super) fn of(key: Key) -> Self {
        Self {
            key,
            sets: Vec::new(),
            removes: Vec::new(),
            condition: None,
            names: HashMap::new(),
            values: HashMap::new(),
        }
    }

    /// Sets an attribute.
    pub(super) fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.sets.push(format!("#{name} = :{name}"));
        self.named(name).with(name, value)
    }

    /// Sets an attribute, or removes it.
    pub(super) fn set_or_remove(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self.remove([name]),
        }
    }

    /// Removes attributes.
    pub(super) fn remove<const N: usize>(mut self, names: [&str; N]) -> Self {
        for name in names {
            self.removes.push(format!("#{name}"));
            self = self.named(name);
        }
        self
    }

    /// Only if this holds for the item as it is; several conditions must all hold.
    pub(super) fn only_if(mut self, condition: &str) -> Self {
        for name in placeholders(condition) {
            self = self.named(name);
        }
        self.condition = Some(match self.condition {
            Some(before) => format!("{before} AND ({condition})"),
            None => format!("({condition})"),
        });
        self
    }

    /// A value for a condition.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.values.insert(format!(":{name}"), value.into().0);
        self
    }

    fn named(mut self, name: &str) -> Self {
        self.names.insert(format!("#{name}"), name.to_owned());
        self
    }

    /// The change as DynamoDB takes it.
    pub(super) fn expressions(self) -> (Key, Expressions) {
        let part = |word: &str, parts: &[String]| match parts {
            [] => String::new(),
            parts => format!("{word} {} ", parts.join(", ")),
        };
        let update = format!("{}{}", part("SET", &self.sets), part("REMOVE", &self.removes));
        let update = (!update.is_empty()).then(|| update.trim_end().to_owned());
        let expressions = Expressions {
            update,
            condition: self.condition,
            names: (!self.names.is_empty()).then_some(self.names),
            values: (!self.values.is_empty()).then_some(self.values),
        };
        (self.key, expressions)
    }
}

/// The attributes that an expression names.
fn placeholders(expression: &str) -> impl Iterator<Item = &str> {
    expression.split('#').skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        rest.split_at(end).0
    })
}

/// The names of a key condition's attributes.
pub(super) fn names_in(expression: &str) -> HashMap<String, String> {
    placeholders(expression).map(|name| (format!("#{name}"), name.to_owned())).collect()
}

/// An attribute's value.
pub(super) struct Value(pub(super) AttributeValue);

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(AttributeValue::S(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self(AttributeValue::S(text))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self(AttributeValue::N(number.to_string()))
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self(AttributeValue::N(number.to_string()))
    }
}

impl Key {
    /// The key as attributes.
    pub(super) fn attributes(self) -> HashMap<String, AttributeValue> {
        let Self { partition, sort } = self;
        [(PARTITION, partition), (SORT, sort)]
            .map(|(name, value)| (name.to_owned(), AttributeValue::S(value)))
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_written_with_placeholders_alone() {
        let key = Key::lock(&countersign_core::ids::LockKey::new("dev"));
        let change = Change::of(key)
            .set("open", "x")
            .remove(["due"])
            .only_if("#hash = :was")
            .with("was", 1_i64)
            .only_if("attribute_exists(#since)");
        let (_, made) = change.expressions();
        insta::assert_snapshot!(made.update.unwrap(), @"SET #open = :open REMOVE #due");
        insta::assert_snapshot!(made.condition.unwrap(), @"(#hash = :was) AND (attribute_exists(#since))");
        let mut names: Vec<String> = made.names.unwrap().into_keys().collect();
        names.sort();
        assert_eq!(names, ["#due", "#hash", "#open", "#since"]);
        let mut values: Vec<String> = made.values.unwrap().into_keys().collect();
        values.sort();
        assert_eq!(values, [":open", ":was"]);
    }
}
