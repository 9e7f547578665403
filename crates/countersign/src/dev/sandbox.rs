//! The sandbox account of the demo: a whitelist with security groups that exist in memory alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_core::ids::ChannelId;
use countersign_engine::ports::Clock;
use ip_whitelist_manager::Whitelist;
use ip_whitelist_manager::commands::{MOST_PER_PERSON, Office};
use ip_whitelist_manager::domain::{Environment, Terms};
use ip_whitelist_manager::sandbox::{self, SandboxFirewall, SandboxTable};
use tokio::task::JoinHandle;

use crate::bot::Bot;
use crate::config::Registry;
use crate::whitelist::{ChannelNotices, runbooks};

/// Where the demo's engineers work.
const CHANNEL: &str = "C0DEVELOPERS";

/// The sandbox account.
pub struct Sandbox {
    /// The whitelist's table.
    pub table: Arc<SandboxTable>,
    /// The security groups.
    pub firewall: Arc<SandboxFirewall>,
    notices: Arc<ChannelNotices>,
    whitelist: Whitelist,
}

impl Sandbox {
    /// The account of the demo, at its beginning.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let (table, firewall) = (Arc::new(SandboxTable::default()), Arc::new(sandbox::demo()));
        let notices = Arc::new(ChannelNotices::new(ChannelId::new(CHANNEL)));
        let whitelist = Whitelist {
            table: Arc::clone(&table) as _,
            firewall: Arc::clone(&firewall) as _,
            notices: Arc::clone(&notices) as _,
            clock,
            terms: Terms::default(),
        };
        Self { table, firewall, notices, whitelist }
    }

    /// Its commands as runbooks: `sandbox.whitelist.add`, so that nobody takes them for those of a real account.
    pub fn runbooks(&self) -> Registry {
        let office = Office {
            whitelist: self.whitelist.clone(),
            default_environment: Some(Environment::new("dev")),
            by_channel: BTreeMap::new(),
            most_per_person: MOST_PER_PERSON,
        };
        runbooks(&office).into_iter().map(|(name, runbook)| (format!("sandbox.{name}"), runbook)).collect()
    }

    /// What happens in it is told by this bot.
    pub fn speaks_through(&self, bot: &Bot) {
        self.notices.speaks_through(bot);
    }

    /// Does what is due: follows what was written to the table, and sweeps what is over.
    ///
    /// # Errors
    /// None, as long as the account is in memory.
    pub async fn work(&self) -> Result<(), ip_whitelist_manager::SyncError> {
        self.whitelist.handle(&self.table.take_records()).await;
        self.whitelist.sweep().await.map(drop)
    }

    /// Does so again and again, until the task is aborted.
    pub(super) fn keep(self: &Arc<Self>) -> JoinHandle<()> {
        let sandbox = Arc::clone(self);
        tokio::spawn(async move {
            let mut written = sandbox.table.changes();
            let follow = async {
                loop {
                    sandbox.whitelist.handle(&sandbox.table.take_records()).await;
                    if written.changed().await.is_err() {
                        return;
                    }
                }
            };
            tokio::join!(follow, sandbox.whitelist.keep());
        })
    }
}
