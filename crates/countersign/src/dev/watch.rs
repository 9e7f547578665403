//! Watching the configuration file: a change that holds is put in force, one
//! that does not is shown, and what was in force stays.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::bot::Bot;
use crate::config::{self, ConfigErrors, Registry};

/// How often the file is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// A watch over one file.
pub(super) struct Watch {
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Watch {
    /// Watches the configuration at `path` for `bot`.
    pub(super) fn start(path: PathBuf, bot: Arc<Bot>, registry: Registry) -> Self {
        let (stop, mut stopped) = watch::channel(());
        let task = tokio::spawn(async move {
            let mut seen = std::fs::read_to_string(&path).unwrap_or_default();
            loop {
                tokio::select! {
                    () = tokio::time::sleep(LOOK) => {}
                    _ = stopped.changed() => return,
                }
                let now = std::fs::read_to_string(&path).unwrap_or_default();
                if now == seen {
                    continue;
                }
                seen.clone_from(&now);
                let reloaded = match config::parse(&path, now) {
                    Ok(config) => bot.reload(&config, &registry).await,
                    Err(errors) => Err(errors),
                };
                eprintln!("{}", said(&reloaded));
            }
        });
        Self { stop, task }
    }

    /// Ends the watch.
    pub(super) async fn stop(self) {
        drop(self.stop);
        let _ = self.task.await;
    }
}

/// What the terminal says about a changed file.
fn said(reloaded: &Result<(), ConfigErrors>) -> String {
    match reloaded {
        Ok(()) => "The configuration changed and is in force.".to_owned(),
        Err(errors) => {
            format!("The configuration changed, but does not hold; what was in force stays:\n{errors}")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_broken_edit_is_shown_with_its_place() {
        let broken = config::parse(Path::new("demo.toml"), "[bot]\nnam = \"x\"\n".to_owned()).map(|_| ());
        insta::assert_snapshot!(said(&broken), @"
        The configuration changed, but does not hold; what was in force stays:
        demo.toml:2:1: unknown field `nam`, expected `name`.
        ");
        insta::assert_snapshot!(said(&Ok(())), @"The configuration changed and is in force.");
    }
}
