//! What stands between angle brackets.

use super::unescape;

/// The plain text of one token, given without its brackets.
pub(super) fn plain(inside: &str) -> String {
    let (target, label) = match inside.split_once('|') {
        Some((target, label)) => (target, Some(label).filter(|label| !label.is_empty())),
        None => (inside, None),
    };
    let read = match target.split_at_checked(1) {
        Some(("@", id)) => id_token('@', id),
        Some(("#", id)) => id_token('#', id),
        Some(("!", special)) => Some(special_token(special, label)),
        _ if target.contains(':') => Some(link(target, label)),
        _ => None,
    };
    // What is no token after all stays as it stands.
    read.unwrap_or_else(|| format!("<{}>", unescape(inside)))
}

fn id_token(kind: char, id: &str) -> Option<String> {
    let is_id = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric());
    is_id.then(|| format!("<{kind}{id}>"))
}

/// `<!here>`, `<!subteam^S1|@handle>`, `<!date^…|fallback>`.
fn special_token(special: &str, label: Option<&str>) -> String {
    let (name, detail) = special.split_once('^').unwrap_or((special, ""));
    match (name, label) {
        ("subteam", Some(handle)) => format!("@{}", unescape(handle).trim_start_matches('@')),
        ("subteam", None) => format!("@{detail}"),
        ("here" | "channel" | "everyone" | "group", _) => format!("@{name}"),
        (_, Some(label)) => unescape(label),
        (name, None) => unescape(name),
    }
}

/// A label that is the target without its scheme is what the person typed;
/// any other label may say something else than the target.
fn link(target: &str, label: Option<&str>) -> String {
    let target = unescape(target);
    let Some(label) = label.map(unescape) else { return without_address_scheme(&target).to_owned() };
    let bare =
        ["http://", "https://", "mailto:", "tel:"].iter().find_map(|scheme| target.strip_prefix(scheme));
    let same = |text: &str| text == label || text.strip_suffix('/') == Some(label.as_str());
    if same(&target) || bare.is_some_and(same) { label } else { target }
}

/// Nobody types `mailto:` in front of an address.
fn without_address_scheme(target: &str) -> &str {
    target.strip_prefix("mailto:").or_else(|| target.strip_prefix("tel:")).unwrap_or(target)
}
