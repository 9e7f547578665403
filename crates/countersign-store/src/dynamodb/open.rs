//! Reaching the table, looking at it, making it.

use std::sync::Arc;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::client::Waiters as _;
use aws_sdk_dynamodb::config::{Builder, Credentials};
use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, IndexStatus, KeySchemaElement, KeyType,
    Projection, ProjectionType, ScalarAttributeType, TableDescription, TableStatus, TimeToLiveSpecification,
    TimeToLiveStatus,
};
use countersign_engine::ports::{Clock, Ids};

use super::table::{EXPIRES, Index, LIST, PARTITION, SORT, Table};

/// A request is sent again after so long without an answer: Slack wants its own within three seconds.
const ATTEMPT: Duration = Duration::from_millis(2_500);
/// After so long, with all attempts, it has failed.
const ALL_ATTEMPTS: Duration = Duration::from_secs(8);
/// So often a request is sent at most.
const MOST_ATTEMPTS: u32 = 3;
/// A new table is ready within seconds.
const READY: Duration = Duration::from_secs(120);

/// Which table, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The table's name.
    pub table: String,
    /// AWS's region; without it the environment's or the profile's.
    pub region: Option<String>,
    /// Another address than AWS's own, for an emulator. It is never sent anybody's credentials.
    pub endpoint: Option<String>,
}

/// What a store takes from the machine.
pub struct Edges {
    /// The time: it orders what came in.
    pub clock: Arc<dyn Clock>,
    /// Randomness: it tells this store's writes from others'.
    pub ids: Arc<dyn Ids>,
}

/// What stands under a table's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// A table of ours that can be used.
    Store,
    /// A table of ours that never deletes what is done: its time to live is not on.
    Hoards,
    /// Nothing.
    Nothing,
    /// A table of ours, or one of its indexes, that is being made or changed.
    NotReady,
    /// A table of another shape.
    Foreign,
}

/// The store cannot be opened. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no such table.
    #[error(
        "there is no DynamoDB table `{0}` in this account and region; make it with `countersign ledger create`"
    )]
    Missing(String),
    /// There is one already.
    #[error("there is a DynamoDB table `{0}` already; use it, or name another one")]
    Exists(String),
    /// It is another program's.
    #[error("the DynamoDB table `{0}` is not one of Countersign's; name another one")]
    Foreign(String),
    /// It is not active yet.
    #[error("the DynamoDB table `{0}` is being made or changed; wait until it is active")]
    NotReady(String),
    /// AWS does not answer, or says no.
    #[error(
        "the DynamoDB table `{table}` cannot be reached; check the region, the credentials and their permissions"
    )]
    Failed {
        /// The table.
        table: String,
        /// What AWS says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// The table that `settings` name; nothing is asked for yet.
pub(super) async fn connect(settings: &Settings) -> Table {
    let config = config(settings).await.build();
    Table::new(Client::from_conf(config), &settings.table)
}

/// How the table is reached.
pub(super) async fn config(settings: &Settings) -> Builder {
    let timeouts =
        TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).operation_timeout(ALL_ATTEMPTS).build();
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .retry_config(RetryConfig::standard().with_max_attempts(MOST_ATTEMPTS))
        .timeout_config(timeouts);
    if let Some(region) = &settings.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(endpoint) = &settings.endpoint {
        let nobody = Credentials::new("emulator", "emulator", None, None, "emulator");
        loader = loader.endpoint_url(endpoint).credentials_provider(nobody);
    }
    aws_sdk_dynamodb::config::Builder::from(&loader.load().await)
}

/// Is there a table of ours?
pub(super) async fn must_be_ready(table: &Table) -> Result<(), OpenError> {
    let name = table.name.clone();
    match look(table).await? {
        Seen::Store | Seen::Hoards => Ok(()),
        Seen::Nothing => Err(OpenError::Missing(name)),
        Seen::NotReady => Err(OpenError::NotReady(name)),
        Seen::Foreign => Err(OpenError::Foreign(name)),
    }
}

