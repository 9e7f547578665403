//! The other end of the control socket: asks the program that holds the ledger.

use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::protocol::{Answer, PATH, Wanted};

/// For an answer: longer than whatever the other end waits for.
const PATIENCE: Duration = Duration::from_secs(60);
/// The longest answer, in bytes.
const LARGEST: usize = 8 * 1024 * 1024;

/// Nobody answered, or not as they should.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// No program listens there.
    #[error("no program listens there")]
    Nobody,
    /// The file's mode keeps this user out.
    #[error("you may not connect to the running program; ask those who look after it (group_may_connect)")]
    NotAllowed,
    /// The answer did not come, or makes no sense.
    #[error("the running program did not answer")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Asks one question at the socket at `path`.
///
/// # Errors
/// [`CallError`]: there is no answer.
pub async fn ask(path: &Path, token: Option<&str>, wanted: &Wanted) -> Result<Answer, CallError> {
    let stream = connect(path).await?;
    match timeout(PATIENCE, exchange(stream, token, wanted)).await {
        Ok(answer) => answer.map_err(CallError::Broken),
        Err(_) => Err(CallError::Broken("it took too long".into())),
    }
}

/// A connection to whoever listens at `path`.
///
/// # Errors
/// [`CallError`]: there is none.
pub async fn connect(path: &Path) -> Result<UnixStream, CallError> {
    UnixStream::connect(path).await.map_err(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::ConnectionRefused => CallError::Nobody,
        ErrorKind::PermissionDenied => CallError::NotAllowed,
        _ => CallError::Broken(error.into()),
    })
}

async fn exchange(
    stream: UnixStream,
    token: Option<&str>,
    wanted: &Wanted,
) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let body = Full::new(Bytes::from(serde_json::to_vec(wanted)?));
    let mut request =
        Request::post(PATH).header(HOST, "countersign").header(CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        let mut bearer = HeaderValue::try_from(format!("Bearer {token}"))?;
        bearer.set_sensitive(true);
        request = request.header(AUTHORIZATION, bearer);
    }
    let response = sender.send_request(request.body(body)?).await?;
    let status = response.status();
    let bytes = Limited::new(response.into_body(), LARGEST).collect().await?.to_bytes();
    connection.abort();
    if status != StatusCode::OK {
        return Err(format!("it answered {status}: {}", String::from_utf8_lossy(&bytes)).into());
    }
    Ok(serde_json::from_slice(&bytes)?)
}
