//! What all commands share: the whitelist, and what a sentence may leave out.

use std::collections::{BTreeMap, BTreeSet};

use countersign_core::ids::ChannelId;
use countersign_core::plan::{FieldChange, Plan, Step};
use countersign_core::policy::Refusal;
use countersign_engine::ports::{Applied, Interrupted, Run, RunbookError};
use countersign_runbooks::service::Ask;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::words;
use crate::domain::{Cidr, Environment, Row, Width};
use crate::ports::Saved;
use crate::stream;
use crate::sync::{GroupPlan, SyncError, Synced, Whitelist};

/// So many entries a person may have in one environment, unless whoever runs the whitelist says otherwise.
pub const MOST_PER_PERSON: usize = 20;

/// The whitelist and its house rules.
#[derive(Clone)]
pub struct Office {
    /// The whitelist.
    pub whitelist: Whitelist,
    /// The environment that a sentence means if it names none; by channel, else for all.
    pub default_environment: Option<Environment>,
    /// The same for single channels.
    pub by_channel: BTreeMap<ChannelId, Environment>,
    /// So many entries one person may have at a time in one environment.
    pub most_per_person: usize,
}

/// What a sentence may carry.
#[derive(Debug, Deserialize)]
pub(super) struct Args {
    pub(super) ip: Option<Cidr>,
    pub(super) description: Option<String>,
    pub(super) environment: Option<String>,
    /// In seconds.
    pub(super) duration: Option<i64>,
}

/// What a plan does to the table: signed with the plan, and nothing else is done.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Change {
    /// The row as it is to be; `None`: it is removed.
    pub(super) row: Option<Row>,
    /// The row as it was.
    pub(super) before: Option<Row>,
}

impl Change {
    /// The same, as the stream tells it.
    fn told(&self) -> Option<stream::Change> {
        let removed = || {
            let old = self.before.clone()?;
            Some(stream::Change::Removed { old, by: stream::Remover::Caller })
        };
        self.row.clone().map(stream::Change::Written).or_else(removed)
    }
}

impl Office {
    /// The environment that a sentence means.
    pub(super) async fn environment(&self, ask: &Ask, args: &Args) -> Result<Environment, RunbookError> {
        let known = self.whitelist.environments().await.map_err(failed)?;
        let usual = || self.by_channel.get(&ask.channel).or(self.default_environment.as_ref()).cloned();
        match args.environment.as_ref().map(Environment::new).or_else(usual) {
            Some(environment) if known.contains(&environment) => Ok(environment),
            Some(environment) => Err(blocked(words::no_environment(environment.as_str(), &known))),
            None => Err(blocked(words::which_environment(&known))),
        }
    }

    /// The network that a sentence names.
    pub(super) fn network(args: &Args) -> Result<Cidr, RunbookError> {
        args.ip.ok_or_else(|| RunbookError::Failed("the pattern has no argument `ip`".into()))
    }

    /// How long a sentence asks for, if that is allowed.
    pub(super) fn duration(&self, args: &Args) -> Result<SignedDuration, RunbookError> {
        let terms = &self.whitelist.terms;
        let asked = args.duration.map_or(terms.usual, SignedDuration::from_secs);
        if asked < terms.shortest || asked > terms.longest {
            return Err(blocked(words::duration_out_of_bounds(terms)));
        }
        Ok(asked)
    }

    /// The row of a network in an environment, and the other rows of the network.
    pub(super) async fn rows(
        &self,
        network: Cidr,
        environment: &Environment,
    ) -> Result<(Option<Row>, Vec<Row>), RunbookError> {
        let rows =
            self.whitelist.table.rows_of(&network.to_string()).await.map_err(|error| failed(error.into()))?;
        let (mut own, others): (Vec<Row>, Vec<Row>) =
            rows.into_iter().partition(|row| row.environment() == *environment);
        Ok((own.pop(), others))
    }

    /// A plan: what becomes of the row, and what that does to each group.
    pub(super) async fn plan(
        &self,
        ask: &Ask,
        change: Change,
        (first, others): (Step, Vec<Row>),
    ) -> Result<Plan, RunbookError> {
        let key = change.row.as_ref().or(change.before.as_ref()).map(|row| row.ip_address.parse::<Cidr>());
        let Some(Ok(network)) = key else {
            return Err(RunbookError::Failed("a row without a network".into()));
        };
        let rows: Vec<Row> = others.into_iter().chain(change.row.clone()).collect();
        let groups = self.whitelist.preview(network, &rows).await.map_err(failed)?;
        if let Some(full) =
            groups.iter().find(|plan| !plan.after.fits() && !plan.difference.missing.is_empty())
        {
            return Err(blocked(words::full(full)));
        }
        let payload = serde_json::to_value(&change).map_err(|error| RunbookError::Failed(error.into()))?;
        let touched = groups.iter().filter(|plan| !plan.difference.is_empty());
        Ok(Plan {
            steps: [first].into_iter().chain(touched.map(step)).collect(),
            warnings: groups.iter().flat_map(words::warnings).collect(),
            fixed: ask.fixed.clone(),
            payload,
            ..Plan::default()
        })
    }

