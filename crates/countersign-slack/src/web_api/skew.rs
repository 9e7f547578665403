//! How far this machine's clock is from Slack's, as the `Date` of its answers tells.

use std::sync::{Mutex, PoisonError};

use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use reqwest::Response;
use reqwest::header::DATE;

/// The header tells whole seconds.
const COARSE: SignedDuration = SignedDuration::from_secs(1);

/// What the last answer told.
#[derive(Debug, Default)]
pub(super) struct Skew(Mutex<Option<SignedDuration>>);

impl Skew {
    pub(super) fn last(&self) -> Option<SignedDuration> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that Slack's clock showed `date`, if it told, between two times of this machine's (UTC).
    pub(super) fn note(&self, (asked, received): (Timestamp, Timestamp), date: Option<Timestamp>) {
        if let Some(date) = date {
            let ahead = certainly(asked, received, date);
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead);
        }
    }
}

/// Slack's time (UTC, whole seconds) when it answered.
pub(super) fn date(response: &Response) -> Option<Timestamp> {
    let text = response.headers().get(DATE)?.to_str().ok()?;
    rfc2822::parse(text).ok().map(|date| date.timestamp())
}

/// The least skew that explains that Slack's clock showed `date` at some moment between the two: an answer
/// that takes long proves nothing.
fn certainly(asked: Timestamp, received: Timestamp, date: Timestamp) -> SignedDuration {
    let (most, least) = (received.duration_since(date), asked.duration_since(date) - COARSE);
    if least.is_positive() {
        least
    } else if most.is_negative() {
        most
    } else {
        SignedDuration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certain_counts() {
        let at = |seconds: i64| Timestamp::from_second(1_800_000_000 + seconds).unwrap();
        let ahead = |asked, received| certainly(at(asked), at(received), at(0)).as_secs();
        assert_eq!([ahead(0, 0), ahead(1, 1), ahead(-5, 9), ahead(-10, 0)], [0; 4]);
        assert_eq!([ahead(90, 91), ahead(90, 900)], [89; 2]);
        assert_eq!([ahead(-91, -90), ahead(-900, -90)], [-90; 2]);
    }
}
