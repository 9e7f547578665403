//! What looks like a credential, by its form. There is no guessing by randomness: ids are random, too.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::MASK;

/// A kind of credential that begins in a known way.
struct Form {
    /// How it begins.
    begins: &'static str,
    /// So many characters follow at least.
    least: usize,
    /// Which characters follow.
    holds: fn(u8) -> bool,
}

const fn form(begins: &'static str, least: usize, holds: fn(u8) -> bool) -> Form {
    Form { begins, least, holds }
}

/// The forms that their makers gave their credentials, so that they can be found. An AWS key id alone is no secret, but
/// where one stands, its secret is not far: 40 characters that nothing marks, which are hidden then, too.
const FORMS: &[Form] = &[
    // Slack: tokens of bots, people, apps and their configuration (docs.slack.dev/authentication/tokens).
    form("xoxb-", 10, is_joined),
    form("xoxp-", 10, is_joined),
    form("xoxa-", 10, is_joined),
    form("xoxr-", 10, is_joined),
    form("xoxs-", 10, is_joined),
    form("xoxe-", 10, is_joined),
    form("xoxe.xoxp-", 10, is_joined),
    form("xoxe.xoxb-", 10, is_joined),
    form("xapp-", 10, is_joined),
    // AWS: long-term and temporary access keys.
    form(AWS[0], 16, is_upper),
    form(AWS[1], 16, is_upper),
    // GitHub: personal, OAuth, user-to-server, server-to-server, refresh, fine-grained.
    form("ghp_", 30, is_letter),
    form("gho_", 30, is_letter),
    form("ghu_", 30, is_letter),
    form("ghs_", 30, is_letter),
    form("ghr_", 30, is_letter),
    form("github_pat_", 22, is_joined),
    // GitLab, Stripe.
    form("glpat-", 20, is_joined),
    form("sk_live_", 16, is_letter),
    form("rk_live_", 16, is_letter),
];

const AWS: [&str; 2] = ["AKIA", "ASIA"];
/// The length of an AWS secret access key.
const AWS_SECRET: usize = 40;

/// Names whose value is a credential, before `=`: in addresses, connection strings and shells, in any case.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "api_key",
    "apikey",
    "api-key",
    "access_key",
];

/// How the first part of a web token begins: `{"` in base64.
const WEB_TOKEN: &str = "eyJ";
const PEM: &str = "-----BEGIN ";
/// Between an address's scheme and its user.
const ADDRESS: &str = "://";
/// Schemes of a request's header, in any case.
const SCHEMES: &[&str] = &["bearer ", "basic "];

/// Finds in one pass whether there is anything to look at more closely, which is seldom so.
static SIGNS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let forms = FORMS.iter().map(|form| form.begins);
    let signs = forms.chain(NAMES.iter().copied()).chain([WEB_TOKEN, PEM, ADDRESS]);
    let signs = signs.chain(SCHEMES.iter().copied());
    AhoCorasick::builder().ascii_case_insensitive(true).build(signs).ok()
});

/// `text` with every credential in it exchanged for [`MASK`].
pub fn mask(text: &str) -> Cow<'_, str> {
    if !has_signs(text) {
        return Cow::Borrowed(text);
    }
    let mut found = find(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    found.sort_by_key(|range| range.start);
    let (mut masked, mut at) = (String::with_capacity(text.len()), 0);
    for range in found {
        if range.start >= at {
            masked.push_str(text.get(at..range.start).unwrap_or_default());
            masked.push_str(MASK);
        }
        at = at.max(range.end);
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(masked)
}

/// Could there be a credential in it? Without the automaton it is looked at closely every time.
fn has_signs(text: &str) -> bool {
    SIGNS.as_ref().is_none_or(|signs| signs.is_match(text))
}

fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = FORMS.iter().flat_map(|form| formed(text, form)).collect();
    if AWS.iter().any(|key| text.contains(key)) && !found.is_empty() {
        found.extend(words(text, is_base64).filter(|word| word.len() == AWS_SECRET));
    }
    found.extend(words(text, is_web_token).filter_map(|word| jwt(text, word)));
    found.extend(private_keys(text));
    found.extend(named(text));
    found.extend(in_addresses(text));
    found.extend(bearers(text));
    found
}