/// What stands there.
pub(super) async fn look(table: &Table) -> Result<Seen, OpenError> {
    let described = match table.client.describe_table().table_name(&table.name).send().await {
        Ok(answer) => answer.table,
        Err(error) => match error.as_service_error() {
            Some(DescribeTableError::ResourceNotFoundException(_)) => return Ok(Seen::Nothing),
            _ => return Err(failed(table, error)),
        },
    };
    let Some(described) = described else { return Ok(Seen::Nothing) };
    if !is_ours(&described) {
        return Ok(Seen::Foreign);
    }
    if !is_active(&described) {
        return Ok(Seen::NotReady);
    }
    let answer = table.client.describe_time_to_live().table_name(&table.name).send().await;
    let expiry = answer.map_err(|error| failed(table, error))?.time_to_live_description;
    let on = expiry.is_some_and(|expiry| {
        let status = expiry.time_to_live_status;
        let on = matches!(status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling));
        on && expiry.attribute_name.as_deref() == Some(EXPIRES)
    });
    Ok(if on { Seen::Store } else { Seen::Hoards })
}

fn is_ours(described: &TableDescription) -> bool {
    let indexes = described.global_secondary_indexes();
    sorted_by(described.key_schema(), PARTITION, SORT)
        && Index::ALL.iter().all(|index| {
            let there = indexes.iter().find(|there| there.index_name() == Some(index.name()));
            there.is_some_and(|there| sorted_by(there.key_schema(), LIST, index.name()))
        })
}

fn sorted_by(schema: &[KeySchemaElement], partition: &str, sort: &str) -> bool {
    let has = |name: &str, kind: &KeyType| {
        schema.iter().any(|element| element.attribute_name() == name && element.key_type() == kind)
    };
    has(partition, &KeyType::Hash) && has(sort, &KeyType::Range)
}

/// An index that is being filled does not yet name everything; an emulator may not say how it is.
fn is_active(described: &TableDescription) -> bool {
    let mut indexes = described.global_secondary_indexes().iter();
    let active = matches!(described.table_status(), Some(TableStatus::Active | TableStatus::Updating));
    active && !indexes.any(|index| index.index_status() == Some(&IndexStatus::Creating))
}

/// Makes the table, and waits until it is there.
pub(super) async fn create(table: &Table) -> Result<(), OpenError> {
    let mut request = table
        .client
        .create_table()
        .table_name(&table.name)
        .billing_mode(BillingMode::PayPerRequest)
        .deletion_protection_enabled(true);
    for (name, kind) in [
        (PARTITION, ScalarAttributeType::S),
        (SORT, ScalarAttributeType::S),
        (LIST, ScalarAttributeType::S),
        (Index::Since.name(), ScalarAttributeType::S),
        (Index::Due.name(), ScalarAttributeType::N),
        (Index::Unsealed.name(), ScalarAttributeType::S),
    ] {
        let attribute = AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build();
        request = request.attribute_definitions(attribute.map_err(|error| failed(table, error))?);
    }
    let [partition, sort] = schema(table, PARTITION, SORT)?;
    request = request.key_schema(partition).key_schema(sort);
    for index in Index::ALL {
        let [partition, sort] = schema(table, LIST, index.name())?;
        let keys_alone = Projection::builder().projection_type(ProjectionType::KeysOnly).build();
        let made = GlobalSecondaryIndex::builder()
            .index_name(index.name())
            .key_schema(partition)
            .key_schema(sort)
            .projection(keys_alone)
            .build();
        request = request.global_secondary_indexes(made.map_err(|error| failed(table, error))?);
    }
    request.send().await.map_err(|error| match error.as_service_error() {
        Some(known) if known.is_resource_in_use_exception() => OpenError::Exists(table.name.clone()),
        _ => failed(table, error),
    })?;
    let there = table.client.wait_until_table_exists().table_name(&table.name).wait(READY).await;
    there.map_err(|error| failed(table, error))?;
    expire(table).await
}

fn schema(table: &Table, partition: &str, sort: &str) -> Result<[KeySchemaElement; 2], OpenError> {
    let element = |name: &str, kind| {
        let made = KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
        made.map_err(|error| failed(table, error))
    };
    Ok([element(partition, KeyType::Hash)?, element(sort, KeyType::Range)?])
}

/// Lets DynamoDB delete what has expired.
async fn expire(table: &Table) -> Result<(), OpenError> {
    let expiry = TimeToLiveSpecification::builder().attribute_name(EXPIRES).enabled(true).build();
    let expiry = expiry.map_err(|error| failed(table, error))?;
    let request = table.client.update_time_to_live().table_name(&table.name);
    let answer = request.time_to_live_specification(expiry).send().await;
    answer.map(drop).map_err(|error| failed(table, error))
}

fn failed(table: &Table, source: impl std::error::Error + Send + Sync + 'static) -> OpenError {
    OpenError::Failed { table: table.name.clone(), source: Box::new(source) }
}
