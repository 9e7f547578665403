//! A typed no, for the person who asked. What it says is written in [`crate::reply`].

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Standing;
use crate::ids::{ChannelId, GroupName};
use crate::router::Problem;

/// Why not. A value, never an error: nothing is broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    /// No command that the person may know of says this.
    Unknown {
        /// Usages of commands that come near and that the person may run here.
        nearest: Vec<String>,
    },
    /// The words lead to a command, but an argument is wrong or missing.
    Malformed {
        /// The command's usage.
        usage: String,
        /// A sentence that works.
        example: Option<String>,
        /// What is wrong.
        problems: Vec<Problem>,
    },
    /// The sentence cannot be read at all: too long, a quotation mark without its twin.
    Unreadable {
        /// What is wrong and what to do, as a sentence.
        sentence: String,
    },
    /// The command is not available in this channel. Said in the words of `Unknown`: channels keep their secrets.
    NotHere,
    /// The channel is shared with another organisation, and the configuration does not say that this is meant.
    SharedChannel,
    /// The bot cannot see the channel, so that nobody knows who is in it.
    UnseenChannel,
    /// This kind of account never runs or signs anything.
    NotYou {
        /// The account's standing.
        standing: Standing,
    },
    /// The configuration does not list this person.
    NotListed,
    /// Only members of certain groups may.
    NotInGroup {
        /// Any of these would do.
        groups: BTreeSet<GroupName>,
    },
    /// The runbook looked and says that it cannot be done.
    Blocked {
        /// Why, as a sentence for the person.
        sentence: String,
    },
    /// The request or its plan is more than a card shows, and nobody signs what they cannot see.
    TooLarge,
    /// It is frozen, and nothing is done all the same.
    Frozen {
        /// What is frozen.
        what: String,
        /// Until when (UTC).
        until: Timestamp,
        /// Why, in somebody's words.
        reason: String,
    },
    /// The operation does not wait for votes any more.
    NotOpen,
    /// A vote for another plan than the one that stands.
    OutdatedPlan,
    /// The caller of a destructive command signs by typing the target's name.
    MustType,
    /// A vote from before the plan could be seen.
    TooEarly,
    /// Only the person who asked for it may cancel it.
    NotYours,
    /// It runs already, or it is over.
    TooLate,
    /// What became of it is known, or its review is closed.
    NothingOpen,
    /// Somebody other than its caller has to say so.
    NotByItsCaller,
    /// This is not for terminals, or not for this person at one.
    NotAtTerminal,
    /// Of several channels, the person has to say which.
    WhichChannel {
        /// The channels.
        channels: BTreeSet<ChannelId>,
    },
    /// There is no rule by which this could be done with fewer signatures.
    NoBreakGlass,
    /// The reason of an emergency says too little, or too much.
    NoReason,
    /// What was typed to confirm is not the target's name.
    WrongName {
        /// What should have been typed.
        expected: String,
    },
}
