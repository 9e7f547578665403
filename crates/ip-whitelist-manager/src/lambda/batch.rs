//! Batches of the table's stream, as Lambda hands them on (Lambda developer guide, DynamoDB event source mapping).

use serde::Serialize;
use serde_json::Value;

use crate::domain::Row;
use crate::stream::{Change, Record, Remover};

/// Which records of a batch have to come again: Lambda goes on with the lowest.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchAnswer {
    batch_item_failures: Vec<Failure>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    item_identifier: String,
}

impl BatchAnswer {
    /// The answer for records of these sequence numbers.
    pub fn again(sequences: Vec<String>) -> Self {
        let failure = |item_identifier| Failure { item_identifier };
        Self { batch_item_failures: sequences.into_iter().map(failure).collect() }
    }
}

/// A record of the stream, readable or not.
pub fn record(record: &Value) -> Record {
    let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str);
    let sequence = text("/dynamodb/SequenceNumber").unwrap_or_default().to_owned();
    let image = |name: &str| record.pointer("/dynamodb").and_then(|change| change.get(name)).and_then(row);
    let change = match text("/eventName") {
        Some("INSERT" | "MODIFY") => image("NewImage").map(Change::Written),
        Some("REMOVE") => {
            // Without the old image the key says which network to look at.
            let old = image("OldImage").or_else(|| image("Keys"));
            old.map(|old| Change::Removed { old, by: remover(text("/userIdentity/principalId")) })
        }
        _ => None,
    };
    let unreadable =
        || Change::Unreadable(format!("{} without a row", text("/eventName").unwrap_or("no change")));
    Record { sequence, change: change.unwrap_or_else(unreadable) }
}

/// What DynamoDB deletes by itself it signs with its own name (developer guide, time to live and streams).
fn remover(principal: Option<&str>) -> Remover {
    if principal == Some("dynamodb.amazonaws.com") { Remover::TimeToLive } else { Remover::Caller }
}

/// A row from an image; `None`: it has no key.
fn row(image: &Value) -> Option<Row> {
    let text = |name: &str| image.get(name)?.get("S")?.as_str().map(str::to_owned);
    let number = |name: &str| image.get(name)?.get("N")?.as_str()?.parse().ok();
    Some(Row {
        ip_address: text("ip_address")?,
        environment: text("environment")?,
        description: text("description"),
        added_by: text("added_by"),
        person: text("person"),
        added_at: number("added_at"),
        extended_at: number("extended_at"),
        expires_at: number("expires_at"),
        operation: text("operation"),
        quarantined: text("quarantined"),
        told_ending: number("told_ending"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn image() -> Value {
        json!({
            "ip_address": {"S": "1.2.3.4/32"}, "environment": {"S": "dev"},
            "description": {"S": "John office IP"}, "added_by": {"S": "john.doe"},
            "added_at": {"N": "1704067200"}, "expires_at": {"N": "1704672000"},
        })
    }

    fn read(name: &str, images: &Value, user: &Value) -> Change {
        let mut found = json!({"eventName": name, "dynamodb": images, "userIdentity": user});
        found["dynamodb"]["SequenceNumber"] = json!("42");
        let record = record(&found);
        assert_eq!(record.sequence, "42");
        record.change
    }

    #[test]
    fn a_row_is_read_from_its_image() {
        let change = read("INSERT", &json!({"NewImage": image()}), &Value::Null);
        let Change::Written(row) = change else { panic!("{change:?}") };
        assert_eq!((row.ip_address.as_str(), row.environment.as_str()), ("1.2.3.4/32", "dev"));
        assert_eq!((row.added_at, row.expires_at), (Some(1_704_067_200), Some(1_704_672_000)));
        let changed = read("MODIFY", &json!({"OldImage": {}, "NewImage": image()}), &Value::Null);
        assert_eq!(changed, Change::Written(row));
    }

    #[test]
    fn who_removed_a_row_is_known() {
        let by = |user: &Value| match read("REMOVE", &json!({"OldImage": image()}), user) {
            Change::Removed { by, .. } => by,
            other => panic!("{other:?}"),
        };
        assert_eq!(by(&Value::Null), Remover::Caller);
        let service = json!({"type": "Service", "principalId": "dynamodb.amazonaws.com"});
        assert_eq!(by(&service), Remover::TimeToLive);
    }

    #[test]
    fn whatever_else_comes_is_unreadable() {
        for (name, images) in
            [("INSERT", json!({})), ("NONE", json!({"NewImage": image()})), ("REMOVE", json!({}))]
        {
            assert!(matches!(read(name, &images, &Value::Null), Change::Unreadable(_)), "{name}");
        }
        assert!(matches!(record(&Value::Null).change, Change::Unreadable(_)));
    }

    #[test]
    fn the_answer_names_what_has_to_come_again() {
        let answer = serde_json::to_value(BatchAnswer::again(vec!["42".to_owned()])).unwrap();
        assert_eq!(answer, json!({"batchItemFailures": [{"itemIdentifier": "42"}]}));
    }
}
