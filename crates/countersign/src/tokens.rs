//! The three secrets that Slack gives an app, the key of a ledger in Slack itself, and where all of them are kept.
//!
//! They come from the environment (`SLACK_BOT_TOKEN`, `SLACK_APP_TOKEN`, `SLACK_SIGNING_SECRET`,
//! `COUNTERSIGN_LEDGER_KEY`), from files that the environment names (`SLACK_BOT_TOKEN_FILE` …), or from one JSON
//! file `{"bot_token": "xoxb-…", "app_token": "xapp-…", "signing_secret": "…", "ledger_key": "…"}`. A file can change while the
//! program runs: [`watch`] notices it.
//!
//! No message of this module holds any part of a secret.

mod error;
mod kind;
mod read;
#[cfg(test)]
mod tests;
mod watch;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use countersign_slack::Secret;
use countersign_store::LedgerKey;

pub use error::TokenError;
pub use kind::Kind;
pub use watch::watch;

/// The secrets of one app in one workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// The bot's token, `xoxb-…`.
    pub bot: Secret,
    /// The app's token for Socket Mode, `xapp-…`.
    pub app: Option<Secret>,
    /// What Slack signs its HTTP requests with.
    pub signing_secret: Option<Secret>,
}

impl Tokens {
    /// The app's token, which Socket Mode needs.
    ///
    /// # Errors
    /// [`TokenError::Missing`], when there is none.
    pub fn for_socket_mode(&self) -> Result<&Secret, TokenError> {
        self.app.as_ref().ok_or(TokenError::Missing(Kind::App))
    }

    /// The signing secret, which requests over HTTP need.
    ///
    /// # Errors
    /// [`TokenError::Missing`], when there is none.
    pub fn for_http(&self) -> Result<&Secret, TokenError> {
        self.signing_secret.as_ref().ok_or(TokenError::Missing(Kind::SigningSecret))
    }
}

/// Where the secrets are kept.
#[derive(Debug, Clone)]
pub struct Source(Kept);

#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "there is one in the whole program")]
enum Kept {
    /// All of them in one JSON file.
    Json(PathBuf),
    /// Each for itself.
    Apart { bot: Place, app: Place, signing_secret: Place, ledger_key: Place },
}

/// Where one secret is kept.
#[derive(Debug, Clone)]
enum Place {
    Nowhere,
    /// In a variable. The value is hidden from the moment that it is read.
    Variable(Result<Secret, TokenError>),
    /// In the file that this variable names.
    File {
        name: String,
        path: PathBuf,
    },
    /// In two places at once.
    Twice {
        name: String,
    },
}

impl Source {
    /// The JSON file, if one is given, and else the program's environment.
    pub fn from_environment(file: Option<&Path>) -> Self {
        let named = std::env::var_os("COUNTERSIGN_TOKENS_FILE").filter(|value| !value.is_empty());
        match file.map(Path::to_owned).or(named.map(PathBuf::from)) {
            Some(file) => Self::file(file),
            None => Self::variables(&|name| std::env::var_os(name)),
        }
    }

    /// One JSON file with all of them.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Kept::Json(path.into()))
    }

    /// An environment's variables, as `value_of` knows them.
    pub fn variables(value_of: &dyn Fn(&str) -> Option<OsString>) -> Self {
        let place = |kind: Kind| Place::find(kind, value_of);
        Self(Kept::Apart {
            bot: place(Kind::Bot),
            app: place(Kind::App),
            signing_secret: place(Kind::SigningSecret),
            ledger_key: place(Kind::LedgerKey),
        })
    }

    /// Does nothing say where any secret is? Then nobody meant the program to have one.
    pub fn is_nowhere(&self) -> bool {
        let nowhere = |place: &Place| matches!(place, Place::Nowhere);
        match &self.0 {
            Kept::Json(_) => false,
            Kept::Apart { bot, app, signing_secret, .. } => {
                [bot, app, signing_secret].into_iter().all(nowhere)
            }
        }
    }

    /// Can it say something else later, while the program runs?
    pub fn can_change(&self) -> bool {
        !self.files().is_empty()
    }

    /// Reads the secrets. A file that anybody on this machine may read is warned of in the log.
    ///
    /// # Errors
    /// [`TokenError`]: there is no bot token, or one of them is not what it should be.
    pub fn load(&self) -> Result<Tokens, TokenError> {
        for path in self.exposed() {
            tracing::warn!("{}", exposed_sentence(path));
        }
        match &self.0 {
            Kept::Json(path) => read::json(path),
            Kept::Apart { bot, app, signing_secret, .. } => Ok(Tokens {
                bot: bot.read(Kind::Bot)?.ok_or(TokenError::Missing(Kind::Bot))?,
                app: app.read(Kind::App)?,
                signing_secret: signing_secret.read(Kind::SigningSecret)?,
            }),
        }
    }

    /// The key of the ledger, where Slack itself is the ledger. Another one in a file is taken at the next start.
    ///
    /// # Errors
    /// [`TokenError`]: there is none, or it is too short.
    pub fn ledger_key(&self) -> Result<LedgerKey, TokenError> {
        let secret = match &self.0 {
            Kept::Json(path) => read::json_secret(path, Kind::LedgerKey)?,
            Kept::Apart { ledger_key, .. } => ledger_key.read(Kind::LedgerKey)?,
        };
        let secret = secret.ok_or(TokenError::Missing(Kind::LedgerKey))?;
        LedgerKey::new(secret.reveal()).map_err(TokenError::LedgerKey)
    }

    /// The files that hold secrets and that anybody on this machine may read.
    pub fn exposed(&self) -> Vec<&Path> {
        self.files().into_iter().filter(|path| read::is_open_to_all(path)).collect()
    }

    fn files(&self) -> Vec<&Path> {
        match &self.0 {
            Kept::Json(path) => vec![path],
            Kept::Apart { bot, app, signing_secret, ledger_key } => {
                [bot, app, signing_secret, ledger_key].into_iter().filter_map(Place::file).collect()
            }
        }
    }
}

/// What is wrong with a file that anybody may read, and what to do.
pub fn exposed_sentence(path: &Path) -> String {
    let path = path.display();
    format!("{path} holds secrets, and anybody on this machine may read it: chmod 600 {path}")
}

impl Place {
    fn find(kind: Kind, value_of: &dyn Fn(&str) -> Option<OsString>) -> Self {
        let name = kind.variable().to_owned();
        let file = format!("{name}_FILE");
        match (value_of(&name), value_of(&file)) {
            (None, None) => Self::Nowhere,
            (Some(value), None) => Self::Variable(read::secret(kind, &name, &value.to_string_lossy())),
            (None, Some(path)) => Self::File { name: file, path: path.into() },
            (Some(_), Some(_)) => Self::Twice { name },
        }
    }

    fn read(&self, kind: Kind) -> Result<Option<Secret>, TokenError> {
        match self {
            Self::Nowhere => Ok(None),
            Self::Variable(value) => value.clone().map(Some),
            Self::File { name, path } => read::file(kind, name, path).map(Some),
            Self::Twice { name } => Err(TokenError::Twice { variable: name.clone() }),
        }
    }

    fn file(&self) -> Option<&Path> {
        match self {
            Self::File { path, .. } => Some(path),
            _ => None,
        }
    }
}
