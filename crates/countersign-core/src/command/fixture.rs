//! Commands for the tests of this crate's routing.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::catalog::Catalog;
use super::kind::Vocabulary;
use super::spec::{CommandName, Risk, Scope, Spec};

/// A command with this name and pattern that everyone may run.
pub(crate) fn spec(name: &str, pattern: &str) -> Spec {
    Spec {
        name: CommandName::new(name),
        pattern: pattern.to_owned(),
        description: String::new(),
        examples: Vec::new(),
        channels: Scope::Everyone,
        groups: BTreeSet::new(),
        risk: Risk::Low,
        quorum: Risk::Low.quorum(),
        escalations: Vec::new(),
        approve_within: SignedDuration::from_hours(1),
        run_within: SignedDuration::from_mins(15),
        lock: None,
        freezing: false,
    }
}

/// Two environments.
pub(crate) fn vocabulary() -> Vocabulary {
    Vocabulary { environments: vec!["dev".to_owned(), "prod".to_owned()] }
}

/// A catalog of these patterns, named by their words.
pub(crate) fn catalog(patterns: &[&str]) -> Catalog {
    let specs = patterns.iter().map(|pattern| spec(CommandName::from_pattern(pattern).as_str(), pattern));
    Catalog::compile(specs.collect(), &vocabulary()).unwrap()
}

/// The commands of the back office and of `/infra`, `/bastion`, `/whitelist`.
pub(crate) fn office() -> Catalog {
    catalog(&[
        "set <subdomain:slug> trial remaining to <days:int(1..=90)> days",
        "show diagnostics for <subdomain:slug>",
        "cycle workers of pool <pool:slug>",
        "infra <verb:one of {start|stop|status}> <env:environment>",
        "bastion create <env:environment> [for <ttl:duration>]",
        "bastion extend <env:environment> [for <ttl:duration>]",
        "whitelist add <ip:cidr> [\"<description>\"] [<env:environment>] [for <ttl:duration>]",
        "whitelist remove <ip:cidr>",
        "note <what:text>",
        "escalate to <person:user> because <why...>",
    ])
}
