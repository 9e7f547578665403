//! What happened, as the world saw it: the checker's only source, beside the ledger's records.

use countersign_core::envelope::Envelope;
use countersign_core::ids::{MessageId, OperationId};
use countersign_core::plan::Fingerprint;
use jiff::Timestamp;

use crate::office::Known;

/// The number of what happened: everything that changes the world gets the next one.
pub type Tick = u64;

/// One start of one replica.
pub type Life = usize;

/// A history.
#[derive(Debug, Default)]
pub struct History {
    /// The sentences.
    pub asks: Vec<Ask>,
    /// What people did, sentences included.
    pub acts: Vec<Act>,
    /// Who wrote which record when.
    pub chains: Vec<Chain>,
    /// Calls of a runbook to do its work.
    pub work: Vec<Work>,
    /// Every start of an engine: its replica, and when it was gone again.
    pub lives: Vec<(usize, Option<Tick>)>,
    /// Does one engine alone write to the ledger?
    pub is_alone: bool,
    /// How often a port lied about what it had done, or did nothing.
    pub faults: usize,
    /// How often the chat refused.
    pub refusals: usize,
    /// How often an engine was frozen.
    pub freezes: usize,
}

/// A sentence that somebody said.
#[derive(Debug)]
pub struct Ask {
    /// The command in it.
    pub known: &'static Known,
    /// What it is about.
    pub target: &'static str,
    /// Who said it.
    pub person: usize,
    /// Its message; a slash command has none before the bot posts it.
    pub root: Option<MessageId>,
    /// The act of saying it.
    pub act: usize,
    /// Answers that stand in the thread and are no card.
    pub answers: Vec<Tick>,
    /// The bot tried to say that something on its side is broken.
    pub apologies: usize,
}

/// Something that a person did.
#[derive(Debug)]
pub struct Act {
    /// When.
    pub tick: Tick,
    /// When (UTC).
    pub at: Timestamp,
    /// Who.
    pub person: usize,
    /// About which sentence.
    pub ask: usize,
    /// What.
    pub did: Did,
    /// How the engine hears of it.
    pub envelope: Envelope,
    /// Its natural key.
    pub key: String,
    /// When the transport got its first acknowledgement.
    pub acked: Option<Tick>,
    /// When the inbox was first told that it needs no more work.
    pub done: Option<Tick>,
    /// How often it was handed over.
    pub deliveries: u32,
}

/// What a person did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// They said the sentence.
    Asked,
    /// They pressed the button of this plan.
    Signed(Fingerprint),
    /// They typed the target's name for this plan.
    Typed(Fingerprint),
    /// They pressed the button that says no.
    Objected,
    /// They put a reaction on a message, or took one away; the messages know which.
    Reacted,
    /// They took a reaction away.
    TookBack,
    /// They said why.
    Explained,
    /// They said that it is not to run.
    Cancelled,
    /// They said what became of it.
    Resolved,
}

/// The writers of an operation's records, in their order.
#[derive(Debug)]
pub struct Chain {
    /// The operation.
    pub operation: OperationId,
    /// When each record was written, and by whom.
    pub written: Vec<(Tick, Life)>,
    /// Nobody knows what became of it, and nobody has said so yet.
    pub is_unknown: bool,
    /// When it was closed.
    pub closed: Option<Tick>,
}

/// One call of a runbook to do its work.
#[derive(Debug)]
pub struct Work {
    /// When it was called.
    pub called: Tick,
    /// When it was called (UTC).
    pub called_at: Timestamp,
    /// When it changed something; `None`: it did not.
    pub changed: Option<Tick>,
    /// By whom.
    pub life: Life,
    /// For which operation.
    pub operation: OperationId,
    /// Which part of it.
    pub part: u32,
    /// What was asked for: the fingerprint of the command, its arguments and the plan that was handed over.
    pub fingerprint: Fingerprint,
    /// The plan's word on the target before the change.
    pub before: Option<String>,
}

impl History {
    /// The chain of an operation.
    pub fn chain(&mut self, operation: &OperationId) -> &mut Chain {
        let place = match self.chains.iter().position(|chain| chain.operation == *operation) {
            Some(place) => place,
            None => {
                let operation = operation.clone();
                self.chains.push(Chain { operation, written: Vec::new(), is_unknown: false, closed: None });
                self.chains.len() - 1
            }
        };
        #[expect(clippy::indexing_slicing, reason = "the place was found or made above")]
        &mut self.chains[place]
    }

    /// How many engines died before the end.
    pub fn deaths(&self) -> usize {
        self.lives.iter().filter(|(_, died)| died.is_some()).count()
    }
}
