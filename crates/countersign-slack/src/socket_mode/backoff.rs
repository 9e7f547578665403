//! How long to wait before the next connection.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(60);

/// Exponential, capped, with full jitter; the first connection is not waited for.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    attempts: u32,
}

impl Backoff {
    /// The wait before the next attempt, which this counts.
    pub(super) fn next(&mut self, random: u128) -> Duration {
        let ceiling = match self.attempts {
            0 => Duration::ZERO,
            n => FIRST.saturating_mul(1 << (n - 1).min(16)).min(LONGEST),
        };
        self.attempts = self.attempts.saturating_add(1);
        let share = u32::try_from(random % 1000).unwrap_or_default();
        ceiling * share / 1000
    }

    /// All was well for a good while.
    pub(super) fn reset(&mut self) {
        self.attempts = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_a_minute_and_starts_over() {
        let mut backoff = Backoff::default();
        let waits: Vec<u128> = (0..12).map(|_| backoff.next(999).as_millis()).collect();
        assert_eq!(waits, [0, 249, 499, 999, 1998, 3996, 7992, 15984, 31968, 59940, 59940, 59940]);
        backoff.reset();
        assert_eq!(backoff.next(999), Duration::ZERO);
    }

    #[test]
    fn jitter_is_full() {
        let mut backoff = Backoff::default();
        let _ = backoff.next(0);
        assert_eq!(backoff.next(0), Duration::ZERO);
        assert_eq!(backoff.next(500), Duration::from_millis(250));
    }
}
