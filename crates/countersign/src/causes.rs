//! An error with its causes, as one line for a person.

/// The error and everything behind it, joined by colons. A cause that the line already ends with is not said twice:
/// some libraries put it into their own words and hand it on as well.
pub(crate) fn line(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = without_stop(&error.to_string()).to_owned();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        let said = without_stop(&said);
        if !text.ends_with(said) {
            text.push_str(": ");
            text.push_str(said);
        }
        cause = inner.source();
    }
    text
}

fn without_stop(text: &str) -> &str {
    text.trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    #[test]
    fn causes_follow_and_none_is_said_twice() {
        let error = anyhow!("code 26").context("the driver says: code 26").context("It cannot be opened.");
        assert_eq!(super::line(error.as_ref()), "It cannot be opened: the driver says: code 26");
    }
}
