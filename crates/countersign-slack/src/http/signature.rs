//! The signature of a request, scheme `v0`
//! ([Slack](https://docs.slack.dev/authentication/verifying-requests-from-slack)).

use axum::http::HeaderMap;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::Secret;

const TIMESTAMP: &str = "x-slack-request-timestamp";
const SIGNATURE: &str = "x-slack-signature";
/// A request is from another time than ours beyond this many seconds, in either direction.
const LARGEST_SKEW: u64 = 300;
/// Seconds since 1970 have no more digits before the year 5138.
const MOST_DIGITS: usize = 11;

/// What a request's head claims: when it was signed, and with what result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    seconds: u64,
    mac: [u8; 32],
}

impl Claim {
    /// Reads the two headers. Each must be there exactly once, and in exactly the form that Slack gives it.
    pub(super) fn read(headers: &HeaderMap) -> Option<Self> {
        Some(Self { seconds: seconds(only(headers, TIMESTAMP)?)?, mac: mac(only(headers, SIGNATURE)?)? })
    }

    /// Was it signed around `now` (UTC)?
    pub(super) fn is_fresh(&self, now: jiff::Timestamp) -> bool {
        u64::try_from(now.as_second()).is_ok_and(|now| now.abs_diff(self.seconds) <= LARGEST_SKEW)
    }

    /// Was `body` signed with `key`, at the claimed time? Takes as long for a wrong signature as for the right one.
    pub(super) fn holds(&self, body: &[u8], key: &Key) -> bool {
        key.mac(self.seconds, body).verify_slice(&self.mac).is_ok()
    }
}

/// A signing secret, ready to sign with.
#[derive(Clone)]
pub(super) struct Key(Hmac<Sha256>);

impl Key {
    /// `None`: it is empty, and everybody could sign with it.
    pub(super) fn new(secret: &Secret) -> Option<Self> {
        let secret = Some(secret.reveal()).filter(|secret| !secret.is_empty())?;
        Hmac::new_from_slice(secret.as_bytes()).ok().map(Self)
    }

    fn mac(&self, seconds: u64, body: &[u8]) -> Hmac<Sha256> {
        let start = format!("v0:{seconds}:");
        self.0.clone().chain_update(start).chain_update(body)
    }
}

fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value.as_bytes()),
        _ => None,
    }
}

/// Digits alone, so that the number writes itself exactly as it was signed.
fn seconds(text: &[u8]) -> Option<u64> {
    let is_plain = text.len() <= MOST_DIGITS && text.first().is_some_and(|digit| *digit != b'0');
    if !is_plain || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn mac(text: &[u8]) -> Option<[u8; 32]> {
    let digits = text.strip_prefix(b"v0=")?;
    if digits.iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    let mut mac = [0; 32];
    hex::decode_to_slice(digits, &mut mac).ok()?;
    Some(mac)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::super::tests::sign;
    use super::*;

    // Published as the test vector of a Rust client for Slack.
    const SECRET: &str = "fa2c05deeef5a4077494e89f54394de0";
    const SECONDS: &str = "1531420618";
    const BODY: &[u8] = b"test-body";
    const SIGNED: &str = "v0=baa91ef62d346e56607bbdd278a8acd570b91226854f15a382f43d33be42f666";

    fn headers(pairs: &[(&'static str, &[u8])]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            if let Ok(value) = HeaderValue::from_bytes(value) {
                headers.append(*name, value);
            }
        }
        headers
    }

    fn claim(seconds: &[u8], signature: &[u8]) -> Option<Claim> {
        Claim::read(&headers(&[(TIMESTAMP, seconds), (SIGNATURE, signature)]))
    }

    fn key() -> Key {
        Key::new(&Secret::new(SECRET)).unwrap()
    }

    #[test]
    fn the_published_example_holds() {
        let claim = claim(SECONDS.as_bytes(), SIGNED.as_bytes()).unwrap();
        assert!(claim.holds(BODY, &key()));
        assert!(!claim.holds(b"test-bodz", &key()));
        assert!(!claim.holds(BODY, &Key::new(&Secret::new("other")).unwrap()));
        assert_eq!(sign(SECRET, SECONDS, BODY), SIGNED);
    }

    #[test]
    fn five_minutes_either_way_are_fresh() {
        let claim = claim(SECONDS.as_bytes(), SIGNED.as_bytes()).unwrap();
        let now = |skew: i64| jiff::Timestamp::from_second(1_531_420_618 + skew).unwrap();
        for skew in [-300, -1, 0, 1, 300] {
            assert!(claim.is_fresh(now(skew)), "{skew}");
        }
        for skew in [-301, 301, 86_400, -1_531_420_618, -1_531_420_619] {
            assert!(!claim.is_fresh(now(skew)), "{skew}");
        }
    }

    #[test]
    fn an_empty_secret_is_no_key() {
        assert!(Key::new(&Secret::new("")).is_none());
        assert!(Key::new(&Secret::new(" \n")).is_none());
    }

    #[test]
    fn each_header_is_there_once() {
        let (time, signed) = ((TIMESTAMP, SECONDS.as_bytes()), (SIGNATURE, SIGNED.as_bytes()));
        for wrong in [&[time] as &[_], &[signed], &[], &[time, time, signed], &[time, signed, signed]] {
            assert_eq!(Claim::read(&headers(wrong)), None, "{wrong:?}");
        }
    }

    #[test]
    fn only_the_exact_form_will_do() {
        for seconds in [
            "",
            "0",
            "01531420618",
            "+1531420618",
            "-1531420618",
            " 1531420618",
            "1531420618 ",
            "1531420618.0",
            "1e9",
            "153142061800",
            "99999999999999999999",
            "１５３１４２０６１８",
            "0x5b478b8a",
        ] {
            assert_eq!(claim(seconds.as_bytes(), SIGNED.as_bytes()), None, "{seconds}");
        }
        let upper = SIGNED.to_uppercase().replace("V0=", "v0=");
        let (short, long) = (SIGNED.get(..66).unwrap(), format!("{SIGNED}0"));
        let (v1, spaced) = (SIGNED.replace("v0=", "v1="), format!(" {SIGNED}"));
        let bare = SIGNED.replace("v0=", "");
        for signature in ["", "v0=", upper.as_str(), short, long.as_str(), v1.as_str(), &spaced, &bare] {
            assert_eq!(claim(SECONDS.as_bytes(), signature.as_bytes()), None, "{signature}");
        }
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(seconds: Vec<u8>, signature: Vec<u8>) {
            let _ = claim(&seconds, &signature);
        }

        #[test]
        fn what_is_read_is_what_was_written(seconds in "[0-9+ -]{0,13}", digits in "[0-9a-fA-F]{62,66}") {
            let signature = format!("v0={digits}");
            if let Some(claim) = claim(seconds.as_bytes(), signature.as_bytes()) {
                prop_assert_eq!(claim.seconds.to_string(), seconds);
                prop_assert_eq!(format!("v0={}", hex::encode(claim.mac)), signature);
            }
        }

        #[test]
        fn what_was_signed_holds_and_nothing_else_does(secret in "[!-~]{1,80}", seconds in 1_u32.., body: Vec<u8>,
            flip in 0_usize..256) {
            let seconds = seconds.to_string();
            let key = Key::new(&Secret::new(&secret)).unwrap();
            let mut claim = claim(seconds.as_bytes(), sign(&secret, &seconds, &body).as_bytes()).unwrap();
            prop_assert!(claim.holds(&body, &key));
            claim.mac[flip / 8] ^= 1 << (flip % 8);
            prop_assert!(!claim.holds(&body, &key));
        }
    }
}
