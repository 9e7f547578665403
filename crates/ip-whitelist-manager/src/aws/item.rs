//! Rows as DynamoDB keeps them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::domain::Row;

/// An item as DynamoDB gives it.
pub(super) type Item = HashMap<String, AttributeValue>;

/// The hash key.
pub(super) const IP_ADDRESS: &str = "ip_address";
/// The range key, and the hash key of the index.
pub(super) const ENVIRONMENT: &str = "environment";
/// After this (seconds since 1970, UTC) DynamoDB may delete a row.
pub(super) const EXPIRES_AT: &str = "expires_at";

/// An attribute beside the key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attribute {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    of: fn(&Row) -> Option<AttributeValue>,
}

/// What an attribute is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
}

/// Every attribute that this program knows. Others stay as they are.
pub(super) const ATTRIBUTES: [Attribute; 9] = [
    Attribute { name: "description", kind: Kind::Text, of: |row| text(row.description.as_ref()) },
    Attribute { name: "added_by", kind: Kind::Text, of: |row| text(row.added_by.as_ref()) },
    Attribute { name: "person", kind: Kind::Text, of: |row| text(row.person.as_ref()) },
    Attribute { name: "added_at", kind: Kind::Number, of: |row| number(row.added_at) },
    Attribute { name: "extended_at", kind: Kind::Number, of: |row| number(row.extended_at) },
    Attribute { name: EXPIRES_AT, kind: Kind::Number, of: |row| number(row.expires_at) },
    Attribute { name: "operation", kind: Kind::Text, of: |row| text(row.operation.as_ref()) },
    Attribute { name: "quarantined", kind: Kind::Text, of: |row| text(row.quarantined.as_ref()) },
    Attribute { name: "told_ending", kind: Kind::Number, of: |row| number(row.told_ending) },
];

impl Attribute {
    /// What a row says of it.
    pub(super) fn of(&self, row: &Row) -> Option<AttributeValue> {
        (self.of)(row)
    }
}

impl Kind {
    /// How a condition calls it.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Text => "S",
            Self::Number => "N",
        }
    }
}

/// The row that an item is. What has another type than the schema's is as if it were not there.
pub(super) fn row(item: &Item) -> Row {
    let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
    let number = |name: &str| item.get(name).and_then(|value| value.as_n().ok()).and_then(|n| n.parse().ok());
    Row {
        ip_address: text(IP_ADDRESS).unwrap_or_default(),
        environment: text(ENVIRONMENT).unwrap_or_default(),
        description: text("description"),
        added_by: text("added_by"),
        person: text("person"),
        added_at: number("added_at"),
        extended_at: number("extended_at"),
        expires_at: number(EXPIRES_AT),
        operation: text("operation"),
        quarantined: text("quarantined"),
        told_ending: number("told_ending"),
    }
}

/// The item that a new row is.
pub(super) fn item(row: &Row) -> Item {
    let attributes =
        ATTRIBUTES.into_iter().filter_map(|attribute| Some((attribute.name.to_owned(), attribute.of(row)?)));
    key(&row.ip_address, &row.environment).into_iter().chain(attributes).collect()
}

/// The key of a row.
pub(super) fn key(ip_address: &str, environment: &str) -> Item {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    Item::from([(IP_ADDRESS.to_owned(), text(ip_address)), (ENVIRONMENT.to_owned(), text(environment))])
}

fn text(text: Option<&String>) -> Option<AttributeValue> {
    text.cloned().map(AttributeValue::S)
}

fn number(number: Option<i64>) -> Option<AttributeValue> {
    number.map(|number| AttributeValue::N(number.to_string()))
}
