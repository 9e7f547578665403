//! A first configuration, with everything that it needs to be valid as it stands.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::config::{self, ConfigErrors};
use crate::dev;
use crate::manifest::{Transport, Uses, manifest};

const CONFIG: &str = include_str!("init/countersign.toml");
const SENTENCES: &str = include_str!("init/sentences.toml");
const DATABASE: &str = "example.db";

/// It cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// Something of that name is there, and may be somebody's work.
    #[error("there is {} already, so nothing was written; name another folder", .0.display())]
    Exists(PathBuf),
    /// The system does not let us write.
    #[error("the path {} cannot be written", path.display())]
    Io {
        /// What.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The example's database cannot be made.
    #[error("the example's database cannot be made")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The configuration does not hold with this name for the bot.
    #[error("the configuration does not hold")]
    Config(#[source] ConfigErrors),
}

/// Writes a configuration for a bot with this name into `folder`, sentences to test it with, its Slack app's
/// manifest, and the database that its commands are about, whose dates are counted from `now`. Gives the files.
///
/// # Errors
/// [`InitError`]: nothing that was there is ever written over.
pub async fn init(folder: &Path, bot: &str, now: Timestamp) -> Result<Vec<PathBuf>, InitError> {
    let path = |name: &str| folder.join(name);
    let config = CONFIG.replace("{{name}}", &toml::Value::from(bot).to_string());
    let parsed = config::parse(&path("countersign.toml"), config.clone()).map_err(InitError::Config)?;
    let app = manifest(&parsed, Uses::of(&parsed), &Transport::SocketMode).map_err(InitError::Config)?;
    let texts = [
        (path("countersign.toml"), config),
        (path("sentences.toml"), SENTENCES.to_owned()),
        (path("manifest.json"), format!("{app:#}\n")),
    ];
    let database = path(DATABASE);
    for there in texts.iter().map(|(path, _)| path).chain([&database]) {
        if there.symlink_metadata().is_ok() {
            return Err(InitError::Exists(there.clone()));
        }
    }
    let failed = |path: &Path, source| InitError::Io { path: path.to_owned(), source };
    std::fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
    for (path, text) in &texts {
        let mut file = new_file(path)?;
        file.write_all(text.as_bytes()).map_err(|source| failed(path, source))?;
    }
    dev::make_demo_database(&database, now).await.map_err(|error| InitError::Database(error.into()))?;
    Ok(texts.into_iter().map(|(path, _)| path).chain([database]).collect())
}

fn new_file(path: &Path) -> Result<File, InitError> {
    OpenOptions::new().write(true).create_new(true).open(path).map_err(|source| match source.kind() {
        ErrorKind::AlreadyExists => InitError::Exists(path.to_owned()),
        _ => InitError::Io { path: path.to_owned(), source },
    })
}
