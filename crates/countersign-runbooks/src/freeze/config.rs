use countersign_core::command::lock::{Lock, LockError};
use schemars::JsonSchema;
use serde::Deserialize;

/// A command's work on freezes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FreezeConfig {
    /// What it does: `begin` (the pattern needs `<duration:duration>` and `<reason...>`), `end`, or `list`.
    #[serde(rename = "do")]
    pub action: Do,
    /// What is frozen: the `lock` of the commands that are meant, `env <environment>`. Left out: everything.
    #[serde(default)]
    pub what: Option<String>,
    /// How many more others must sign for what is done all the same. Left out: nothing is done.
    #[serde(default)]
    pub others: Option<u8>,
}

/// What a command does about freezes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Do {
    /// Begins one.
    Begin,
    /// Ends one.
    End,
    /// Lists those that stand.
    List,
}

/// The configuration makes no runbook. Each says what to change.
#[derive(Debug, thiserror::Error)]
pub enum FreezeConfigError {
    /// An argument is missing.
    #[error("to begin a freeze, the pattern needs <duration:duration> and <reason...>; `{0}` is missing")]
    Missing(&'static str),
    /// What is frozen cannot be read.
    #[error("`what` does not hold: {0}")]
    What(#[from] LockError),
    /// What is frozen names what the command does not have.
    #[error("`what` names `{0}`, which is no argument of the pattern")]
    NoArgument(String),
}

/// What a configuration asks for, checked.
pub(super) struct Checked {
    pub(super) action: Do,
    pub(super) what: Option<Lock>,
    pub(super) others: Option<u8>,
}

impl FreezeConfig {
    pub(super) fn check(&self, arguments: &[String]) -> Result<Checked, FreezeConfigError> {
        let knows = |name: &str| arguments.iter().any(|argument| argument == name);
        if self.action == Do::Begin
            && let Some(missing) = ["duration", "reason"].into_iter().find(|name| !knows(name))
        {
            return Err(FreezeConfigError::Missing(missing));
        }
        let what = self.what.as_deref().map(Lock::new).transpose()?;
        if let Some(unknown) = what.iter().flat_map(Lock::arguments).find(|name| !knows(name)) {
            return Err(FreezeConfigError::NoArgument(unknown.to_owned()));
        }
        Ok(Checked { action: self.action, what, others: self.others })
    }
}
