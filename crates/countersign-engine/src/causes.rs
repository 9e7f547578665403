//! An error with its causes, as one line: for the log, and for whoever writes the configuration.

/// The error and everything behind it, joined by colons. A cause that the line already ends with is not said twice:
/// some libraries put it into their own words and hand it on as well.
pub fn line(error: &(dyn std::error::Error + 'static)) -> String {
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
    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Said(&'static str, #[source] Option<Box<Said>>);

    #[test]
    fn causes_follow_and_none_is_said_twice() {
        let driver = Said("the driver says: code 26", Some(Box::new(Said("code 26", None))));
        let error = Said("It cannot be opened.", Some(Box::new(driver)));
        assert_eq!(super::line(&error), "It cannot be opened: the driver says: code 26");
    }
}
