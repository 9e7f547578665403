use std::path::Path;

use countersign::config;

/// A configuration file, whatever stands in it: it holds, or each thing that is wrong has a sentence, and a place
/// that is inside it.
pub fn configuration(text: &str) {
    let Err(errors) = config::parse(Path::new("own.toml"), text.to_owned()) else { return };
    assert!(!errors.errors().is_empty());
    for error in errors.errors() {
        assert!(error.sentence.ends_with(['.', '?']), "{}", error.sentence);
        let Some(place) = error.place else { continue };
        let line = text.split('\n').nth(place.line - 1);
        let line = line.unwrap_or_else(|| panic!("{} is outside: {place:?}", error.sentence));
        assert!((1..=line.chars().count() + 1).contains(&place.column), "{}: {place:?}", error.sentence);
    }
}
