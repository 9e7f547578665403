use countersign_core::command::catalog::{Catalog, CatalogError};
use countersign_core::command::kind::Vocabulary;

use super::command;

/// A command's pattern, whatever stands in it: it compiles, and its usage compiles in turn, or the place that
/// is wrong is inside it.
pub fn pattern(text: &str) {
    let vocabulary = Vocabulary { environments: vec!["dev".to_owned()] };
    match Catalog::compile(vec![command("it", text)], &vocabulary) {
        Ok(catalog) => {
            let known = catalog.command("it").unwrap();
            assert!(!known.usage().is_empty());
            for regex in catalog.regexes(known) {
                assert!(!regex.is_empty());
            }
            // Sentences made of it are read without a panic, whether they fit or not.
            let _ = catalog.route(text);
            let _ = catalog.route(known.usage());
        }
        Err(errors) => {
            for error in errors.iter() {
                if let CatalogError::Pattern { error, .. } = error {
                    assert!((1..=text.chars().count() + 2).contains(&error.column), "{error} in {text:?}");
                }
            }
        }
    }
}