    /// Writes what the plan says, unless it is written already, and brings the groups in line.
    pub(super) async fn apply(
        &self,
        run: &Run<'_>,
    ) -> Result<(Change, Result<Synced, SyncError>), RunbookError> {
        let change: Change = serde_json::from_value(run.plan.payload.clone())
            .map_err(|error| RunbookError::Failed(error.into()))?;
        let key = change.row.as_ref().or(change.before.as_ref()).map(|row| row.ip_address.clone());
        let key = key.unwrap_or_default();
        // An earlier attempt may have written a new row that somebody removed since: it does not come back by itself.
        let is_new = change.row.is_some() && change.before.is_none();
        if run.fence > 1 && is_new && !self.is_done(&key, &change).await? {
            return Err(blocked(words::changed_meanwhile(&key)));
        }
        let table = &self.whitelist.table;
        let saved = match (&change.row, &change.before) {
            (Some(row), before) => table.save(row, before.as_ref()).await,
            (None, Some(before)) => table.remove(before).await,
            (None, None) => Ok(Saved::Done),
        };
        // A write whose answer was lost may have been done; it can be done again.
        let saved = saved.map_err(|error| RunbookError::Unknown(error.into()))?;
        if saved == Saved::Changed && !self.is_done(&key, &change).await? {
            return Err(blocked(words::changed_meanwhile(&key)));
        }
        let synced = self.whitelist.sync(&[key].into()).await;
        if let (Ok(synced), Some(changed)) = (&synced, change.told()) {
            self.whitelist.announce(&changed, synced).await;
        }
        Ok((change, synced))
    }

    /// Is the row as this plan leaves it? Then an earlier attempt wrote it.
    async fn is_done(&self, key: &str, change: &Change) -> Result<bool, RunbookError> {
        let rows =
            self.whitelist.table.rows_of(key).await.map_err(|error| RunbookError::Unknown(error.into()))?;
        let environment = change.row.as_ref().or(change.before.as_ref()).map(|row| row.environment.clone());
        let there = rows.into_iter().find(|row| Some(&row.environment) == environment.as_ref());
        let without_marks = |row: Row| Row { quarantined: None, told_ending: None, ..row };
        Ok(there.map(without_marks) == change.row.clone().map(without_marks))
    }
}

/// Refuses networks that are never let through, and those for which somebody else has to sign if nobody will.
pub(super) fn may_be_let_through(ask: &Ask, network: Cidr) -> Result<(), RunbookError> {
    match network.guard() {
        Err(forbidden) => Err(blocked(forbidden.to_string())),
        Ok(Width::Wide) if ask.others == 0 => Err(blocked(words::too_wide(network))),
        Ok(_) => Ok(()),
    }
}

/// A run of these commands that was interrupted may be done again: the row is written under a condition.
pub(super) fn interrupted() -> Result<Interrupted, RunbookError> {
    Ok(Interrupted::Again)
}

/// The end of a run.
pub(super) fn done(summary: String) -> Applied {
    Applied::Done(countersign_core::operation::Report { summary, table: None })
}

pub(super) fn blocked(sentence: String) -> RunbookError {
    RunbookError::Refused(Refusal::Blocked { sentence })
}

pub(super) fn failed(error: SyncError) -> RunbookError {
    RunbookError::Failed(error.into())
}

/// What happens to one group.
pub(super) fn step(plan: &GroupPlan) -> Step {
    let of = |cidr: Cidr| Some(cidr.to_string());
    let gone = plan.difference.surplus.iter().map(|rule| FieldChange {
        of: of(rule.cidr),
        field: words::ports(rule.ports),
        before: Some("allowed".to_owned()),
        after: None,
    });
    let new = plan.difference.missing.iter().map(|wanted| FieldChange {
        of: of(wanted.cidr),
        field: words::ports(Some((wanted.port, wanted.port))),
        before: None,
        after: Some("allowed".to_owned()),
    });
    let changes = gone.chain(new).chain(words::quota(plan)).collect();
    let kind = if plan.group.family.is_some() { "Prefix list" } else { "Security group" };
    Step { title: format!("{kind} {}", crate::sync::name(&plan.group)), changes }
}

/// When something that begins now and lasts so long is over, in seconds since 1970.
pub(super) fn end(begin: Timestamp, lasts: SignedDuration) -> Result<i64, RunbookError> {
    let end = begin.checked_add(lasts).map_err(|error| RunbookError::Failed(error.into()))?;
    Ok(end.as_second())
}

/// The names of environments, for a sentence.
pub(super) fn names(environments: &BTreeSet<Environment>) -> String {
    environments.iter().map(Environment::as_str).collect::<Vec<_>>().join(", ")
}
