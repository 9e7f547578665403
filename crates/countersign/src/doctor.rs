//! The doctor: is everything there and as it should be, from the configuration to Slack?
//!
//! [`examine`] asks one thing after the other and changes nothing. Each answer is a [`Finding`]: a line for a
//! person, with what to do where something is wrong.

mod advice;
mod channels;
mod finding;
mod ledger;
mod people;
mod quorums;
mod slack;
mod socket;
#[cfg(test)]
mod tests;
#[cfg(feature = "aws")]
mod whitelist;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_core::ids::OrgId;
use countersign_engine::memory::MemoryFreezes;
use countersign_engine::ports::{Clock, Freezes};

use crate::config::{self, Config, ConfigErrors};
use crate::dev;
use crate::tokens::{Source, Tokens};
use crate::whitelist::Kept;
pub use finding::{Finding, Findings, Verdict};

/// What to look at.
pub struct Patient {
    /// The configuration file.
    pub config: PathBuf,
    /// The ledger's file.
    pub ledger: PathBuf,
    /// Where the tokens are; `None` leaves Slack out.
    pub tokens: Option<Source>,
    /// The Web API's address.
    pub api_url: String,
    /// How the bot is going to hear.
    pub hears: Ears,
    /// What Slack's clock is compared with.
    pub clock: Arc<dyn Clock>,
}

/// How the bot is going to hear what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ears {
    /// Over connections that it opens: it needs the app's token.
    SocketMode,
    /// Over requests that come in: it needs the signing secret.
    Http,
}

/// Looks at everything.
///
/// # Errors
/// What is wrong with the configuration; then there is nothing more to look at.
pub async fn examine(patient: &Patient) -> Result<Findings, ConfigErrors> {
    let config = config::read(&patient.config)?;
    let mut findings = Findings::default();
    findings.add(configuration(&config, &patient.config).await?);
    findings.extend(quorums::examine(&config)?);
    findings.add(ledger::examine(&config, patient).await);
    #[cfg(feature = "aws")]
    findings.extend(whitelist::examine(&config, patient).await);
    match &patient.tokens {
        None => findings.add(Finding::skipped("Slack", "Not looked at: --offline says so.")),
        Some(source) if source.is_nowhere() => findings.add(Finding::skipped("Slack", NO_TOKENS)),
        Some(source) => match slack::tokens(source, patient.hears, &mut findings) {
            Some(tokens) => in_slack((&config, patient), &tokens, &mut findings).await?,
            None => findings.add(Finding::skipped("Slack", "Not looked at without its tokens.")),
        },
    }
    Ok(findings)
}

const NO_TOKENS: &str = "Not looked at: there are no tokens here. Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or name \
                         a file with --tokens. To leave Slack out on purpose, say --offline.";

/// It has been read; does it fit together with its databases and runbooks?
async fn configuration(config: &Config, path: &Path) -> Result<Finding, ConfigErrors> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    // Whose people may vote makes no difference to whether the rules fit together.
    let freezes: Arc<dyn Freezes> = Arc::new(MemoryFreezes::default());
    let registry = Kept::of(config).added_to(dev::registry(folder));
    let rules = config.rules(OrgId::new("T0"), (&registry, &freezes)).await?;
    let number = rules.catalog.commands().len();
    let commands = if number == 1 { "1 command".to_owned() } else { format!("{number} commands") };
    let sentence = format!("{} holds: {commands}, and what they need is there.", path.display());
    Ok(Finding::fine("configuration", sentence))
}

/// What only Slack can tell. Without an answer to the first question there are no others.
async fn in_slack(
    (config, patient): (&Config, &Patient),
    tokens: &Tokens,
    findings: &mut Findings,
) -> Result<(), ConfigErrors> {
    let Some(api) = slack::client(patient, tokens, findings) else { return Ok(()) };
    let Some(me) = slack::token(&api, (config, patient.hears), findings).await else { return Ok(()) };
    if let (Ears::SocketMode, Some(app)) = (patient.hears, &tokens.app) {
        findings.add(socket::examine(&api.with_token(app.clone())).await);
    }
    findings.extend(channels::examine(&api, config).await?);
    findings.extend(people::examine((&api, &me, patient), config).await);
    Ok(())
}
