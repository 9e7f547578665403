//! Slack's `ts`: seconds since 1970, a dot, and six digits that also tell messages apart.

use jiff::Timestamp;

/// The time (UTC, to the microsecond) in a `ts`; `None` when the text is none.
pub(crate) fn time(ts: &str) -> Option<Timestamp> {
    let (seconds, fraction) = ts.split_once('.').unwrap_or((ts, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(seconds) || !digits(fraction) || fraction.len() > 6 {
        return None;
    }
    let micros: i32 = format!("{fraction:0<6}").parse().ok()?;
    Timestamp::new(seconds.parse().ok()?, micros.checked_mul(1000)?).ok()
}

/// A time (UTC) as a `ts`, for the bounds of a search; nothing was said before 1970.
pub(crate) fn of(time: Timestamp) -> String {
    let micros = time.as_microsecond().max(0);
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_survives_its_ts() {
        for ts in ["1700000000.000123", "1700000000.999000", "1700000000.000000"] {
            assert_eq!(of(time(ts).unwrap()), ts);
        }
        assert_eq!(of(Timestamp::from_second(-5).unwrap()), "0.000000");
    }

    #[test]
    fn a_ts_is_a_time_to_the_microsecond() {
        assert_eq!(time("1700000000.000123").unwrap().to_string(), "2023-11-14T22:13:20.000123Z");
        assert_eq!(time("1700000000").unwrap().to_string(), "2023-11-14T22:13:20Z");
    }

    #[test]
    fn what_is_no_ts_is_no_time() {
        for text in
            ["", ".", "1.", ".5", "-1.000000", "1.0000001", "1,5", "99999999999999999999.0", "999999999999.0"]
        {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
