mod backup;
mod batches;
mod crash;
mod opening;

use std::path::{Path, PathBuf};

use countersign_core::audit::{Head, Record};
use countersign_core::command::spec::{CommandName, Risk};
use countersign_core::envelope::Origin;
use countersign_core::ids::{ChannelId, MessageId, OperationId, PersonId};
use countersign_core::operation::{Event, Request};
use countersign_engine::ports::{Begun, Delivery, Inbox, Ledger, Next, Place, Stored};
use jiff::Timestamp;
use sqlx::{ConnectOptions, SqliteConnection};
use tempfile::TempDir;

use super::{OpenError, SqliteStore};

/// When what the tests begin is due; none of them asks.
const DUE: Timestamp = Timestamp::UNIX_EPOCH;
/// What the tests append waits for a person alone.
const NEXT: Next = Next { due: None, place: Place::Kept };

countersign_engine::ledger_contract!(async || fresh().await);
countersign_engine::freezes_contract!(async || fresh().await);
countersign_engine::inbox_contract!(async || fresh().await);

async fn fresh() -> (SqliteStore, TempDir) {
    let folder = TempDir::new().unwrap();
    (SqliteStore::open(database(folder.path())).await.unwrap(), folder)
}

fn database(folder: &Path) -> PathBuf {
    folder.join("ledger.db")
}

/// A connection past the store, as another tool would have it.
async fn tool(path: &Path) -> SqliteConnection {
    sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true).connect().await.unwrap()
}

fn first(number: u64) -> Record {
    let id = OperationId::from_parts(1_800_000_000_000, u128::from(number));
    let request = Request {
        id: id.clone(),
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
    Record::after(Head::start(), id, Timestamp::UNIX_EPOCH, Event::Requested(Box::new(request)))
}

fn next(last: &Record) -> Record {
    let card = Event::CardShown {
        message: MessageId::new(format!("card {}", last.seq)),
        shown_at: jiff::Timestamp::UNIX_EPOCH,
    };
    Record::after(last.head(), last.operation.clone(), Timestamp::UNIX_EPOCH, card)
}

fn delivery(key: &str) -> Delivery {
    let received_at = Timestamp::UNIX_EPOCH;
    let (key, kind, payload) = (key.to_owned(), "events_api".to_owned(), "{}".to_owned());
    Delivery { key, kind, payload, received_at, retry: None }
}
