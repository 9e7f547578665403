//! Watching the configuration file: a change that holds is put in force, one
//! that does not is shown, and what was in force stays.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::bot::Bot;
use crate::config::{self, Config, ConfigErrors, Registry};

/// How often the file is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// A watch over one file.
pub(super) struct Watch {
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Watch {
    /// Watches the configuration at `path` for `bot`, which works with what `config` says.
    pub(super) fn start(path: PathBuf, config: &Config, bot: Arc<Bot>, registry: Registry) -> Self {
        let (stop, mut stopped) = watch::channel(());
        let mut seen = Some(config.source().to_owned());
        let task = tokio::spawn(async move {
            loop {
                tokio::select! {
                    () = tokio::time::sleep(LOOK) => {}
                    _ = stopped.changed() => return,
                }
                let now = std::fs::read_to_string(&path).ok();
                if now == seen {
                    continue;
                }
                // A file that cannot be read is said once, as a change is.
                let read = match &now {
                    Some(source) => config::parse(&path, source.clone()),
                    None => config::read(&path),
                };
                seen = now;
                let reloaded = match read {
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