/// Credentials of one form. What stands inside of a longer word is none.
fn formed<'a>(text: &'a str, form: &'a Form) -> impl Iterator<Item = Range<usize>> + 'a {
    text.match_indices(form.begins).filter_map(|(start, begins)| {
        let bytes = text.as_bytes();
        let before = start.checked_sub(1).and_then(|before| bytes.get(before));
        let from = start + begins.len();
        let length = length_of(text, from, form.holds);
        let is_whole = before.is_none_or(|before| !before.is_ascii_alphanumeric());
        (is_whole && length >= form.least).then(|| start..from + length)
    })
}

/// The longest pieces of `text` that consist of such bytes.
fn words(text: &str, holds: fn(u8) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        at += bytes.get(at..)?.iter().position(|byte| holds(*byte))?;
        let start = at;
        at += length_of(text, start, holds);
        Some(start..at)
    })
}

/// `header.claims.signature`, the first two of them JSON in base64; without the full stop of a sentence that it ends.
fn jwt(text: &str, word: Range<usize>) -> Option<Range<usize>> {
    let token = text.get(word.clone())?.trim_end_matches('.');
    let parts: Vec<&str> = token.split('.').collect();
    let is_one = matches!(parts.as_slice(), [header, claims, _] if [header, claims].iter().all(|part| part.starts_with(WEB_TOKEN) && part.len() > 10));
    is_one.then(|| word.start..word.start + token.len())
}

/// PEM blocks of private keys, with all that is in them; to the end of the text where their end is cut off.
fn private_keys(text: &str) -> Vec<Range<usize>> {
    let begins = text.match_indices(PEM).filter_map(|(start, _)| {
        let label = text.get(start..)?.get(PEM.len()..)?.split("-----").next()?;
        label.ends_with("PRIVATE KEY").then(|| (start, format!("-----END {label}-----")))
    });
    let whole = begins.map(|(start, end)| {
        let rest = text.get(start..).unwrap_or_default();
        start..rest.find(&end).map_or(text.len(), |at| start + at + end.len())
    });
    whole.collect()
}

/// `password=…` and its like: what stands behind the sign, to the next blank, quote, or separator.
fn named(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let names = NAMES.iter().flat_map(|name| lower.match_indices(name).map(|(at, name)| at + name.len()));
    let values = names.filter_map(|at| {
        let rest = text.get(at..)?.strip_prefix('=')?;
        let (quote, rest) = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => (Some(quote), rest.get(1..)?),
            _ => (None, rest),
        };
        let ends = |c: char| match quote {
            Some(quote) => c == quote,
            None => c.is_whitespace() || matches!(c, '&' | ';' | ',' | '"' | '\'' | ')' | '>' | '|'),
        };
        let length = rest.find(ends).unwrap_or(rest.len());
        let start = text.len() - text.get(at..)?.len() + 1 + usize::from(quote.is_some());
        (length > 0).then(|| start..start + length)
    });
    values.collect()
}

/// `scheme://user:password@host`: the password, also one that should have been encoded, since `/`, `?` or `#` is in it.
fn in_addresses(text: &str) -> Vec<Range<usize>> {
    let passwords = text.match_indices(ADDRESS).filter_map(|(at, _)| {
        let start = at + ADDRESS.len();
        let address = text.get(start..)?.split(|c: char| c.is_whitespace() || c == '"').next()?;
        let authority = address.split(['/', '?', '#']).next()?;
        let user = match authority.rsplit_once('@') {
            Some((user, _)) => user,
            None if has_port(authority) => return None,
            None => address.rsplit_once('@')?.0,
        };
        let (name, password) = user.split_once(':')?;
        let is_user = !name.contains(['/', '?', '#']);
        (is_user && !password.is_empty()).then(|| start + name.len() + 1..start + user.len())
    });
    passwords.collect()
}

