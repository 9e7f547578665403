//! The time and the randomness of the machine: the edges, for the program and for nobody else.

use jiff::{SignedDuration, Timestamp};

use crate::ports::{BoxFuture, Clock, Ids};

/// How long the machine's clock is trusted to run on before it is read again: it may be set, or sleep.
const LONGEST_NAP: SignedDuration = SignedDuration::from_secs(30);

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the edge where the time comes in")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep_until(&self, when: Timestamp) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            loop {
                let left = when.duration_since(Self.now()).min(LONGEST_NAP);
                match left.is_positive() {
                    true => tokio::time::sleep(left.unsigned_abs()).await,
                    false => return,
                }
            }
        })
    }
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsIds;

impl Ids for OsIds {
    /// # Panics
    /// When the operating system has no randomness to give: a name that can be guessed is worse than none.
    #[expect(clippy::expect_used, reason = "going on without randomness would be worse")]
    fn random(&self) -> u128 {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the operating system gives randomness");
        u128::from_ne_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_at_its_time_or_after() {
        let when = SystemClock.now() + SignedDuration::from_millis(1);
        SystemClock.sleep_until(when).await;
        assert!(SystemClock.now() >= when);
    }

    #[test]
    fn no_two_ids_are_the_same() {
        assert_ne!(OsIds.random(), OsIds.random());
    }
}
