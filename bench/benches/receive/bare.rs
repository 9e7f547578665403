//! The limit: axum and an HMAC, with nothing around; and the same with one writer that commits in groups.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use crate::SECRET;

/// So many rows share one commit at most.
const MOST_IN_A_GROUP: usize = 512;

type Row = (String, oneshot::Sender<()>);

/// Serves at `PORT`; `file`: appends every body there before it answers.
pub(crate) async fn serve(file: Option<PathBuf>) -> Result<()> {
    let writer = match file {
        Some(file) => Some(writer(file).await?),
        None => None,
    };
    let router = Router::new().route("/slack/events", post(receive)).with_state(Arc::new(writer));
    let port: u16 = std::env::var("PORT")?.parse()?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("ready");
    Ok(axum::serve(listener, router).await?)
}

async fn receive(
    State(writer): State<Arc<Option<mpsc::Sender<Row>>>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    if !is_signed(&headers, &body) {
        return StatusCode::UNAUTHORIZED;
    }
    if let Some(writer) = &*writer {
        let (done, stored) = oneshot::channel();
        let body = String::from_utf8_lossy(&body).into_owned();
        if writer.send((body, done)).await.is_err() || stored.await.is_err() {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    StatusCode::OK
}

fn is_signed(headers: &HeaderMap, body: &[u8]) -> bool {
    let header = |name| headers.get(name).map(|value| value.as_bytes()).unwrap_or_default();
    let Some(claimed) = header("x-slack-signature").strip_prefix(b"v0=") else { return false };
    let (Ok(claimed), Ok(mut mac)) =
        (hex::decode(claimed), Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()))
    else {
        return false;
    };
    mac.update(b"v0:");
    mac.update(header("x-slack-request-timestamp"));
    mac.update(b":");
    mac.update(body);
    mac.verify_slice(&claimed).is_ok()
}

async fn writer(file: PathBuf) -> Result<mpsc::Sender<Row>> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut database = options.connect().await?;
    sqlx::query("create table inbox (id integer primary key, body text not null)")
        .execute(&mut database)
        .await?;
    let (sender, mut rows) = mpsc::channel::<Row>(4_096);
    tokio::spawn(async move {
        let mut group = Vec::with_capacity(MOST_IN_A_GROUP);
        while rows.recv_many(&mut group, MOST_IN_A_GROUP).await > 0 {
            if let Err(error) = append(&mut database, &group).await {
                eprintln!("the group was not stored: {error}");
                return;
            }
            for (_, done) in group.drain(..) {
                let _ = done.send(());
            }
        }
    });
    Ok(sender)
}

async fn append(database: &mut SqliteConnection, group: &[Row]) -> Result<()> {
    let mut transaction = database.begin().await?;
    for (body, _) in group {
        sqlx::query("insert into inbox (body) values (?)").bind(body).execute(&mut *transaction).await?;
    }
    Ok(transaction.commit().await?)
}
