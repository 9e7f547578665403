//! The straightforward handler: each change of the table is a call for each group of its environment.

use std::collections::BTreeMap;

use anyhow::Result;
use ip_whitelist_manager::domain::{GroupId, Row, RuleId, Terms, Wanted};
use ip_whitelist_manager::ports::{Firewall, FirewallError};
use jiff::Timestamp;

/// Lets these rows through, one by one. The groups are looked up once.
pub async fn open(firewall: &dyn Firewall, rows: &[Row], now: Timestamp) -> Result<()> {
    let groups = firewall.groups().await?;
    for row in rows {
        let Ok(entry) = row.entry(&Terms::default(), now) else { continue };
        for group in groups.iter().filter(|group| group.environments.contains(&entry.environment)) {
            for port in &group.ports {
                let description = format!("{} {}", entry.added_by, entry.description);
                let wanted = Wanted { cidr: entry.cidr, port: *port, description };
                match firewall.authorise(&group.id, &[wanted]).await {
                    Ok(()) | Err(FirewallError::Duplicate) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }
    Ok(())
}

/// Shuts these rows, one by one.
pub async fn shut(firewall: &dyn Firewall, rows: &[Row]) -> Result<()> {
    let groups = firewall.groups().await?;
    let ids: Vec<GroupId> = groups.iter().map(|group| group.id.clone()).collect();
    let mut known: BTreeMap<(&GroupId, String), RuleId> = BTreeMap::new();
    let rules = firewall.rules(&ids).await?;
    for (group, rules) in &rules {
        known.extend(rules.list.iter().map(|rule| ((group, rule.cidr.to_string()), rule.id.clone())));
    }
    for row in rows {
        for group in groups.iter().filter(|group| group.environments.contains(&row.environment())) {
            if let Some(rule) = known.get(&(&group.id, row.ip_address.clone())) {
                firewall.revoke(&group.id, std::slice::from_ref(rule)).await?;
            }
        }
    }
    Ok(())
}
