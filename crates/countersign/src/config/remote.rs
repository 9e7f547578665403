//! Work that a runbook elsewhere does: `[command.http]` and `[command.lambda]`.

use std::sync::Arc;
use std::time::Duration;

use countersign_engine::causes;
use countersign_engine::ports::{Clock, Runbook};
use countersign_engine::system::SystemClock;
use countersign_runbooks::remote::{Http, RemoteRunbook, Settings, SharedSecret, Transport};
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::error::ConfigError;
use super::{Config, duration, on_this_machine};

/// How long an answer may take, where the command says nothing else.
const WITHIN: Duration = Duration::from_secs(30);
/// A shorter wait makes outcomes unknown that are merely slow.
const SHORTEST: SignedDuration = SignedDuration::from_secs(1);
/// No function in AWS Lambda runs longer; longer work goes on in parts.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);

#[cfg(not(feature = "aws"))]
const NOT_BUILT: &str = "This countersign was built without AWS Lambda. Build one with it: \
                         cargo build --release -p countersign --features aws";

/// A command's work, done by a runbook that is reached over HTTP.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HttpWork {
    /// Where it is: an https address, or http on this machine.
    #[schemars(with = "String")]
    pub url: Spanned<String>,
    /// Its name at the other side.
    pub runbook: String,
    /// The environment variable with the secret that requests are signed with, 16 characters or more. Left out:
    /// requests are not signed.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub secret_env: Option<Spanned<String>>,
    /// How long an answer may take: `30s`. Later than that, what was applied is an unknown outcome.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub timeout: Option<Spanned<String>>,
    /// Does it never change anything? The runbook must say so itself as well. `risk = "read"` needs it.
    #[serde(default)]
    pub only_reads: bool,
}

/// A command's work, done by a runbook in AWS Lambda.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LambdaWork {
    /// The function's name or ARN; a version or an alias may follow a colon.
    #[schemars(with = "String")]
    pub function: Spanned<String>,
    /// Its name at the other side.
    pub runbook: String,
    /// AWS's region; left out, the environment's or the profile's.
    #[serde(default)]
    pub region: Option<String>,
    /// An emulator's address on this machine, `http://127.0.0.1:…`; never sent anybody's credentials.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// How long an answer may take: `30s`. Later than that, what was applied is an unknown outcome.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub timeout: Option<Spanned<String>>,
    /// Does it never change anything? The runbook must say so itself as well. `risk = "read"` needs it.
    #[serde(default)]
    pub only_reads: bool,
}

impl Config {
    /// What is wrong with work elsewhere, as far as the file alone says it.
    pub(super) fn remote_errors(&self) -> Vec<ConfigError> {
        let mut errors = Vec::new();
        for command in &self.file.command {
            if let Some(work) = &command.http {
                if let Err(error) = Http::address(work.url.get_ref()) {
                    errors.push(self.at(&work.url, format!("Its runbook is not reached so: {error}.")));
                }
                errors.extend(self.timing_error(work.timeout.as_ref()));
            }
            if let Some(work) = &command.lambda {
                #[cfg(not(feature = "aws"))]
                errors.push(self.at(&work.function, NOT_BUILT));
                errors.extend(wrong_with(work).map(|sentence| self.at(&work.function, sentence)));
                errors.extend(self.timing_error(work.timeout.as_ref()));
            }
        }
        errors
    }

    fn timing_error(&self, timeout: Option<&Spanned<String>>) -> Option<ConfigError> {
        let timeout = timeout?;
        within(Some(timeout)).err().map(|sentence| self.at(timeout, sentence))
    }

    /// The runbook behind an address.
    pub(super) fn over_http(&self, work: &HttpWork) -> Result<Arc<dyn Runbook>, ConfigError> {
        let secret = work.secret_env.as_ref().map(|name| self.secret(name)).transpose()?;
        let http = Http::new(work.url.get_ref(), secret).map_err(|error| {
            self.at(&work.url, format!("Its runbook is not reached so: {}.", causes::line(&error)))
        })?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let settings = Settings {
            runbook: work.runbook.clone(),
            within: patience(work.timeout.as_ref()),
            only_reads: work.only_reads,
        };
        Ok(remote(settings, Arc::new(http.at(Arc::clone(&clock))), clock))
    }

    /// The runbook in AWS Lambda.
    #[cfg(feature = "aws")]
    #[expect(clippy::unnecessary_wraps, reason = "without the feature it fails")]
    pub(super) fn in_lambda(&self, work: &LambdaWork) -> Result<Arc<dyn Runbook>, ConfigError> {
        use countersign_runbooks::remote::{Function, Lambda};
        let function = Function {
            name: work.function.get_ref().clone(),
            region: work.region.clone(),
            endpoint: work.endpoint.clone(),
        };
        let settings = Settings {
            runbook: work.runbook.clone(),
            within: patience(work.timeout.as_ref()),
            only_reads: work.only_reads,
        };
        Ok(remote(settings, Arc::new(Lambda::new(function)), Arc::new(SystemClock)))
    }

    /// The runbook in AWS Lambda, which this program cannot reach.
    #[cfg(not(feature = "aws"))]
    pub(super) fn in_lambda(&self, work: &LambdaWork) -> Result<Arc<dyn Runbook>, ConfigError> {
        Err(self.at(&work.function, NOT_BUILT))
    }

    /// The secret in the environment variable that the file names. No sentence holds any of it.
    fn secret(&self, name: &Spanned<String>) -> Result<SharedSecret, ConfigError> {
        let variable = name.get_ref();
        let Some(value) = std::env::var_os(variable).filter(|value| !value.is_empty()) else {
            let sentence = format!("The environment has no `{variable}`: put the runbook's secret into it.");
            return Err(self.at(name, sentence));
        };
        SharedSecret::new(&value.to_string_lossy()).ok_or_else(|| {
            let sentence = format!(
                "`{variable}` holds less than 16 characters, which can be guessed. Make a secret with \
                 `openssl rand -hex 32`, and give it to both sides."
            );
            self.at(name, sentence)
        })
    }
}

fn remote(settings: Settings, transport: Arc<dyn Transport>, clock: Arc<dyn Clock>) -> Arc<dyn Runbook> {
    Arc::new(RemoteRunbook::new(settings, transport, clock))
}

/// How long an answer is waited for. What is wrong with it was said when the configuration was read.
fn patience(timeout: Option<&Spanned<String>>) -> Duration {
    within(timeout).unwrap_or(WITHIN)
}

fn within(timeout: Option<&Spanned<String>>) -> Result<Duration, String> {
    let Some(timeout) = timeout else { return Ok(WITHIN) };
    let text = timeout.get_ref();
    let timeout = duration::parse(text).map_err(|why| format!("{why}."))?;
    match (SHORTEST..=LONGEST).contains(&timeout) {
        true => Ok(timeout.unsigned_abs()),
        false => Err(format!("An answer may take from 1s to 15m, and `{text}` is not between.")),
    }
}

/// AWS's own rule for what names a function, loosely: nothing that would change the address that is called.
fn wrong_with(work: &LambdaWork) -> Option<String> {
    let name = work.function.get_ref();
    let is_name = (1..=170).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':' | '$'));
    if !is_name {
        return Some(format!("`{name}` is no name and no ARN of a function in AWS Lambda."));
    }
    on_this_machine(work.endpoint.as_deref()?)
}

#[cfg(test)]
#[path = "remote_tests.rs"]
mod tests;
