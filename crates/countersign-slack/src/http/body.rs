//! Reading a request's body, within limits.

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use futures_util::StreamExt as _;
use tokio::time::{Instant, timeout_at};

/// No payload of Slack's comes near this, in bytes.
pub(super) const LARGEST: usize = 1024 * 1024;

/// There is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoBody {
    TooLarge,
    TooSlow,
    Broken,
}

/// The whole body, once it is there.
pub(super) async fn read(headers: &HeaderMap, body: Body, deadline: Instant) -> Result<Vec<u8>, NoBody> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > LARGEST) {
        return Err(NoBody::TooLarge);
    }
    timeout_at(deadline, collect(body)).await.unwrap_or(Err(NoBody::TooSlow))
}

/// Memory is taken for what has come, not for what was announced.
async fn collect(body: Body) -> Result<Vec<u8>, NoBody> {
    let mut bytes = Vec::new();
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| NoBody::Broken)?;
        if bytes.len() + part.len() > LARGEST {
            return Err(NoBody::TooLarge);
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}
