//! The page: a small Slack in the browser.

use std::sync::Arc;

use axum::Router;

use crate::Shared;

/// The page's routes.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
}
