//! What the commands say.

use std::collections::BTreeSet;

use countersign_core::plan::FieldChange;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::office::names;
use crate::domain::{ANY_PORT, Cidr, Environment, Port, Row, Terms};
use crate::sync::{GroupPlan, SyncError, Synced, name};

/// Revoking a rule leaves established connections alone (EC2 User Guide, security group connection tracking).
pub(super) const STAYS_CONNECTED: &str = "Connections that are open stay open until they end by themselves.";

pub(super) fn no_environment(name: &str, known: &BTreeSet<Environment>) -> String {
    if known.is_empty() {
        return "No security group follows the whitelist yet. Tag one with WhitelistManaged = true and with its Environment.".to_owned();
    }
    format!("No security group belongs to the environment `{name}`; there are groups for {}.", names(known))
}

pub(super) fn which_environment(known: &BTreeSet<Environment>) -> String {
    format!("Say which environment is meant, at the end of the sentence: {}.", names(known))
}

pub(super) fn duration_out_of_bounds(terms: &Terms) -> String {
    let (shortest, longest) = (span(terms.shortest), span(terms.longest));
    format!(
        "An entry lasts from {shortest} to {longest}. Ask for a time between them, and extend it when it ends."
    )
}

pub(super) fn already_there(network: Cidr, row: &Row, now: Timestamp) -> String {
    let until = row.expires_at().map(|end| format!(" for {} more", left(end, now))).unwrap_or_default();
    format!(
        "{network} is on the whitelist of {environment} already{until}. To make it last longer, say `whitelist extend {short} {environment}`.",
        short = short(network),
        environment = row.environment,
    )
}

pub(super) fn not_there(network: Cidr, environment: &Environment, others: &[Row], now: Timestamp) -> String {
    let open: Vec<&str> =
        others.iter().filter(|row| !row.is_over(now)).map(|row| row.environment.as_str()).collect();
    match open.as_slice() {
        [] => format!(
            "{network} is not on the whitelist of {environment}. `whitelist list {environment}` shows what is."
        ),
        open => format!(
            "{network} is not on the whitelist of {environment}, but on that of {}. Name that environment.",
            open.join(" and ")
        ),
    }
}

pub(super) fn too_many(most: usize, environment: &Environment) -> String {
    format!(
        "You have {most} entries in {environment}, and nobody may have more. `whitelist mine` shows yours; remove one that you no longer need."
    )
}

pub(super) fn too_wide(network: Cidr) -> String {
    format!(
        "{network} is wider than /24 (or /48 for IPv6), and this command asks nobody else to sign. Give a smaller network, or let an administrator add more signatures for wide ones to the command."
    )
}

pub(super) fn too_long(terms: &Terms, most: Timestamp) -> String {
    format!(
        "That would be more than {} from now. It can be extended to {} at most.",
        span(terms.longest),
        moment(most)
    )
}

pub(super) fn full(plan: &GroupPlan) -> String {
    let (v4, v6, limit) = (plan.before.v4, plan.before.v6, plan.before.limit);
    format!(
        "The security group {} has no room: {v4} IPv4 rules and {v6} IPv6 rules of {limit} each. Remove entries that are not needed, or ask AWS for a higher quota.",
        name(&plan.group)
    )
}

pub(super) fn changed_meanwhile(key: &str) -> String {
    format!(
        "Somebody else changed {key} at the same moment, and nothing was done here. Say it again to see how it stands."
    )
}

/// What should be known about a group before one signs.
pub(super) fn warnings(plan: &GroupPlan) -> Vec<String> {
    let mut warnings = Vec::new();
    let group = name(&plan.group);
    if plan.group.environments.len() > 1 && !plan.difference.is_empty() {
        let all = names(&plan.group.environments);
        warnings.push(format!("{group} is shared by {all}: whoever it lets through reaches all of them."));
    }
    if !plan.difference.foreign.is_empty() {
        warnings.push(format!(
            "{group} lets it through already, by a rule that somebody else made: that one stays whatever happens here."
        ));
    }
    warnings
}

/// How full a group is, before and after, where that changes.
pub(super) fn quota(plan: &GroupPlan) -> Vec<FieldChange> {
    let limit = plan.before.limit;
    let families =
        [("IPv4 rules", plan.before.v4, plan.after.v4), ("IPv6 rules", plan.before.v6, plan.after.v6)];
    let moved = families.into_iter().filter(|(_, before, after)| before != after);
    moved
        .map(|(family, before, after)| FieldChange {
            of: None,
            field: family.to_owned(),
            before: Some(format!("{before} of {limit}")),
            after: Some(format!("{after} of {limit}")),
        })
        .collect()
}

pub(super) fn ports(ports: Option<(Port, Port)>) -> String {
    match ports {
        Some((ANY_PORT, ANY_PORT)) => "in the list".to_owned(),
        Some((first, last)) if first == last => format!("port {first}"),
        Some((first, last)) => format!("ports {first} to {last}"),
        None => "all traffic".to_owned(),
    }
}

/// What the groups did, as an end of a report's summary.
pub(super) fn followed(synced: &Result<Synced, SyncError>) -> String {
    let Ok(synced) = synced else {
        return " The security groups could not be reached; they follow within the hour.".to_owned();
    };
    let behind: Vec<String> = synced
        .groups
        .iter()
        .filter_map(|group| {
            group.trouble.map(|trouble| format!(" Not in {}: {trouble}.", name(&group.group)))
        })
        .collect();
    behind.concat()
}

/// `203.0.113.7` for a single address, as people write it.
pub(super) fn short(network: Cidr) -> String {
    let net = network.net();
    if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.to_string() }
}

/// `2026-12-03 10:00 UTC`.
pub(super) fn moment(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// How long until then: `3 days`.
pub(super) fn left(end: Timestamp, now: Timestamp) -> String {
    span(end.duration_since(now))
}

/// A duration in its largest whole unit: `3 days`, `5 hours`, `1 minute`.
pub(super) fn span(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().max(0);
    let (number, unit) = match seconds {
        s if s >= 2 * 86_400 => (s / 86_400, "day"),
        s if s >= 3_600 => (s / 3_600, "hour"),
        s => (s.div_euclid(60).max(1), "minute"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}
