//! The second step of an upload: the bytes, as they are or as a form.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;

use crate::Shared;
use crate::workspace::{FileId, Refused};

/// Takes the bytes of a file.
pub(in crate::api) async fn receive(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    request: Request,
) -> (StatusCode, String) {
    let Some(body) = content(request).await else {
        return (StatusCode::BAD_REQUEST, "This upload holds no file that can be read.".into());
    };
    let taken = shared
        .workspace
        .commit(|tx| {
            let mut file = tx.state.file(&FileId::new(id)).cloned().ok_or(Refused::FileNotFound)?;
            file.content = Some(String::from_utf8_lossy(&body).into_owned());
            file.size = body.len();
            tx.put_file(file);
            Ok(())
        })
        .await;
    match taken {
        Ok(()) => (StatusCode::OK, format!("OK - {}", body.len())),
        Err(refused) => (StatusCode::NOT_FOUND, refused.to_string()),
    }
}

/// The whole body, or the first part of a form: Slack takes both, and its SDKs send both.
async fn content(request: Request) -> Option<Bytes> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        return Bytes::from_request(request, &()).await.ok();
    }
    let mut form = Multipart::from_request(request, &()).await.ok()?;
    form.next_field().await.ok()??.bytes().await.ok()
}
