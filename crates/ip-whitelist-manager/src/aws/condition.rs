//! Conditions and changes, attribute by attribute.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use super::item::{ATTRIBUTES, Attribute, EXPIRES_AT, IP_ADDRESS, Kind};
use crate::domain::Row;

/// No row has such an attribute.
const NO_ATTRIBUTE: &str = "nothing";

/// A conditional write, in DynamoDB's language.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Write {
    pub(super) condition: String,
    /// What is to be set and removed, where something is.
    pub(super) update: String,
    pub(super) names: HashMap<String, String>,
    pub(super) values: HashMap<String, AttributeValue>,
}

impl Write {
    /// Only where there is no row of this key.
    pub(super) fn if_none() -> Self {
        let mut write = Self::default();
        write.condition = format!("attribute_not_exists({})", write.name(IP_ADDRESS));
        write
    }

    /// Makes the row `before` into `row`: what both say the same of, and what this program does not know, is not
    /// touched.
    pub(super) fn change(row: &Row, before: &Row) -> Self {
        let mut write = Self::if_still(before);
        let (mut set, mut remove) = (Vec::new(), Vec::new());
        for attribute in ATTRIBUTES {
            let name = attribute.name;
            match (attribute.of(row), attribute.of(before)) {
                (now, then) if now == then => {}
                (Some(now), _) => {
                    write.values.insert(format!(":new_{name}"), now);
                    set.push(format!("{} = :new_{name}", write.name(name)));
                }
                (None, _) => remove.push(write.name(name)),
            }
        }
        if set.is_empty() && remove.is_empty() {
            // An emulator fails where an update says nothing to do.
            remove.push(write.name(NO_ATTRIBUTE));
        }
        let clause = |verb: &str, parts: &[String]| {
            (!parts.is_empty()).then(|| format!("{verb} {}", parts.join(", ")))
        };
        let clauses: Vec<_> =
            [clause("SET", &set), clause("REMOVE", &remove)].into_iter().flatten().collect();
        write.update = clauses.join(" ");
        write
    }

    /// Only if the row is still `before`.
    pub(super) fn if_still(before: &Row) -> Self {
        let mut write = Self::default();
        let mut all = vec![format!("attribute_exists({})", write.name(IP_ADDRESS))];
        all.extend(ATTRIBUTES.map(|attribute| write.still(&attribute, before)));
        write.condition = all.join(" AND ");
        write
    }

    /// Only if its time is over: what is there counts, not what was read.
    pub(super) fn if_over(now: Timestamp) -> Self {
        let mut write = Self::default();
        let (path, is_number) = (write.name(EXPIRES_AT), Kind::Number.code());
        write.values.insert(":is_N".to_owned(), AttributeValue::S(is_number.to_owned()));
        write.values.insert(":now".to_owned(), AttributeValue::N(now.as_second().to_string()));
        write.condition = format!("attribute_type({path}, :is_N) AND {path} <= :now");
        write
    }

    /// The attribute says what `before` says of it. What has another type, or is no number of seconds, is as if it
    /// were not there; a fraction of a second can be told from nothing by a reader alone, so that such a row changes
    /// by hand only.
    fn still(&mut self, attribute: &Attribute, before: &Row) -> String {
        let Attribute { name, kind, .. } = *attribute;
        let path = self.name(name);
        if let Some(value) = attribute.of(before) {
            self.values.insert(format!(":old_{name}"), value);
            return format!("{path} = :old_{name}");
        }
        let (code, placeholder) = (kind.code(), format!(":is_{}", kind.code()));
        self.values.insert(placeholder.clone(), AttributeValue::S(code.to_owned()));
        let absent = format!("attribute_not_exists({path}) OR NOT attribute_type({path}, {placeholder})");
        if kind == Kind::Text {
            return format!("({absent})");
        }
        for (bound, value) in [(":least", i64::MIN), (":most", i64::MAX)] {
            self.values.insert(bound.to_owned(), AttributeValue::N(value.to_string()));
        }
        format!("({absent} OR {path} < :least OR {path} > :most)")
    }

    /// How an expression calls an attribute, whatever words DynamoDB reserves.
    fn name(&mut self, name: &str) -> String {
        let placeholder = format!("#{name}");
        self.names.insert(placeholder.clone(), name.to_owned());
        placeholder
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row {
            ip_address: "203.0.113.7/32".to_owned(),
            environment: "dev".to_owned(),
            description: Some("office".to_owned()),
            added_at: Some(1),
            expires_at: Some(2),
            ..Row::default()
        }
    }

    #[test]
    fn a_change_touches_what_changed_and_asks_for_all_that_was_read() {
        let marked = Row { quarantined: Some("why".to_owned()), description: None, ..row() };
        let write = Write::change(&marked, &row());
        insta::assert_snapshot!(write.update, @"SET #quarantined = :new_quarantined REMOVE #description");
        insta::assert_snapshot!(write.condition.replace(" AND ", "\n"), @"
        attribute_exists(#ip_address)
        #description = :old_description
        (attribute_not_exists(#added_by) OR NOT attribute_type(#added_by, :is_S))
        (attribute_not_exists(#person) OR NOT attribute_type(#person, :is_S))
        #added_at = :old_added_at
        (attribute_not_exists(#extended_at) OR NOT attribute_type(#extended_at, :is_N) OR #extended_at < :least OR #extended_at > :most)
        #expires_at = :old_expires_at
        (attribute_not_exists(#operation) OR NOT attribute_type(#operation, :is_S))
        (attribute_not_exists(#quarantined) OR NOT attribute_type(#quarantined, :is_S))
        (attribute_not_exists(#told_ending) OR NOT attribute_type(#told_ending, :is_N) OR #told_ending < :least OR #told_ending > :most)
        ");
    }

    #[test]
    fn a_change_that_changes_nothing_is_one_all_the_same() {
        insta::assert_snapshot!(Write::change(&row(), &row()).update, @"REMOVE #nothing");
    }
}
