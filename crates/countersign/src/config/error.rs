//! What is wrong with a configuration, where, and what to do.

use std::fmt;
use std::ops::Range;
use std::path::Path;

pub use super::locate::Place;
use super::locate::place;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// Where, when it has a place of its own.
    pub place: Option<Place>,
    /// What is wrong and what to do, as a sentence.
    pub sentence: String,
}

/// Everything that is wrong with one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors {
    path: String,
    errors: Vec<ConfigError>,
}

impl ConfigErrors {
    /// The errors, in the order of the file.
    pub fn errors(&self) -> &[ConfigError] {
        &self.errors
    }

    pub(super) fn new(path: &Path, mut errors: Vec<ConfigError>) -> Self {
        errors.sort_by_key(|error| error.place);
        Self { path: path.display().to_string(), errors }
    }

    pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        let sentence = match error.kind() {
            std::io::ErrorKind::NotFound => "There is no such file.".to_owned(),
            std::io::ErrorKind::IsADirectory => "It is a folder; name a file.".to_owned(),
            std::io::ErrorKind::InvalidData => "It is not text in UTF-8.".to_owned(),
            _ => format!("It cannot be read: {error}."),
        };
        Self::new(path, vec![ConfigError { place: None, sentence }])
    }

    pub(crate) fn toml(path: &Path, source: &str, error: &toml::de::Error) -> Self {
        let place = error.span().map(|span| place(source, span.start));
        let sentence = format!("{}.", error.message().trim_end_matches('.'));
        Self::new(path, vec![ConfigError { place, sentence }])
    }
}

impl ConfigError {
    pub(super) fn at(source: &str, span: Range<usize>, sentence: impl Into<String>) -> Self {
        Self { place: Some(place(source, span.start)), sentence: sentence.into() }
    }

    pub(super) fn nowhere(sentence: impl Into<String>) -> Self {
        Self { place: None, sentence: sentence.into() }
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.errors.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            match error.place {
                Some(Place { line, column }) => {
                    write!(f, "{}:{line}:{column}: {}", self.path, error.sentence)?;
                }
                None => write!(f, "{}: {}", self.path, error.sentence)?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}
