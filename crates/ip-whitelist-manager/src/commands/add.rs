//! `whitelist add <ip> ["<description>"] [<environment>] [for <duration>]`

use std::sync::Arc;

use async_trait::async_trait;
use countersign_core::ids::OperationId;
use countersign_core::plan::{FieldChange, Plan, Step};
use countersign_engine::ports::{Applied, Interrupted, Run, RunbookError};
use countersign_runbooks::service::{Ask, Service};
use jiff::Timestamp;

use super::office::{self, Args, Change, Office};
use super::words;
use crate::domain::{Cidr, Environment, MOST_IN_A_DESCRIPTION, Row};

pub(super) struct Add(pub(super) Arc<Office>);

#[async_trait]
impl Service for Add {
    async fn plan(&self, ask: &Ask) -> Result<Plan, RunbookError> {
        let args: Args = ask.args()?;
        let network = Office::network(&args)?;
        office::may_be_let_through(ask, network)?;
        let environment = self.0.environment(ask, &args).await?;
        let begin = ask.asked_at()?;
        let expires_at = office::end(begin, self.0.duration(&args)?)?;
        let now = self.0.whitelist.now();
        let (before, others) = self.0.rows(network, &environment).await?;
        if let Some(row) = before.as_ref().filter(|row| !row.is_over(now) && row.quarantined.is_none()) {
            return Err(office::blocked(words::already_there(network, row, now)));
        }
        self.has_room(ask, &environment).await?;
        let row = Row {
            ip_address: network.to_string(),
            environment: environment.as_str().to_owned(),
            description: args.description.as_deref().map(cut).filter(|text| !text.is_empty()),
            added_by: Some(ask.name.clone()),
            person: Some(ask.person.to_string()),
            added_at: Some(begin.as_second()),
            expires_at: Some(expires_at),
            operation: ask.operation().map(str::to_owned),
            ..Row::default()
        };
        let first = first(&row, network);
        self.0.plan(ask, Change { row: Some(row), before }, (first, others)).await
    }

    async fn apply(&self, _ask: &Ask, run: Run<'_>) -> Result<Applied, RunbookError> {
        let (change, synced) = self.0.apply(&run).await?;
        let row = change.row.unwrap_or_default();
        let until = row.expires_at().map(words::moment).unwrap_or_default();
        let (network, environment) = (row.ip_address, row.environment);
        let followed = words::followed(&synced);
        Ok(office::done(format!("{network} is on the whitelist of {environment} until {until}.{followed}")))
    }

    async fn interrupted(&self, _operation: &OperationId, _fence: u64) -> Result<Interrupted, RunbookError> {
        office::interrupted()
    }
}

impl Add {
    async fn has_room(&self, ask: &Ask, environment: &Environment) -> Result<(), RunbookError> {
        let (whitelist, person) = (&self.0.whitelist, ask.person.to_string());
        let rows = whitelist.table.in_environment(environment).await;
        let rows = rows.map_err(|error| office::failed(error.into()))?;
        let is_own = |row: &&Row| !row.is_over(whitelist.now()) && row.person.as_deref() == Some(&person);
        let own = rows.iter().filter(is_own).count();
        let most = self.0.most_per_person;
        if own >= most { Err(office::blocked(words::too_many(most, environment))) } else { Ok(()) }
    }
}

fn first(row: &Row, network: Cidr) -> Step {
    let until = row.expires_at().unwrap_or(Timestamp::UNIX_EPOCH);
    let words = row.description.clone().map(|text| FieldChange {
        of: None,
        field: "what for".to_owned(),
        before: None,
        after: Some(text),
    });
    let until =
        FieldChange { of: None, field: "until".to_owned(), before: None, after: Some(words::moment(until)) };
    Step {
        title: format!("Let {network} through to {}", row.environment),
        changes: words.into_iter().chain([until]).collect(),
    }
}

fn cut(text: &str) -> String {
    text.trim().chars().take(MOST_IN_A_DESCRIPTION).collect()
}
