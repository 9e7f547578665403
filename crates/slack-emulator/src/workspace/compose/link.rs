//! Finding addresses in plain text, as Slack's composer does: `https://…`, bare domains, e-mail addresses.

use super::Piece;

/// Endings that make a word with dots a domain. Slack knows them all; these are the ones that people type.
const ENDINGS: [&str; 46] = [
    "com", "org", "net", "io", "dev", "app", "co", "ai", "edu", "gov", "info", "biz", "me", "uk", "de", "fr",
    "nl", "pl", "es", "it", "ch", "at", "be", "se", "no", "dk", "fi", "eu", "us", "ca", "au", "nz", "jp",
    "cn", "in", "br", "tv", "xyz", "cloud", "tech", "site", "online", "store", "example", "ly", "so",
];

/// Marks that end a sentence or wrap a word, and so do not belong to an address.
const AROUND: &[char] = &[
    '.', ',', ';', ':', '!', '?', ')', '(', '[', ']', '{', '}', '"', '\'', '`', '“', '”', '‘', '’', '«', '»',
    '*', '_', '~', '<', '>',
];

/// Splits plain text into text and links; what stands between backticks stays as it is.
pub(super) fn linkify(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut in_code = false;
    for word in text.split_inclusive(char::is_whitespace) {
        let ticks = word.matches('`').count();
        let code = in_code || ticks > 0;
        in_code ^= ticks % 2 == 1;
        let Some((before, piece, after)) = (!code).then(|| link_in(word)).flatten() else {
            plain.push_str(word);
            continue;
        };
        plain.push_str(before);
        push_text(&mut pieces, &mut plain);
        pieces.push(piece);
        plain.push_str(after);
    }
    push_text(&mut pieces, &mut plain);
    pieces
}

fn push_text(pieces: &mut Vec<Piece>, plain: &mut String) {
    if !plain.is_empty() {
        pieces.push(Piece::Text(std::mem::take(plain)));
    }
}

/// The address in one word, with what stands before and after it.
fn link_in(word: &str) -> Option<(&str, Piece, &str)> {
    let start = word.len() - word.trim_start_matches(AROUND).len();
    let end = word.trim_end().trim_end_matches(AROUND).len();
    let (before, core, after) = (word.get(..start)?, word.get(start..end)?, word.get(end..)?);
    Some((before, address(core)?, after))
}

fn address(core: &str) -> Option<Piece> {
    let lower = core.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        let rest = core.split_once("://")?.1;
        return (!rest.is_empty()).then(|| Piece::Link { url: core.into(), label: String::new() });
    }
    if let Some((name, host)) = core.split_once('@') {
        let fine = !name.is_empty() && is_domain(host);
        return fine.then(|| Piece::Link { url: format!("mailto:{core}"), label: core.into() });
    }
    let host = core.split(['/', '?', '#']).next()?;
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    is_domain(host).then(|| Piece::Link { url: format!("http://{core}"), label: core.into() })
}

fn is_domain(host: &str) -> bool {
    let Some((names, ending)) = host.rsplit_once('.') else { return false };
    let label = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) && names.split('.').all(label)
}
