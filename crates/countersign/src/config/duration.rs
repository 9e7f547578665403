//! Durations as the configuration writes them: `15m`, `1h`, `1h30m`.

use jiff::SignedDuration;

/// The longest that signatures may take or a start may wait.
const MOST: SignedDuration = SignedDuration::from_hours(24 * 7);

/// A duration of more than nothing and at most a week.
pub(super) fn parse(text: &str) -> Result<SignedDuration, String> {
    let duration: Option<SignedDuration> = text.parse().ok();
    match duration {
        Some(duration) if duration > SignedDuration::ZERO && duration <= MOST => Ok(duration),
        Some(_) => Err(format!("`{text}` must be more than nothing and at most a week")),
        None => Err(format!("`{text}` is no duration: write one like 15m, 1h or 1h30m")),
    }
}
