//! Rules of ours in groups that follow the whitelist no more, because somebody changed their tags.

use std::collections::{BTreeMap, BTreeSet};

use super::{SyncError, Whitelist};
use crate::domain::{Cidr, Group, GroupId, Rule};
use crate::ports::Notice;

impl Whitelist {
    /// Shuts what no row asks for any more, wherever it is still open, and tells which groups still let something
    /// through that they are not kept for. The networks that could not be shut everywhere.
    pub(super) async fn shut_strays(&self, groups: &[Group]) -> Result<BTreeSet<Cidr>, SyncError> {
        let known: Vec<GroupId> = groups.iter().map(|group| group.id.clone()).collect();
        let strays = self.firewall.strays(&known).await?;
        let networks: BTreeSet<Cidr> = strays.values().flatten().map(|rule| rule.cidr).collect();
        let mut open = BTreeMap::new();
        for network in networks {
            open.insert(network, self.is_open(network).await?);
        }
        let mut left = BTreeSet::new();
        for (group, rules) in strays {
            let (stay, go): (Vec<Rule>, Vec<Rule>) =
                rules.into_iter().partition(|rule| open.get(&rule.cidr).copied().unwrap_or(true));
            let why = match self.shut(&group, &go).await {
                false => {
                    left.extend(go.iter().map(|rule| rule.cidr));
                    "it has lost its tags, and what it lets through for the whitelist could not be shut"
                }
                true if stay.is_empty() => continue,
                true => "it has lost its tags, and still lets through what it let through before",
            };
            self.tell(Notice::Behind { group: group.to_string(), why: why.to_owned() }).await;
        }
        Ok(left)
    }

    /// Does any row let it through, to whatever environment?
    async fn is_open(&self, network: Cidr) -> Result<bool, SyncError> {
        let (rows, now) = (self.table.rows_of(&network.to_string()).await?, self.now());
        Ok(rows.iter().any(|row| row.entry(&self.terms, now).is_ok_and(|entry| entry.is_open(now))))
    }

    async fn shut(&self, group: &GroupId, rules: &[Rule]) -> bool {
        if rules.is_empty() {
            return true;
        }
        let ids: Vec<_> = rules.iter().map(|rule| rule.id.clone()).collect();
        match self.firewall.revoke(group, &ids).await {
            Ok(()) => true,
            Err(error) => {
                let error = countersign_engine::causes::line(&error);
                tracing::error!(%group, %error, "a group without the tags could not be shut");
                false
            }
        }
    }
}
