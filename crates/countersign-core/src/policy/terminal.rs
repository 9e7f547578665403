//! What is asked for at a terminal, and what is done in an emergency. Without a word of the configuration, neither.

use std::collections::BTreeSet;

use crate::approval::Quorum;
use crate::command::spec::{CommandName, Scope, Spec};
use crate::ids::{ChannelId, GroupName, UserId};

/// How something is asked for, or signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// In the chat product.
    #[default]
    Chat,
    /// At a terminal.
    Terminal,
    /// At a terminal, in an emergency.
    Emergency,
}

/// What may be run and signed at a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terminal {
    /// People of the home workspace who may. While the chat product cannot be asked, the configuration vouches for
    /// them.
    pub people: BTreeSet<UserId>,
    /// The channels whose commands they may run and sign.
    pub channels: Scope<ChannelId>,
}

impl Default for Terminal {
    /// Nobody, and nothing.
    fn default() -> Self {
        Self { people: BTreeSet::new(), channels: Scope::Only(BTreeSet::new()) }
    }
}

/// Who may do what with fewer signatures in an emergency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakGlass {
    /// Members of any of these groups; with none, nobody.
    pub who: BTreeSet<GroupName>,
    /// So many other people must sign, where the command asks for as many or more.
    pub others: u8,
    /// These commands.
    pub commands: BTreeSet<CommandName>,
    /// And all commands of these channels.
    pub channels: Scope<ChannelId>,
    /// People who are told, one by one.
    pub notify: BTreeSet<UserId>,
    /// Where it is told; `None`: where the command belongs.
    pub channel: Option<ChannelId>,
}

impl BreakGlass {
    /// Is it for this command, asked for in this channel?
    pub(super) fn is_for(&self, spec: &Spec, channel: &ChannelId) -> bool {
        self.commands.contains(&spec.name) || self.channels.contains(channel)
    }

    /// The signatures that are left of a command's own. Somebody always signs. Where fewer people sign than there
    /// are groups to represent, anyone may who may run the command.
    pub(super) fn lowered(&self, quorum: Quorum) -> Quorum {
        if !quorum.is_needed() {
            return quorum;
        }
        let others = u8::try_from(quorum.others_needed()).unwrap_or(u8::MAX).min(self.others);
        let from = if usize::from(others) < quorum.from.len() { BTreeSet::new() } else { quorum.from };
        Quorum { caller: true, others, from }
    }
}
