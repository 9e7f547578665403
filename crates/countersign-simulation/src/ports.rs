//! The engine's ports onto the simulated world. Every call passes the [gate](crate::gate).

mod chat;
mod clock;
mod directory;
mod freezes;
mod inbox;
mod ledger;
mod runbook;

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_core::command::spec::CommandName;
use countersign_engine::Rules;
use countersign_engine::memory::{MemoryInbox, MemoryLedger};
use countersign_engine::pipeline::Ports;
use countersign_engine::ports::{Inbox, Runbook};

use crate::gate::Port;
use crate::office::{self, COMMANDS};

/// What outlives every engine: the stores.
#[derive(Debug, Clone)]
pub struct Stores {
    /// The ledger.
    pub ledger: Arc<MemoryLedger>,
    /// The inbox.
    pub inbox: Arc<MemoryInbox>,
}

/// One engine's ports.
pub fn ports(port: &Port, stores: &Stores) -> Ports {
    let world = clock::World(port.clone());
    Ports {
        chat: Arc::new(chat::Voice(port.clone())),
        directory: Arc::new(directory::People(port.clone())),
        freezes: Arc::new(freezes::Bans(port.clone())),
        ledger: Arc::new(ledger::Books { port: port.clone(), ledger: Arc::clone(&stores.ledger) }),
        clock: Arc::new(world.clone()),
        ids: Arc::new(world),
    }
}

/// One engine's inbox.
pub fn inbox(port: &Port, stores: &Stores) -> Arc<dyn Inbox> {
    Arc::new(inbox::Tray { port: port.clone(), inbox: Arc::clone(&stores.inbox) })
}

/// The rules, with one engine's way to what commands work on.
pub fn rules(port: &Port) -> Rules {
    let runbooks: BTreeMap<CommandName, Arc<dyn Runbook>> = COMMANDS
        .iter()
        .map(|known| {
            let work: Arc<dyn Runbook> = Arc::new(runbook::Work { port: port.clone(), known });
            (CommandName::new(known.name), work)
        })
        .collect();
    Rules {
        bot: "Bot".to_owned(),
        catalog: office::catalog(),
        policy: office::policy(),
        runbooks: runbooks.into(),
    }
}
