//! A whitelist on AWS, as whoever runs it describes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_core::ids::ChannelId;
use countersign_engine::ports::Clock;

use super::{Aws, Discovery, DynamoTable, Ec2Firewall};
use crate::commands::Office;
use crate::domain::{Environment, Terms};
use crate::ports::Notices;
use crate::quiet::Quiet;
use crate::sync::Whitelist;

/// Which table, which groups, and the house rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The table's name.
    pub table: String,
    /// How long an entry lasts.
    pub terms: Terms,
    /// Which groups follow the table.
    pub discovery: Discovery,
    /// So many rules of one address family a group takes.
    pub rules_per_group: usize,
    /// The environment that a sentence means if it names none, and its channel has none.
    pub default_environment: Option<Environment>,
    /// The same for single channels.
    pub by_channel: BTreeMap<ChannelId, Environment>,
    /// So many entries one person may have at a time in one environment.
    pub most_per_person: usize,
}

impl Account {
    /// Its commands' office. Nothing is asked of AWS yet.
    pub fn office(&self, aws: Arc<Aws>, clock: Arc<dyn Clock>, notices: Arc<dyn Notices>) -> Office {
        let firewall = Ec2Firewall::new(Arc::clone(&aws), self.discovery.clone(), &self.table);
        let notices = Arc::new(Quiet::new(notices, Arc::clone(&clock)));
        let whitelist = Whitelist {
            table: Arc::new(DynamoTable::new(aws, &self.table)),
            firewall: Arc::new(firewall.with_limit(self.rules_per_group)),
            notices,
            clock,
            terms: self.terms,
        };
        Office {
            whitelist,
            default_environment: self.default_environment.clone(),
            by_channel: self.by_channel.clone(),
            most_per_person: self.most_per_person,
        }
    }
}
