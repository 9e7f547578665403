//! Time, as the pipeline sees it.

use std::future::Future;
use std::pin::Pin;

use jiff::Timestamp;

/// A future that can be stored.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The time now, and waiting for a later one.
pub trait Clock: Send + Sync {
    /// The time now (UTC).
    fn now(&self) -> Timestamp;

    /// Resolves once `now()` has reached `when`; at once if it has.
    fn sleep_until(&self, when: Timestamp) -> BoxFuture<'static, ()>;
}
