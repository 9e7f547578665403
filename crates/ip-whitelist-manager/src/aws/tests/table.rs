use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use super::super::item::{Item, key};
use super::super::{CreateError, DynamoTable, create};
use super::{Arc, Aws, emulator, fresh};
use crate::domain::{Environment, Row};
use crate::ports::{Saved, Table as _};

async fn table() -> (Arc<Aws>, String, DynamoTable) {
    let (aws, name) = (emulator(), fresh("ip-whitelist"));
    create(&aws, &name).await.unwrap();
    (Arc::clone(&aws), name.clone(), DynamoTable::new(aws, &name))
}

fn row(environment: &str) -> Row {
    Row {
        ip_address: "203.0.113.7/32".to_owned(),
        environment: environment.to_owned(),
        description: Some("John\u{2019}s office".to_owned()),
        added_by: Some("john.doe".to_owned()),
        person: Some("T1/U1".to_owned()),
        added_at: Some(1_704_067_200),
        extended_at: Some(1_704_067_300),
        expires_at: Some(1_704_672_000),
        operation: Some("op_1".to_owned()),
        quarantined: Some("why".to_owned()),
        told_ending: Some(1_704_672_000),
    }
}

async fn put(aws: &Aws, table: &str, item: Item) {
    aws.dynamodb().await.put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
}