/// `host:443`, or an address of the form `[::1]`: what follows it is no password.
fn has_port(authority: &str) -> bool {
    let port = authority.rsplit_once(':').map(|(_, port)| port);
    authority.starts_with('[')
        || port.is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `Bearer …` and `Basic …`, as in the header of a request.
fn bearers(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let starts =
        SCHEMES.iter().flat_map(|scheme| lower.match_indices(scheme).map(|(at, found)| at + found.len()));
    starts
        .map(|start| start..start + length_of(text, start, |byte| is_base64(byte) || is_web_token(byte)))
        .filter(|range| range.len() >= 20)
        .collect()
}

fn length_of(text: &str, from: usize, holds: fn(u8) -> bool) -> usize {
    text.as_bytes().get(from..).unwrap_or_default().iter().take_while(|byte| holds(**byte)).count()
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn is_upper(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn is_joined(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

fn is_web_token(byte: u8) -> bool {
    is_joined(byte) || byte == b'.'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Put together here, so that no scanner of sources takes this file for a leak.
    fn joined(parts: &[&str]) -> String {
        parts.concat()
    }

    #[test]
    fn credentials_are_found() {
        let aws = joined(&["AKIA", "IOSFODNN7EXAMPLE"]);
        let secret = joined(&["wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY"]);
        let jwt = joined(&["eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0In0", ".c2lnbmF0dXJl"]);
        let key = joined(&["-----BEGIN RSA PRIVATE", " KEY-----\nMIIB\n-----END RSA PRIVATE", " KEY-----"]);
        for (text, expected) in [
            (joined(&["say xoxb", "-1234567890-abcdefghij now"]), "say ••• now"),
            (joined(&["xapp", "-1-A0123456789-abcdef"]), "•••"),
            (format!("use {aws} with {secret}."), "use ••• with •••."),
            (format!("secret {secret}"), "secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            (joined(&["ghp", "_0123456789abcdefghijklmnopqrstuvwxyz"]), "•••"),
            (joined(&["github", "_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz"]), "•••"),
            (joined(&["(glpat", "-ABCDEFGHIJKLMNOPQRST)"]), "(•••)"),
            (joined(&["sk", "_live_0123456789abcdef"]), "•••"),
            (format!("jwt {jwt}, then"), "jwt •••, then"),
            (format!("the token is {jwt}."), "the token is •••."),
            (format!("a\n{key}\nb"), "a\n•••\nb"),
            (joined(&["cut -----BEGIN PRIVATE", " KEY-----\nMIIB"]), "cut •••"),
            ("https://h/?user=a&Password=hunter2&b=1".to_owned(), "https://h/?user=a&Password=•••&b=1"),
            ("DB_PASSWORD='a b' x".to_owned(), "DB_PASSWORD='•••' x"),
            ("postgres://app:hunter2@db:5432/app".to_owned(), "postgres://app:•••@db:5432/app"),
            ("postgres://app:hunter/2@db:5432/app now".to_owned(), "postgres://app:•••@db:5432/app now"),
            ("amqp://app:h?n#ter/2@mq".to_owned(), "amqp://app:•••@mq"),
            ("Authorization: Bearer 0123456789abcdef01234".to_owned(), "Authorization: Bearer •••"),
            ("api_key=ü;token=é".to_owned(), "api_key=•••;token=•••"),
        ] {
            let masked = mask(&text).into_owned();
            assert_eq!(masked, expected, "{text}");
            assert_eq!(mask(&masked), masked, "a second time nothing changes");
        }
    }

    #[test]
    fn what_only_looks_random_stays() {
        for text in [
            "op_01JD3V5Y8Z4QK2M7N9P0R1S2T3",
            "20241e99c0ffee0020241e99c0ffee0020241e99c0ffee0020241e99c0ffee00",
            "T0123456789/U0123456789 said 1700000000.000100",
            "6f2b1c3e-8a4d-4f5e-9b7a-0c1d2e3f4a5b",
            "the password of acme, a token, MAKIAVELLI, https://acme.example/a@b:c",
            "https://acme.example:8080/a@b and https://[::1]:80/a@b and https://acme.example/?at=9:00@noon",
            "set password of acme to 14 days; basic plan; bearer of bad news",
            "xoxb- and ghp_ and AKIA alone",
        ] {
            assert_eq!(mask(text), text);
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in any::<String>(), near in "(xoxb-|AKIA|ghp_|eyJ|://|:|@|password=|'|\"|bearer |-----BEGIN |ü|[A-Z0-9]{4}|\\.| ){0,12}") {
            for text in [text, near] {
                let masked = mask(&text).into_owned();
                prop_assert_eq!(mask(&masked).into_owned(), masked);
                prop_assert!(has_signs(&text) || find(&text).is_empty());
            }
        }
    }
}
