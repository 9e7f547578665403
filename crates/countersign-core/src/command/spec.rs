//! What the author of a command declares.

use std::collections::BTreeSet;
use std::fmt;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::escalation::Escalation;
use super::lock::Lock;
use crate::approval::Quorum;
use crate::ids::{ChannelId, GroupName};

/// One command: its sentence, who may say it, who must sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// The command's name in policy, audit and logs.
    pub name: CommandName,
    /// The sentence, in the grammar of [`crate::command::pattern`].
    pub pattern: String,
    /// What it does, in one sentence for the people who use it.
    pub description: String,
    /// Sentences that run it, for help and for the catalog's own check.
    pub examples: Vec<String>,
    /// Where it may be said.
    pub channels: Scope<ChannelId>,
    /// Who may say it: members of any of these groups. Empty means: everyone who may speak in the channel.
    pub groups: BTreeSet<GroupName>,
    /// How much harm it can do.
    pub risk: Risk,
    /// Who must sign before it runs.
    pub quorum: Quorum,
    /// Arguments whose size asks for more signatures.
    pub escalations: Vec<Escalation>,
    /// How long signatures may take, from the plan on.
    pub approve_within: SignedDuration,
    /// How long after the last signature the work may still start.
    pub run_within: SignedDuration,
    /// What no other operation may work on while this one runs.
    pub lock: Option<Lock>,
    /// Is its work to begin and end freezes? Then it is never frozen itself.
    pub freezing: bool,
}

/// A command's name: lower-case words joined by `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CommandName(String);

impl CommandName {
    /// A name from its text.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// A name from the literal words of a pattern: `set <subdomain> trial` becomes `set-trial`.
    pub fn from_pattern(pattern: &str) -> Self {
        let mut words = Vec::new();
        let mut depth = 0_i32;
        let mut word = String::new();
        for c in pattern.chars().chain([' ']) {
            match c {
                '<' => depth += 1,
                '>' => depth -= 1,
                c if depth == 0 && (c.is_alphanumeric() || c == '-') => word.extend(c.to_lowercase()),
                _ if depth == 0 && !word.is_empty() => words.push(std::mem::take(&mut word)),
                _ => {}
            }
        }
        Self(words.join("-"))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CommandName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who or what a rule lets through. Nothing is let through by leaving a list empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope<T: Ord> {
    /// Said in so many words: `["*"]`.
    Everyone,
    /// These and no others; an empty set lets nobody through.
    Only(BTreeSet<T>),
}

impl<T: Ord> Scope<T> {
    /// Is `one` let through?
    pub fn contains(&self, one: &T) -> bool {
        match self {
            Self::Everyone => true,
            Self::Only(set) => set.contains(one),
        }
    }
}

/// How much harm a command can do. It sets how many people must sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Changes nothing: answered at once.
    Read,
    /// The caller confirms.
    Low,
    /// The caller and one other person sign.
    High,
    /// The caller, who types the target's name, and two other people sign.
    Destructive,
}

impl Risk {
    /// The signatures that this risk asks for, where the command says nothing else.
    pub fn quorum(self) -> Quorum {
        let (caller, others) = match self {
            Self::Read => (false, 0),
            Self::Low => (true, 0),
            Self::High => (true, 1),
            Self::Destructive => (true, 2),
        };
        Quorum { caller, others, from: BTreeSet::new() }
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Low => "low",
            Self::High => "high",
            Self::Destructive => "destructive",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_the_literal_words() {
        let pattern = "set <subdomain:slug> trial remaining to <days:int(1..=90)> days";
        assert_eq!(CommandName::from_pattern(pattern).as_str(), "set-trial-remaining-to-days");
        assert_eq!(CommandName::from_pattern("say [\"<note>\"] (now|later)").as_str(), "say-now-later");
    }

    #[test]
    fn an_empty_list_lets_nobody_through() {
        assert!(!Scope::Only(BTreeSet::new()).contains(&ChannelId::new("C1")));
        assert!(Scope::Everyone.contains(&ChannelId::new("C1")));
    }
}
