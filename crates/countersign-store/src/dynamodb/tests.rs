//! Against an emulator at `COUNTERSIGN_DYNAMODB`, which `cargo xtask aws` starts. Each test has a table of its own.

mod answers;
mod crossing;
mod office;
mod opening;
mod order;
mod recorder;
mod requests;
mod shape;

use std::sync::Arc;
use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use countersign_core::audit::{Head, Record};
use countersign_core::command::spec::{CommandName, Risk};
use countersign_core::envelope::Origin;
use countersign_core::ids::{ChannelId, MessageId, OperationId, PersonId};
use countersign_core::operation::{Event, Request};
use countersign_engine::ports::{Delivery, Ids as _, Next, Place};
use countersign_engine::system::{OsIds, SystemClock};
use jiff::Timestamp;

use super::table::Table;
use super::{DynamoStore, Edges, Settings, open};
use recorder::Recorder;

/// What takes longer than this never comes.
const PATIENCE: Duration = Duration::from_secs(60);
/// What the tests append waits for a person alone.
const NEXT: Next = Next { due: None, place: Place::Kept };

countersign_engine::ledger_contract!(
    ignored: "needs an emulator of DynamoDB: cargo xtask aws",
    async || fresh().await
);
countersign_engine::inbox_contract!(
    ignored: "needs an emulator of DynamoDB: cargo xtask aws",
    async || fresh().await
);

countersign_engine::freezes_contract!(
    ignored: "needs an emulator of DynamoDB: cargo xtask aws",
    async || fresh().await
);

/// A store on a new table, and the record of what it asks for.
async fn fresh() -> (DynamoStore, Recorder) {
    let settings = settings();
    let recorder = Recorder::default();
    let table = table(&settings, &recorder).await;
    open::create(&table).await.unwrap();
    (DynamoStore::on(table, edges()), recorder)
}

/// Another process on the same table.
async fn another(store: &DynamoStore, recorder: &Recorder) -> DynamoStore {
    let settings = Settings { table: store.table.name.clone(), ..settings() };
    DynamoStore::on(table(&settings, recorder).await, edges())
}

async fn table(settings: &Settings, recorder: &Recorder) -> Table {
    // On a busy machine an emulator may take its time.
    let patient = TimeoutConfig::builder().operation_attempt_timeout(PATIENCE).build();
    let config = open::config(settings).await.timeout_config(patient).interceptor(recorder.clone()).build();
    Table::new(aws_sdk_dynamodb::Client::from_conf(config), &settings.table)
}

#[expect(clippy::disallowed_methods, reason = "where the emulator is, is said from outside")]
fn settings() -> Settings {
    let endpoint = std::env::var("COUNTERSIGN_DYNAMODB").expect("COUNTERSIGN_DYNAMODB=http://127.0.0.1:PORT");
    Settings {
        table: format!("countersign-{:032x}", OsIds.random()),
        region: Some("eu-central-1".to_owned()),
        endpoint: Some(endpoint),
    }
}

fn edges() -> Edges {
    Edges { clock: Arc::new(SystemClock), ids: Arc::new(OsIds) }
}

fn id(number: u64) -> OperationId {
    OperationId::from_parts(1_800_000_000_000, u128::from(number))
}

fn first(number: u64) -> Record {
    let request = Request {
        id: id(number),
        command: CommandName::new("set-trial"),
        sentence: "set acme trial".to_owned(),
        args: serde_json::json!({}),
        caller: PersonId::new("T1", "ana"),
        origin: Origin {
            channel: ChannelId::new("C1"),
            message: Some(MessageId::new(number.to_string())),
            thread: None,
        },
        risk: Risk::Low,
        quorum: Risk::Low.quorum(),
        lock: None,
        frozen: Vec::new(),
        emergency: None,
    };
    Record::after(Head::start(), id(number), at(number), Event::Requested(Box::new(request)))
}

/// Each in a month of its own.
fn at(number: u64) -> Timestamp {
    let months = i64::try_from(number).unwrap_or_default();
    let day: jiff::civil::Date = "2026-01-15".parse().unwrap();
    (day + jiff::Span::new().months(months)).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp()
}

fn card(last: &Record, message: &str) -> Record {
    let card = Event::CardShown { message: MessageId::new(message), shown_at: Timestamp::UNIX_EPOCH };
    Record::after(last.head(), last.operation.clone(), Timestamp::UNIX_EPOCH, card)
}

fn delivery(key: &str) -> Delivery {
    let received_at = Timestamp::UNIX_EPOCH;
    let (key, kind, payload) = (key.to_owned(), "events_api".to_owned(), "{}".to_owned());
    Delivery { key, kind, payload, received_at, retry: None }
}
