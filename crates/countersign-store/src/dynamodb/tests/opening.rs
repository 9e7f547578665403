//! Tables that are there, that are not, and that are somebody else's.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};

use super::*;
use crate::dynamodb::{OpenError, Seen};

#[tokio::test]
#[ignore = "needs an emulator of DynamoDB: cargo xtask aws"]
async fn a_table_is_made_once_and_then_used() {
    let settings = settings();
    assert_eq!(DynamoStore::look(&settings).await.unwrap(), Seen::Nothing);
    assert!(matches!(DynamoStore::open(&settings, edges()).await, Err(OpenError::Missing(_))));
    DynamoStore::create(&settings).await.unwrap();
    assert_eq!(DynamoStore::look(&settings).await.unwrap(), Seen::Store);
    DynamoStore::open(&settings, edges()).await.unwrap();
    assert!(matches!(DynamoStore::create(&settings).await, Err(OpenError::Exists(_))));
}

#[tokio::test]
#[ignore = "needs an emulator of DynamoDB: cargo xtask aws"]
async fn another_programs_table_is_left_alone() {
    let settings = settings();
    let table = open::connect(&settings).await;
    let attribute =
        AttributeDefinition::builder().attribute_name("id").attribute_type(ScalarAttributeType::S);
    let key = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash);
    let request =
        table.client.create_table().table_name(&table.name).billing_mode(BillingMode::PayPerRequest);
    let request = request.attribute_definitions(attribute.build().unwrap()).key_schema(key.build().unwrap());
    request.send().await.unwrap();
    assert_eq!(DynamoStore::look(&settings).await.unwrap(), Seen::Foreign);
    assert!(matches!(DynamoStore::open(&settings, edges()).await, Err(OpenError::Foreign(_))));
}

#[test]
fn every_error_says_what_to_do() {
    let table = || "countersign".to_owned();
    let errors = [
        OpenError::Missing(table()),
        OpenError::Exists(table()),
        OpenError::Foreign(table()),
        OpenError::NotReady(table()),
        OpenError::Failed { table: table(), source: "refused".into() },
    ];
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
        there is no DynamoDB table `countersign` in this account and region; make it with `countersign ledger create`
        there is a DynamoDB table `countersign` already; use it, or name another one
        the DynamoDB table `countersign` is not one of Countersign's; name another one
        the DynamoDB table `countersign` is being made or changed; wait until it is active
        the DynamoDB table `countersign` cannot be reached; check the region, the credentials and their permissions
        ");
}
