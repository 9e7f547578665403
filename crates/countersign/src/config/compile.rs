//! From what stands in the file to rules in force.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use countersign_core::approval::Quorum;
use countersign_core::command::catalog::{Catalog, CatalogError, CatalogErrors};
use countersign_core::command::kind::Vocabulary;
use countersign_core::command::lock::Lock;
use countersign_core::command::spec::{CommandName, Risk, Scope, Spec};
use countersign_core::ids::{ChannelId, GroupName, OrgId, PersonId, UserId, UsergroupId};
use countersign_core::policy::{Group, Policy, Roster};
use countersign_engine::ports::{Freezes, Runbook};
use countersign_runbooks::freeze::FreezeRunbook;
use countersign_runbooks::sql::{Database, SqlRunbook};
use jiff::SignedDuration;
use toml::Spanned;

use super::error::{ConfigError, ConfigErrors};
use super::file::{self, Command, Name};
use super::{Config, Registry, duration};
use countersign_engine::causes;

/// How long signatures may take, where the command says nothing else.
const APPROVE_WITHIN: SignedDuration = SignedDuration::from_hours(1);
/// How long after the last signature the work may start, where the command says nothing else.
const RUN_WITHIN: SignedDuration = SignedDuration::from_mins(15);
/// This entry of a list stands for everybody or everywhere.
const EVERYONE: &str = "*";

/// Why a command may not call itself harmless.
const CHANGES: &str = "A command with risk = \"read\" runs at once and unsigned, so it needs work that only reads: \
                       for SQL a `query`, and no `execute`; elsewhere `only_reads = true`, if it does.";

/// What commands do their work with.
pub(super) struct Means<'a> {
    pub(super) databases: Databases,
    pub(super) registry: &'a Registry,
    pub(super) freezes: &'a Arc<dyn Freezes>,
}

/// Opened databases by name.
pub(super) type Databases = BTreeMap<String, Arc<Database>>;

impl Config {
    /// The commands, compiled.
    pub(crate) fn catalog(&self) -> Result<Catalog, ConfigErrors> {
        let mut errors = Vec::new();
        let specs: Vec<Spec> =
            self.file.command.iter().map(|command| self.spec(command, &mut errors)).collect();
        let access = &self.file.access;
        for names in [&access.channels, &access.shared_channels, &access.listen] {
            self.named_channels(names, &mut errors);
        }
        self.calendar(&mut errors);
        errors.extend(self.ledger_errors());
        errors.extend(self.remote_errors());
        errors.extend(self.whitelist_errors());
        let vocabulary = Vocabulary { environments: self.file.environments.clone() };
        match Catalog::compile(specs, &vocabulary) {
            Ok(catalog) => {
                errors.extend(self.slack_errors(&catalog));
                errors.extend(self.audit_errors());
                errors.extend(self.terminal_errors(&self.file.command.iter().map(name_of).collect()));
                if errors.is_empty() { Ok(catalog) } else { Err(self.errors(errors)) }
            }
            Err(wrong) => {
                errors.extend(self.located(&wrong));
                Err(self.errors(errors))
            }
        }
    }

    /// Who may, for the people of `home`.
    pub(crate) fn policy(&self, home: OrgId) -> Policy {
        let groups = self.file.groups.iter().map(|(name, group)| (GroupName::new(name), members(group)));
        let access = &self.file.access;
        let people = if access.users.iter().any(|user| user == EVERYONE) {
            Scope::Everyone
        } else {
            Scope::Only(access.users.iter().map(UserId::new).collect())
        };
        // What is wrong with these was said when the catalog was compiled.
        let named = |names| self.named_channels(names, &mut Vec::new());
        Policy {
            groups: groups.collect(),
            roster: Roster::new(),
            people,
            admitted: access.also.iter().map(|id| admitted(id, &home)).collect(),
            channels: named(&access.channels),
            shared: named(&access.shared_channels),
            listens: named(&access.listen),
            terminal: self.terminal_policy(),
            break_glass: self.break_glass_policy(),
            // What is wrong with these was said when the configuration was read.
            calendar: self.calendar(&mut Vec::new()),
            freezes: Vec::new(),
            home,
        }
    }

    /// Opens every database that the file names.
    pub(super) async fn open_databases(&self) -> Result<Databases, ConfigErrors> {
        let folder = self.path.parent().unwrap_or_else(|| Path::new("."));
        let mut databases = Databases::new();
        let mut errors = Vec::new();
        for (name, database) in &self.file.databases {
            match Database::open(&beside(folder, database.url.get_ref())).await {
                Ok(open) => {
                    databases.insert(name.clone(), Arc::new(open));
                }
                Err(error) => {
                    let sentence = format!("Database `{name}`: {}.", causes::line(&error));
                    errors.push(self.at(&database.url, sentence));
                }
            }
        }
        if errors.is_empty() { Ok(databases) } else { Err(self.errors(errors)) }
    }

