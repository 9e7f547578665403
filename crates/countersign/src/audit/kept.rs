//! Checkpoints that were kept elsewhere: in a file of JSON lines, or as a person copied them from the channel.

use std::path::{Path, PathBuf};

use countersign_core::audit::{Checkpoint, Hash, Sealed};

/// A checkpoint that somebody outside the ledger remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its place.
    pub number: u64,
    /// Its hash.
    pub hash: Hash,
    /// The heads that it sealed, where they were kept as well.
    pub heads: Vec<Sealed>,
}

/// What was kept cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum KeptError {
    /// The file does not open.
    #[error("{} cannot be read", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// There is no checkpoint in it.
    #[error("there is no checkpoint in {}", .0.display())]
    Empty(PathBuf),
    /// A line is a checkpoint that does not give its own hash.
    #[error("line {line} of {} was changed: what it says does not give its hash", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
    },
}

impl Kept {
    /// Every checkpoint in the file, in the order of its lines. A line that was cut short, as by a full disk, is skipped.
    ///
    /// # Errors
    /// [`KeptError`].
    pub fn read(path: &Path) -> Result<Vec<Self>, KeptError> {
        let bytes = std::fs::read(path);
        let bytes = bytes.map_err(|source| KeptError::File { path: path.to_owned(), source })?;
        let mut kept = Vec::new();
        for (number, line) in String::from_utf8_lossy(&bytes).lines().enumerate() {
            let Ok(checkpoint) = serde_json::from_str::<Checkpoint>(line) else { continue };
            if !checkpoint.is_itself() {
                return Err(KeptError::Changed { path: path.to_owned(), line: number + 1 });
            }
            let Checkpoint { number, hash, heads, .. } = checkpoint;
            kept.push(Self { number, hash, heads });
        }
        if kept.is_empty() { Err(KeptError::Empty(path.to_owned())) } else { Ok(kept) }
    }

    /// `12:3f2a…`, as it stands in the channel; what a chat put around or between the characters does not matter.
    ///
    /// # Errors
    /// What to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text: String = text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ':').collect();
        let parsed = text.split_once(':').and_then(|(number, hash)| {
            let hash = Hash::try_from(hash.to_owned()).ok()?;
            Some(Self { number: number.parse().ok()?, hash, heads: Vec::new() })
        });
        parsed.ok_or_else(|| {
            "write the checkpoint's number, a colon, and its 64 characters: 12:3f2a…".to_owned()
        })
    }
}
