//! What a rule's description says, in EC2's alphabet.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use super::Entry;

/// The longest description that EC2 takes (API reference of `IpRange`).
const LONGEST: usize = 255;
/// What EC2 takes in it, beside letters and digits of ASCII.
const ALSO: &str = " ._-:/()#,@[]+=&;{}!$*";

/// The description of a rule that these entries want together: whose it is, what for, and until when.
pub fn description(entries: &[&Entry]) -> String {
    let environments: BTreeSet<&str> = entries.iter().map(|entry| entry.environment.as_str()).collect();
    let environments = environments.into_iter().collect::<Vec<_>>().join("+");
    let Some(last) = entries.iter().max_by_key(|entry| entry.expires_at) else { return String::new() };
    let until = last.expires_at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M UTC").to_string();
    let by = if last.added_by.is_empty() { String::new() } else { format!(" ({})", last.added_by) };
    let words = if last.description.is_empty() { String::new() } else { format!(" {}", last.description) };
    clean(&format!("countersign {environments} until {until}{by}{words}"))
}

/// Cut to EC2's length; what is not of its alphabet becomes what comes nearest, or `_`.
fn clean(text: &str) -> String {
    text.chars().map(nearest).take(LONGEST).collect::<String>().trim().to_owned()
}

fn nearest(c: char) -> char {
    match c {
        c if c.is_ascii_alphanumeric() || ALSO.contains(c) => c,
        '\u{2013}' | '\u{2014}' | '\u{2010}' | '\u{2011}' => '-',
        c if c.is_whitespace() => ' ',
        _ => '_',
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Environment;

    fn entry(environment: &str, words: &str, end: i64) -> Entry {
        Entry {
            cidr: "203.0.113.7/32".parse().unwrap(),
            environment: Environment::new(environment),
            description: words.to_owned(),
            added_by: "ana".to_owned(),
            person: None,
            added_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::from_second(end).unwrap(),
        }
    }

    #[test]
    fn it_says_whose_what_for_and_until_when() {
        let one = entry("dev", "John's office – “north” ☕", 1_800_000_000);
        insta::assert_snapshot!(description(&[&one]), @"countersign dev until 2027-01-15 08:00 UTC (ana) John_s office - _north_ _");
        let other = entry("staging", "longer", 1_800_086_400);
        insta::assert_snapshot!(description(&[&one, &other]), @"countersign dev+staging until 2027-01-16 08:00 UTC (ana) longer");
    }

    proptest! {
        #[test]
        fn ec2_takes_whatever_a_person_wrote(words in ".*") {
            let text = description(&[&entry("dev", &words, 1_800_000_000)]);
            prop_assert!(text.len() <= LONGEST);
            prop_assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || ALSO.contains(c)));
        }
    }
}
