//! Where checkpoints are remembered beside the ledger, as the configuration says.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use countersign_core::audit::Checkpoint;
use countersign_engine::pipeline::{ChannelWitness, Ports};
use countersign_engine::ports::{Cause, Witness};
use tokio::fs::OpenOptions;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Mutex;

use crate::config::Config;

/// So many lines wait at most for the file to be writable again.
const MOST_PENDING: usize = 1_000;

/// The witnesses that `config` names.
pub(super) fn of(config: &Config, ports: &Ports) -> Vec<Arc<dyn Witness>> {
    let mut witnesses: Vec<Arc<dyn Witness>> = Vec::new();
    if let Some(path) = config.checkpoint_file() {
        witnesses.push(Arc::new(FileWitness { path, pending: Mutex::default() }));
    }
    if let Some(channel) = config.checkpoint_channel() {
        let (chat, clock) = (Arc::clone(&ports.chat), Arc::clone(&ports.clock));
        witnesses.push(Arc::new(ChannelWitness::new(chat, clock, channel)));
    }
    witnesses
}

/// Appends every checkpoint to a file, whole, as a line of JSON.
struct FileWitness {
    path: PathBuf,
    /// The lines that could not be written yet.
    pending: Mutex<VecDeque<String>>,
}

impl FileWitness {
    async fn append(&self, lines: &str) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        options.mode(0o600);
        let mut file = options.open(&self.path).await?;
        file.write_all(lines.as_bytes()).await?;
        file.flush().await?;
        file.sync_all().await
    }
}

#[async_trait]
impl Witness for FileWitness {
    async fn note(&self, sealed: &[Checkpoint]) -> Result<(), Cause> {
        let mut pending = self.pending.lock().await;
        for checkpoint in sealed {
            pending.push_back(serde_json::to_string(checkpoint)?);
        }
        // Whatever is left out is covered by those after it.
        let too_many = pending.len().saturating_sub(MOST_PENDING);
        pending.drain(..too_many);
        if pending.iter().all(String::is_empty) {
            return Ok(());
        }
        let lines: String = pending.iter().flat_map(|line| [line, "\n"]).collect();
        if let Err(error) = self.append(&lines).await {
            // Half a line may stand there now: the next ones begin on a line of their own.
            if pending.front().is_some_and(|first| !first.is_empty()) {
                pending.push_front(String::new());
            }
            return Err(error.into());
        }
        pending.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[tokio::test]
    async fn what_could_not_be_written_comes_with_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("elsewhere").join("checkpoints.jsonl");
        let witness = FileWitness { path: path.clone(), pending: Mutex::default() };
        let first = Checkpoint::after(None, Timestamp::UNIX_EPOCH, Vec::new());
        let second = Checkpoint::after(Some(&first), Timestamp::UNIX_EPOCH, Vec::new());
        assert!(witness.note(std::slice::from_ref(&first)).await.is_err());
        assert!(witness.note(&[]).await.is_err());
        std::fs::create_dir(folder.path().join("elsewhere")).unwrap();
        witness.note(std::slice::from_ref(&second)).await.unwrap();
        witness.note(&[]).await.unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let kept: Vec<Checkpoint> = text
            .lines()
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(kept, [first, second]);
    }
}
