//! A mutation: what it is called, and what it changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// A mutation as its file says it.
pub(super) struct Mutation {
    /// What it does to the engine, as a sentence.
    pub(super) title: String,
    changes: Vec<Change>,
}

/// One place that is changed.
#[derive(Default)]
struct Change {
    file: String,
    is: String,
    becomes: String,
}

/// Which part of a change is being read.
enum Part {
    Nothing,
    Is,
    Becomes,
}

impl Mutation {
    /// Reads a mutation's file.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let mut mutation = Self { title: String::new(), changes: Vec::new() };
        let mut part = Part::Nothing;
        for line in text.lines() {
            if let Some(title) = line.strip_prefix("# ") {
                mutation.title = title.to_owned();
            } else if let Some(file) = line.strip_prefix("@ ") {
                mutation.changes.push(Change { file: file.to_owned(), ..Change::default() });
                part = Part::Nothing;
            } else if line == "--- is" {
                part = Part::Is;
            } else if line == "--- becomes" {
                part = Part::Becomes;
            } else {
                let change = mutation.changes.last_mut().context("a mutation begins with its file")?;
                let into = match part {
                    Part::Nothing => bail!("`{line}` belongs to no part"),
                    Part::Is => &mut change.is,
                    Part::Becomes => &mut change.becomes,
                };
                into.push_str(line);
                into.push('\n');
            }
        }
        if mutation.title.is_empty() || mutation.changes.iter().any(|change| change.is.is_empty()) {
            bail!("a mutation has a title, and every change says what it changes");
        }
        Ok(mutation)
    }

    /// Changes the files in `folder`, all or none, and gives what they were. What a mutation changes must stand
    /// there exactly once.
    pub(super) fn apply(&self, folder: &Path) -> anyhow::Result<BTreeMap<PathBuf, String>> {
        let mut before: BTreeMap<PathBuf, String> = BTreeMap::new();
        let mut after: BTreeMap<PathBuf, String> = BTreeMap::new();
        for change in &self.changes {
            let path = folder.join(&change.file);
            if !before.contains_key(&path) {
                let text = fs::read_to_string(&path)
                    .with_context(|| format!("{} cannot be read", path.display()))?;
                before.insert(path.clone(), text.clone());
                after.insert(path.clone(), text);
            }
            let text = after.entry(path).or_default();
            let times = text.matches(&change.is).count();
            if times != 1 {
                bail!("it no longer applies: what it changes stands {times} times in {}", change.file);
            }
            *text = text.replacen(&change.is, &change.becomes, 1);
        }
        for (path, text) in after {
            fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
        }
        Ok(before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutation_is_read() {
        let text = "# A title\n@ a/b.rs\n--- is\n  one\n--- becomes\n  two\n  three\n@ c.rs\n--- is\nx\n--- becomes\n";
        let mutation = Mutation::parse(text).unwrap();
        assert_eq!(mutation.title, "A title");
        assert_eq!(mutation.changes.len(), 2);
        assert_eq!(mutation.changes[0].becomes, "  two\n  three\n");
        assert!(mutation.changes[1].becomes.is_empty());
        assert!(Mutation::parse("@ a.rs\n--- is\n--- becomes\n").is_err());
    }
}
