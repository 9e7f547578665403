//! Making the table.

use std::time::Duration;

use aws_sdk_dynamodb::client::Waiters as _;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType, TimeToLiveSpecification,
};

use super::Aws;
use super::item::{ENVIRONMENT, EXPIRES_AT, IP_ADDRESS};
use super::table::INDEX;
use crate::ports::Cause;

/// A new table is ready within seconds.
const READY: Duration = Duration::from_secs(120);

/// The table was not made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// There is one already.
    #[error("there is a DynamoDB table `{0}` already; use it, or name another one")]
    Exists(String),
    /// AWS does not answer, or says no.
    #[error(
        "the DynamoDB table `{table}` cannot be made; check the region, the credentials and their permissions"
    )]
    Failed {
        /// The table.
        table: String,
        /// What AWS says.
        #[source]
        source: Cause,
    },
}

/// Makes the table, and waits until it is there: hash key `ip_address`, range key `environment`, the index
/// `environment-index`, a stream of new and old images, time to live by `expires_at`, paid by use. The Terraform
/// module makes the same.
///
/// # Errors
/// [`CreateError`] says what to do.
pub async fn create(aws: &Aws, table: &str) -> Result<(), CreateError> {
    let failed = |source: Cause| CreateError::Failed { table: table.to_owned(), source };
    let client = aws.dynamodb().await;
    let stream =
        StreamSpecification::builder().stream_enabled(true).stream_view_type(StreamViewType::NewAndOldImages);
    let request = client
        .create_table()
        .table_name(table)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute(IP_ADDRESS).map_err(|error| failed(error.into()))?)
        .attribute_definitions(attribute(ENVIRONMENT).map_err(|error| failed(error.into()))?)
        .key_schema(element(IP_ADDRESS, KeyType::Hash).map_err(|error| failed(error.into()))?)
        .key_schema(element(ENVIRONMENT, KeyType::Range).map_err(|error| failed(error.into()))?)
        .global_secondary_indexes(index().map_err(|error| failed(error.into()))?)
        .stream_specification(stream.build().map_err(|error| failed(error.into()))?);
    request.send().await.map_err(|error| match error.as_service_error() {
        Some(known) if known.is_resource_in_use_exception() => CreateError::Exists(table.to_owned()),
        _ => failed(error.into()),
    })?;
    let there = client.wait_until_table_exists().table_name(table).wait(READY).await;
    there.map_err(|error| failed(error.into()))?;
    let expiry = TimeToLiveSpecification::builder().attribute_name(EXPIRES_AT).enabled(true).build();
    let expiry = expiry.map_err(|error| failed(error.into()))?;
    let request = client.update_time_to_live().table_name(table).time_to_live_specification(expiry);
    request.send().await.map(drop).map_err(|error| failed(error.into()))
}

fn attribute(name: &str) -> Result<AttributeDefinition, BuildError> {
    AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build()
}

fn element(name: &str, kind: KeyType) -> Result<KeySchemaElement, BuildError> {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build()
}

fn index() -> Result<GlobalSecondaryIndex, BuildError> {
    GlobalSecondaryIndex::builder()
        .index_name(INDEX)
        .key_schema(element(ENVIRONMENT, KeyType::Hash)?)
        .projection(Projection::builder().projection_type(ProjectionType::All).build())
        .build()
}
