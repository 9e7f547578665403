//! The yes of policy, as a value that the next stage demands.

use serde_json::Value;

use super::{Ask, Freeze};
use crate::approval::Quorum;
use crate::command::spec::CommandName;
use crate::ids::{ChannelId, LockKey, PersonId};

/// Policy's yes to one command with one set of arguments for one caller.
///
/// Only [`Policy::permit`](super::Policy::permit) makes one, and a runbook takes
/// its arguments from nowhere else, so that forgetting the check, or checking
/// other arguments than those that run, does not compile.
#[derive(Debug, Clone, PartialEq)]
pub struct Permit {
    command: CommandName,
    args: Value,
    caller: PersonId,
    caller_name: String,
    channel: ChannelId,
    quorum: Quorum,
    lock: Option<LockKey>,
    frozen: Vec<Freeze>,
}

impl Permit {
    pub(super) fn new(ask: &Ask<'_>, quorum: Quorum, frozen: Vec<Freeze>) -> Self {
        Self {
            command: ask.spec.name.clone(),
            args: ask.args.clone(),
            caller: ask.person.id.clone(),
            caller_name: ask.person.name.clone(),
            channel: ask.place.channel.clone(),
            quorum,
            lock: ask.spec.lock.as_ref().map(|lock| lock.key(ask.args)),
            frozen,
        }
    }

    /// The command that may run.
    pub fn command(&self) -> &CommandName {
        &self.command
    }

    /// The arguments with which it may run: a JSON object by argument name.
    pub fn args(&self) -> &Value {
        &self.args
    }

    /// The person for whom it may run.
    pub fn caller(&self) -> &PersonId {
        &self.caller
    }

    /// What to call that person in texts.
    pub fn caller_name(&self) -> &str {
        &self.caller_name
    }

    /// The channel for which it may run.
    pub fn channel(&self) -> &ChannelId {
        &self.channel
    }

    /// What it does not share with another operation while it runs.
    pub fn lock(&self) -> Option<&LockKey> {
        self.lock.as_ref()
    }

    /// The freezes that it goes against, for which more people have to sign.
    pub fn frozen(&self) -> &[Freeze] {
        &self.frozen
    }

    /// The signatures that it needs first.
    pub fn quorum(&self) -> &Quorum {
        &self.quorum
    }
}
