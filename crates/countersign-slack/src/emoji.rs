//! Emoji by one name each.

/// The standard name of a reaction: without colons and skin tone (`+1::skin-tone-2`),
/// and with the one of its aliases that Slack itself reports (`thumbsup` is `+1`).
pub(crate) fn standard_name(reaction: &str) -> &str {
    let bare = reaction.trim_matches(':');
    let base = bare.split_once("::").map_or(bare, |(base, _tone)| base);
    match base {
        "thumbsup" => "+1",
        "thumbsdown" => "-1",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::standard_name;

    #[test]
    fn skin_tones_and_aliases_are_one_emoji() {
        for (raw, name) in [
            ("white_check_mark", "white_check_mark"),
            ("+1::skin-tone-2", "+1"),
            ("thumbsup::skin-tone-6", "+1"),
            ("thumbsdown", "-1"),
            (":x:", "x"),
            ("", ""),
        ] {
            assert_eq!(standard_name(raw), name, "{raw}");
        }
    }
}
