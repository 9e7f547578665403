//! The configuration: one TOML file that says which commands there are, who
//! may run them, and what they do.
//!
//! [`File`] is what stands in the file, key by key; [`read`] checks all of it
//! and [`Config::rules`] connects it with the runbooks. Every error says the
//! file, the line and the column, and what to do.

mod audit;
mod aws;
mod compile;
mod duration;
mod error;
mod escalate;
mod file;
mod freeze;
mod ledger;
mod locate;
mod remote;
mod slack;
mod terminal;
mod whitelist;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws::{on_this_machine, table_name};
use compile::Means;

use countersign_core::ids::OrgId;
use countersign_engine::Rules;
use countersign_engine::ports::{Freezes, Runbook};

pub use error::{ConfigError, ConfigErrors};
pub use file::{Dynamodb, File, schema};
pub use ledger::Keeps;
pub use remote::{HttpWork, LambdaWork};
pub use terminal::{Person, Terminal, UnixUser};
#[cfg(feature = "aws")]
pub use whitelist::KeptWhitelist;

/// A checked configuration, not yet connected with databases and runbooks.
pub struct Config {
    path: PathBuf,
    source: String,
    file: File,
}

/// Runbooks written in Rust, by the name that a command's `runbook` key gives.
pub type Registry = BTreeMap<String, Arc<dyn Runbook>>;

/// Reads and checks a configuration file, without connecting to anything.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file.
pub fn read(path: &Path) -> Result<Config, ConfigErrors> {
    let source = match std::fs::read_to_string(path) {
        Ok(source) => source,
        Err(error) => return Err(ConfigErrors::unreadable(path, &error)),
    };
    parse(path, source)
}

/// Checks a configuration's text. `path` is for error messages, and relative
/// database files stand beside it.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file.
pub fn parse(path: &Path, source: String) -> Result<Config, ConfigErrors> {
    let file = toml::from_str::<File>(&source).map_err(|error| ConfigErrors::toml(path, &source, &error))?;
    let config = Config { path: path.to_owned(), source, file };
    config.catalog()?;
    Ok(config)
}

impl Config {
    /// What stands in the file.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The file's text, as it was when it was read.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// The rules that this configuration puts in force for the people of `home`.
    /// Databases are opened; they must exist.
    ///
    /// # Errors
    /// What is wrong with the configuration, its databases, or its commands' work.
    pub async fn rules(
        &self,
        home: OrgId,
        (registry, freezes): (&Registry, &Arc<dyn Freezes>),
    ) -> Result<Rules, ConfigErrors> {
        let catalog = self.catalog()?;
        let databases = self.open_databases().await?;
        let runbooks = self.runbooks(&catalog, &Means { databases, registry, freezes })?;
        self.try_out(&runbooks).await?;
        Ok(Rules {
            bot: self.file.bot.name.clone(),
            policy: self.policy(home),
            catalog: Arc::new(catalog),
            runbooks: Arc::new(runbooks),
        })
    }
}

#[cfg(test)]
#[path = "config/config_tests.rs"]
mod tests;