async fn item(aws: &Aws, table: &str, row: &Row) -> Option<Item> {
    let request = aws.dynamodb().await.get_item().table_name(table);
    request.set_key(Some(key(&row.ip_address, &row.environment))).send().await.unwrap().item
}

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn a_row_is_read_back_as_it_was_written() {
    let (aws, name, table) = table().await;
    let (dev, qa) = (row("dev"), Row { environment: "qa".to_owned(), ..Row::default() });
    let qa = Row { ip_address: dev.ip_address.clone(), ..qa };
    assert_eq!(table.save(&dev, None).await.unwrap(), Saved::Done);
    assert_eq!(table.save(&qa, None).await.unwrap(), Saved::Done);
    assert_eq!(table.rows_of(&dev.ip_address).await.unwrap(), [dev.clone(), qa]);
    assert!(table.rows_of("203.0.113.7").await.unwrap().is_empty());
    assert_eq!(table.in_environment(&dev.environment()).await.unwrap(), [dev.clone()]);
    let item = item(&aws, &name, &dev).await.unwrap();
    assert_eq!(item["description"], AttributeValue::S("John\u{2019}s office".to_owned()));
    assert_eq!(item["added_at"], AttributeValue::N("1704067200".to_owned()));
    assert_eq!(item["expires_at"], AttributeValue::N("1704672000".to_owned()));
    assert!(matches!(create(&aws, &name).await, Err(CreateError::Exists(_))));
}

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn a_row_is_written_if_nobody_else_wrote_it() {
    let (.., table) = table().await;
    let first = row("dev");
    let longer = Row { expires_at: Some(1_800_000_000), quarantined: None, ..first.clone() };
    assert_eq!(table.save(&longer, Some(&first)).await.unwrap(), Saved::Changed);
    assert_eq!(table.save(&first, None).await.unwrap(), Saved::Done);
    assert_eq!(table.save(&first, None).await.unwrap(), Saved::Changed);
    assert_eq!(table.save(&longer, Some(&first)).await.unwrap(), Saved::Done);
    assert_eq!(table.rows_of(&first.ip_address).await.unwrap(), [longer.clone()]);
    assert_eq!(table.save(&longer, Some(&first)).await.unwrap(), Saved::Changed);
    assert_eq!(table.remove(&first).await.unwrap(), Saved::Changed);
    assert_eq!(table.remove(&longer).await.unwrap(), Saved::Done);
    assert_eq!(table.remove(&longer).await.unwrap(), Saved::Changed);
}

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn each_attribute_is_compared() {
    let (.., table) = table().await;
    let there = row("dev");
    assert_eq!(table.save(&there, None).await.unwrap(), Saved::Done);
    let but = |change: fn(&mut Row)| {
        let mut row = row("dev");
        change(&mut row);
        row
    };
    let others = [
        but(|row| row.description = None),
        but(|row| row.added_by = Some("ben".to_owned())),
        but(|row| row.person = None),
        but(|row| row.added_at = None),
        but(|row| row.extended_at = Some(0)),
        but(|row| row.expires_at = None),
        but(|row| row.operation = None),
        but(|row| row.quarantined = None),
        but(|row| row.told_ending = None),
    ];
    for other in others {
        assert_eq!(table.remove(&other).await.unwrap(), Saved::Changed, "{other:?}");
        assert_eq!(table.save(&there, Some(&other)).await.unwrap(), Saved::Changed, "{other:?}");
    }
    assert_eq!(table.remove(&there).await.unwrap(), Saved::Done);
}

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn what_a_hand_wrote_in_other_types_can_be_put_in_quarantine_and_removed() {
    let (aws, name, table) = table().await;
    let mut by_hand = key("1.2.3.4", "dev");
    by_hand.insert("description".to_owned(), AttributeValue::N("7".to_owned()));
    by_hand.insert("expires_at".to_owned(), AttributeValue::S("tomorrow".to_owned()));
    by_hand.insert("added_at".to_owned(), AttributeValue::N("1e30".to_owned()));
    by_hand.insert("ticket".to_owned(), AttributeValue::S("OPS-1".to_owned()));
    put(&aws, &name, by_hand).await;
    let read = table.rows_of("1.2.3.4").await.unwrap().remove(0);
    assert_eq!((&read.description, read.added_at, read.expires_at), (&None, None, None));
    let marked = Row { quarantined: Some("why".to_owned()), ..read.clone() };
    assert_eq!(table.save(&marked, Some(&read)).await.unwrap(), Saved::Done);
    let item = item(&aws, &name, &read).await.unwrap();
    assert_eq!(item["expires_at"], AttributeValue::S("tomorrow".to_owned()));
    assert_eq!(item["ticket"], AttributeValue::S("OPS-1".to_owned()));
    assert_eq!(table.expire(&marked, Timestamp::MAX).await.unwrap(), Saved::Changed);
    assert_eq!(table.remove(&marked).await.unwrap(), Saved::Done);
}

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn an_extension_at_the_last_moment_wins() {
    let (.., table) = table().await;
    let seen = row("dev");
    let extended = Row { expires_at: seen.expires_at.map(|end| end + 1), ..seen.clone() };
    assert_eq!(table.save(&extended, None).await.unwrap(), Saved::Done);
    let now = Timestamp::from_second(seen.expires_at.unwrap()).unwrap();
    assert_eq!(table.expire(&seen, now).await.unwrap(), Saved::Changed);
    let later = Timestamp::from_second(extended.expires_at.unwrap()).unwrap();
    assert_eq!(table.expire(&seen, later).await.unwrap(), Saved::Done);
    assert_eq!(table.expire(&seen, later).await.unwrap(), Saved::Changed);
}

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn more_rows_are_asked_for_than_one_call_takes() {
    let (.., table) = table().await;
    let rows: Vec<Row> =
        (0..130).map(|n| Row { ip_address: format!("203.0.113.{n}/32"), ..row("dev") }).collect();
    for row in &rows {
        assert_eq!(table.save(row, None).await.unwrap(), Saved::Done);
    }
    let keys: Vec<(String, Environment)> =
        rows.iter().chain(&rows).map(|row| (row.ip_address.clone(), row.environment())).collect();
    let mut found = table.get(&keys).await.unwrap();
    found.sort_by_key(|row| rows.iter().position(|other| other == row));
    assert_eq!(found, rows);
    assert!(table.get(&[]).await.unwrap().is_empty());
    assert_eq!(table.in_environment(&Environment::new("dev")).await.unwrap().len(), 130);
}
