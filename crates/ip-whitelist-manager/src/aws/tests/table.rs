use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use super::super::item::{Item, key};
use super::super::{CreateError, DynamoTable, create};
use super::{Arc, Aws, emulator, fresh};
use crate::domain::Row;
use crate::ports::{Saved, Table as _};

crate::table_contract!(ignored: "needs an emulator of AWS: cargo xtask aws", async || (table().await.2, ()));

async fn table() -> (Arc<Aws>, String, DynamoTable) {
    let (aws, name) = (emulator(), fresh("ip-whitelist"));
    create(&aws, &name).await.unwrap();
    (Arc::clone(&aws), name.clone(), DynamoTable::new(aws, &name))
}

async fn put(aws: &Aws, table: &str, item: Item) {
    aws.dynamodb().await.put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
}

async fn item(aws: &Aws, table: &str, row: &Row) -> Item {
    let request = aws.dynamodb().await.get_item().table_name(table);
    request.set_key(Some(key(&row.ip_address, &row.environment))).send().await.unwrap().item.unwrap()
}

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn a_row_is_written_as_the_document_says() {
    let (aws, name, table) = table().await;
    let row = Row {
        ip_address: "203.0.113.7/32".to_owned(),
        environment: "dev".to_owned(),
        description: Some("John\u{2019}s office".to_owned()),
        added_at: Some(1_704_067_200),
        expires_at: Some(1_704_672_000),
        ..Row::default()
    };
    assert_eq!(table.save(&row, None).await.unwrap(), Saved::Done);
    let mut item: Vec<_> = item(&aws, &name, &row).await.into_iter().collect();
    item.sort_by(|(one, _), (other, _)| one.cmp(other));
    let (text, number) =
        (|text: &str| AttributeValue::S(text.to_owned()), |text: &str| AttributeValue::N(text.to_owned()));
    let expected = [
        ("added_at", number("1704067200")),
        ("description", text("John\u{2019}s office")),
        ("environment", text("dev")),
        ("expires_at", number("1704672000")),
        ("ip_address", text("203.0.113.7/32")),
    ];
    assert_eq!(item, expected.map(|(name, value)| (name.to_owned(), value)));
    assert!(matches!(create(&aws, &name).await, Err(CreateError::Exists(_))));
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
    let item = item(&aws, &name, &read).await;
    assert_eq!(item["expires_at"], AttributeValue::S("tomorrow".to_owned()));
    assert_eq!(item["ticket"], AttributeValue::S("OPS-1".to_owned()));
    assert_eq!(table.expire(&marked, Timestamp::MAX).await.unwrap(), Saved::Changed);
    assert_eq!(table.remove(&marked).await.unwrap(), Saved::Done);
}