    /// What every command does.
    pub(super) fn runbooks(
        &self,
        catalog: &Catalog,
        means: &Means<'_>,
    ) -> Result<BTreeMap<CommandName, Arc<dyn Runbook>>, ConfigErrors> {
        let mut runbooks = BTreeMap::new();
        let mut errors = Vec::new();
        for command in &self.file.command {
            let name = name_of(command);
            let arguments: Vec<String> = catalog
                .command(name.as_str())
                .map(|known| known.arguments().iter().map(|argument| argument.name.to_string()).collect())
                .unwrap_or_default();
            match self.runbook(command, &arguments, means) {
                Ok(runbook) if command.risk == Risk::Read && !runbook.only_reads() => {
                    errors.push(self.at(&command.pattern, CHANGES));
                }
                Ok(runbook) => {
                    runbooks.insert(name, runbook);
                }
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(runbooks) } else { Err(self.errors(errors)) }
    }

    /// Lets every command say whether what it needs is there.
    pub(super) async fn try_out(
        &self,
        runbooks: &BTreeMap<CommandName, Arc<dyn Runbook>>,
    ) -> Result<(), ConfigErrors> {
        let mut errors = Vec::new();
        for command in &self.file.command {
            let Some(runbook) = runbooks.get(&name_of(command)) else { continue };
            if let Err(error) = runbook.ready().await {
                let cause = std::error::Error::source(&error).map_or_else(|| error.to_string(), causes::line);
                errors.push(self.at(&command.pattern, format!("Its work cannot be done: {cause}.")));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(self.errors(errors)) }
    }

    fn runbook(
        &self,
        command: &Command,
        arguments: &[String],
        means: &Means<'_>,
    ) -> Result<Arc<dyn Runbook>, ConfigError> {
        match (&command.sql, &command.freeze, &command.http, &command.lambda, &command.runbook) {
            (Some(sql), None, None, None, None) => {
                let database = means.databases.get(&sql.database).ok_or_else(|| {
                    let names = listed(means.databases.keys());
                    self.at(
                        &command.pattern,
                        format!("There is no database `{}`; [databases] has {names}.", sql.database),
                    )
                })?;
                let runbook =
                    SqlRunbook::new(sql.clone(), Arc::clone(database), arguments).map_err(|error| {
                        self.at(&command.pattern, format!("Its SQL does not fit: {}.", causes::line(&error)))
                    })?;
                Ok(Arc::new(runbook))
            }
            (None, Some(freeze), None, None, None) => {
                let runbook =
                    FreezeRunbook::new(freeze, Arc::clone(means.freezes), arguments).map_err(|error| {
                        self.at(&command.pattern, format!("Its freeze does not fit: {error}."))
                    })?;
                Ok(Arc::new(runbook))
            }
            (None, None, Some(work), None, None) => self.over_http(work),
            (None, None, None, Some(work), None) => self.in_lambda(work),
            (None, None, None, None, Some(name)) => self.registered(name, means.registry),
            _ => Err(self.at(
                &command.pattern,
                "Say what this command does: give it one of [command.sql], [command.http], [command.lambda], \
                 [command.freeze] and `runbook`.",
            )),
        }
    }

    fn registered(
        &self,
        name: &Spanned<String>,
        registry: &Registry,
    ) -> Result<Arc<dyn Runbook>, ConfigError> {
        registry.get(name.get_ref()).map(Arc::clone).ok_or_else(|| {
            let names = listed(registry.keys());
            self.at(name, format!("This program has no runbook `{}`; it has {names}.", name.get_ref()))
        })
    }

    fn spec(&self, command: &Command, errors: &mut Vec<ConfigError>) -> Spec {
        let approval = command.approval.as_ref();
        let mut within = |text: Option<&Spanned<String>>, otherwise| match text {
            None => otherwise,
            Some(text) => duration::parse(text.get_ref()).unwrap_or_else(|sentence| {
                errors.push(self.at(text, format!("{sentence}.")));
                otherwise
            }),
        };
        let approve_within = within(approval.and_then(|approval| approval.within.as_ref()), APPROVE_WITHIN);
        let run_within = within(approval.and_then(|approval| approval.run_within.as_ref()), RUN_WITHIN);
        let mut quorum = command.risk.quorum();
        if let Some(approval) = approval {
            let from = self.some_groups(approval.from.as_deref(), (command, errors));
            let others = approval.others.unwrap_or(quorum.others);
            quorum = Quorum { others, from, ..quorum };
            if command.risk == Risk::Read && quorum.is_needed() {
                errors.push(self.at(
                    &command.pattern,
                    "A command with risk = \"read\" runs at once; to have it signed, give it risk = \"low\" or more.",
                ));
            }
        }
        Spec {
            name: name_of(command),
            pattern: command.pattern.get_ref().clone(),
            description: command.description.clone(),
            examples: command.examples.clone(),
            channels: self.named_channels(&command.channels, errors),
            groups: self.some_groups(command.groups.as_deref(), (command, errors)),
            risk: command.risk,
            quorum,
            escalations: self.escalations(command, errors),
            approve_within,
            run_within,
            lock: command.lock.as_ref().and_then(|text| match Lock::new(text.get_ref()) {
                Ok(lock) => Some(lock),
                Err(error) => {
                    errors.push(self.at(text, format!("This lock does not hold: {error}.")));
                    None
                }
            }),
            freezing: command.freeze.is_some(),
        }
    }

    pub(super) fn named_channels(&self, names: &[Name], errors: &mut Vec<ConfigError>) -> Scope<ChannelId> {
        let mut ids = BTreeSet::new();
        for Name(name) in names {
            match self.file.channels.get(name.get_ref()) {
                _ if name.get_ref() == EVERYONE => return Scope::Everyone,
                Some(id) => {
                    ids.insert(ChannelId::new(id));
                }
                None => {
                    let known = listed(self.file.channels.keys());
                    errors.push(self.at(
                        name,
                        format!("There is no channel `{}`; [channels] has {known}.", name.get_ref()),
                    ));
                }
            }
        }
        Scope::Only(ids)
    }

    /// The groups of a key that may be left out, but not left empty: an empty list lets nobody through
    /// elsewhere, and would let everybody through here.
    fn some_groups(
        &self,
        names: Option<&[Name]>,
        (command, errors): (&Command, &mut Vec<ConfigError>),
    ) -> BTreeSet<GroupName> {
        if names.is_some_and(<[Name]>::is_empty) {
            let sentence = "An empty list of groups says nothing: name a group, or leave the key out.";
            errors.push(self.at(&command.pattern, sentence));
        }
        self.named_groups(names.unwrap_or_default(), errors)
    }

    pub(super) fn named_groups(&self, names: &[Name], errors: &mut Vec<ConfigError>) -> BTreeSet<GroupName> {
        for Name(name) in names {
            if !self.file.groups.contains_key(name.get_ref()) {
                let known = listed(self.file.groups.keys());
                errors.push(
                    self.at(name, format!("There is no group `{}`; [groups] has {known}.", name.get_ref())),
                );
            }
        }
        names.iter().map(|Name(name)| GroupName::new(name.get_ref())).collect()
    }

    /// The catalog's errors with their places in the file.
    fn located(&self, wrong: &CatalogErrors) -> Vec<ConfigError> {
        let located = wrong.iter().map(|error| {
            let (command, column) = whose(error);
            let found = command.and_then(|name| self.file.command.iter().find(|c| name_of(c) == *name));
            let sentence = format!("{error}.");
            match found {
                None => ConfigError::nowhere(sentence),
                // The pattern begins behind its quotation mark.
                Some(command) => {
                    let span = command.pattern.span();
                    ConfigError::at(&self.source, span.start + column..span.end, sentence)
                }
            }
        });
        located.collect()
    }

    pub(super) fn at<T>(&self, spanned: &Spanned<T>, sentence: impl Into<String>) -> ConfigError {
        ConfigError::at(&self.source, spanned.span(), sentence)
    }

    fn errors(&self, errors: Vec<ConfigError>) -> ConfigErrors {
        ConfigErrors::new(&self.path, errors)
    }
}

/// Whose error it is, and at which character behind the pattern's quotation mark.
fn whose(error: &CatalogError) -> (Option<&CommandName>, usize) {
    match error {
        CatalogError::Pattern { command, error } => (Some(command), error.column),
        CatalogError::SameName { command }
        | CatalogError::Reserved { command, .. }
        | CatalogError::Example { command, .. }
        | CatalogError::Escalation { command, .. }
        | CatalogError::Secret { command, .. }
        | CatalogError::Lock { command, .. } => (Some(command), 0),
        CatalogError::Ambiguous { second, .. } => (Some(second), 0),
        CatalogError::MoreAmbiguous(_) => (None, 0),
    }
}

fn members(group: &file::Group) -> Group {
    Group {
        users: group.users().iter().map(UserId::new).collect(),
        usergroup: group.usergroup().map(UsergroupId::new),
    }
}

/// `T…/U…` is somebody of another organisation, `U…` somebody at home.
fn admitted(id: &str, home: &OrgId) -> PersonId {
    match id.split_once('/') {
        Some((org, user)) => PersonId::new(org, user),
        None => PersonId { org: home.clone(), user: UserId::new(id) },
    }
}

fn name_of(command: &Command) -> CommandName {
    match &command.name {
        Some(name) => CommandName::new(name),
        None => CommandName::from_pattern(command.pattern.get_ref()),
    }
}

/// `sqlite:app.db` beside the configuration file.
fn beside(folder: &Path, url: &str) -> String {
    match url.strip_prefix("sqlite:") {
        Some(path) => format!("sqlite:{}", folder.join(path).display()),
        None => url.to_owned(),
    }
}

pub(super) fn listed<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
