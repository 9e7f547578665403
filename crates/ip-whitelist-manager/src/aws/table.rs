//! The table on DynamoDB.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use jiff::Timestamp;

use super::condition::Write;
use super::item::{ENVIRONMENT, IP_ADDRESS, Item, item, key, row};
use super::{Aws, error};
use crate::domain::{Environment, Row};
use crate::ports::{Saved, Table, TableError};

/// The index that rows are listed by.
pub(super) const INDEX: &str = "environment-index";
/// DynamoDB takes this many keys in one `BatchGetItem` (API reference).
const MOST_KEYS: usize = 100;

/// The table on DynamoDB, as the document of the whitelist describes it.
///
/// A write whose answer was lost is sent again, and then finds that the row has changed: by itself. `Changed` is a
/// reason to look, and no proof that somebody else wrote.
#[derive(Debug, Clone)]
pub struct DynamoTable {
    aws: Arc<Aws>,
    name: String,
}

impl DynamoTable {
    /// The table of this name. Nothing is asked for yet.
    pub fn new(aws: Arc<Aws>, name: &str) -> Self {
        Self { aws, name: name.to_owned() }
    }

    async fn batch(&self, keys: &[Item]) -> Result<Vec<Row>, TableError> {
        let client = self.aws.dynamodb().await;
        let (mut rows, mut left) = (Vec::new(), keys.to_vec());
        while !left.is_empty() {
            let wanted =
                KeysAndAttributes::builder().set_keys(Some(left.clone())).consistent_read(true).build();
            let wanted = wanted.map_err(|error| TableError::Failed(error.into()))?;
            let answer = client.batch_get_item().request_items(&self.name, wanted).send().await;
            let answer = answer.map_err(error::table)?;
            let found = answer.responses.unwrap_or_default();
            rows.extend(found.values().flatten().map(row));
            let unprocessed = answer.unprocessed_keys.unwrap_or_default();
            let rest: Vec<Item> = unprocessed.into_values().flat_map(|rest| rest.keys).collect();
            if rest.len() >= left.len() {
                return Err(TableError::Throttled("DynamoDB gave none of the rows asked for".into()));
            }
            left = rest;
        }
        Ok(rows)
    }

    async fn begin(&self, row: &Row) -> Result<Saved, TableError> {
        let write = Write::if_none();
        let client = self.aws.dynamodb().await;
        let request = client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item(row)))
            .condition_expression(write.condition)
            .set_expression_attribute_names(Some(write.names));
        saved(request.send().await)
    }

    async fn change(&self, row: &Row, before: &Row) -> Result<Saved, TableError> {
        let write = Write::change(row, before);
        let client = self.aws.dynamodb().await;
        let request = client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key(&row.ip_address, &row.environment)))
            .condition_expression(write.condition)
            .update_expression(write.update)
            .set_expression_attribute_names(Some(write.names))
            .set_expression_attribute_values(Some(write.values));
        saved(request.send().await)
    }

    async fn delete(&self, row: &Row, write: Write) -> Result<Saved, TableError> {
        let client = self.aws.dynamodb().await;
        let request = client
            .delete_item()
            .table_name(&self.name)
            .set_key(Some(key(&row.ip_address, &row.environment)))
            .condition_expression(write.condition)
            .set_expression_attribute_names(Some(write.names))
            .set_expression_attribute_values(Some(write.values));
        saved(request.send().await)
    }
}

#[async_trait]
impl Table for DynamoTable {
    async fn rows_of(&self, ip_address: &str) -> Result<Vec<Row>, TableError> {
        let client = self.aws.dynamodb().await;
        let pages = client
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .key_condition_expression("#key = :key")
            .expression_attribute_names("#key", IP_ADDRESS)
            .expression_attribute_values(":key", AttributeValue::S(ip_address.to_owned()))
            .into_paginator()
            .items();
        let items = pages.send().try_collect().await.map_err(error::table)?;
        Ok(items.iter().map(row).collect())
    }

    async fn get(&self, keys: &[(String, Environment)]) -> Result<Vec<Row>, TableError> {
        // The same key twice is an error of the whole call.
        let keys: BTreeSet<_> = keys.iter().collect();
        let keys: Vec<Item> =
            keys.into_iter().map(|(ip_address, environment)| key(ip_address, environment.as_str())).collect();
        let mut rows = Vec::new();
        for chunk in keys.chunks(MOST_KEYS) {
            rows.extend(self.batch(chunk).await?);
        }
        Ok(rows)
    }

    async fn in_environment(&self, environment: &Environment) -> Result<Vec<Row>, TableError> {
        let client = self.aws.dynamodb().await;
        let pages = client
            .query()
            .table_name(&self.name)
            .index_name(INDEX)
            .key_condition_expression("#key = :key")
            .expression_attribute_names("#key", ENVIRONMENT)
            .expression_attribute_values(":key", AttributeValue::S(environment.as_str().to_owned()))
            .into_paginator()
            .items();
        let items = pages.send().try_collect().await.map_err(error::table)?;
        Ok(items.iter().map(row).collect())
    }

    async fn save(&self, row: &Row, before: Option<&Row>) -> Result<Saved, TableError> {
        match before {
            None => self.begin(row).await,
            Some(before) => self.change(row, before).await,
        }
    }

    async fn remove(&self, before: &Row) -> Result<Saved, TableError> {
        self.delete(before, Write::if_still(before)).await
    }

    async fn expire(&self, row: &Row, now: Timestamp) -> Result<Saved, TableError> {
        self.delete(row, Write::if_over(now)).await
    }
}

/// What became of a conditional write.
fn saved<O, E, R>(answer: Result<O, SdkError<E, R>>) -> Result<Saved, TableError>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match answer {
        Ok(_) => Ok(Saved::Done),
        Err(error) if error::code(&error) == Some("ConditionalCheckFailedException") => Ok(Saved::Changed),
        Err(error) => Err(error::table(error)),
    }
}
