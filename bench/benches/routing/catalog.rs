//! Realistic commands and sentences, the same on every run.

use std::collections::BTreeSet;

use countersign_core::command::spec::{CommandName, Risk, Scope, Spec};
use jiff::SignedDuration;

const VERBS: [&str; 50] = [
    "set", "show", "list", "create", "remove", "start", "stop", "restart", "cycle", "drain", "resume",
    "pause", "extend", "shorten", "grant", "revoke", "rotate", "export", "import", "archive", "restore",
    "rename", "move", "copy", "merge", "split", "lock", "unlock", "enable", "disable", "attach", "detach",
    "resize", "refresh", "rebuild", "replay", "retry", "cancel", "approve", "reject", "assign", "release",
    "verify", "inspect", "flush", "purge", "migrate", "promote", "demote", "schedule",
];
const KINDS: [&str; 20] = [
    "trial",
    "billing",
    "customer",
    "staging",
    "production",
    "nightly",
    "shared",
    "private",
    "public",
    "regional",
    "global",
    "primary",
    "replica",
    "standby",
    "legacy",
    "internal",
    "external",
    "temporary",
    "archived",
    "pending",
];
const NOUNS: [&str; 10] =
    ["account", "workers", "queue", "database", "bucket", "token", "webhook", "report", "invoice", "session"];

/// The most commands that [`specs`] can make.
pub const MOST: usize = VERBS.len() * KINDS.len() * NOUNS.len();

/// The three words of command number `n`, spread over the verbs.
fn words(n: usize) -> [&'static str; 3] {
    let n = n * 7_919 % MOST;
    let at = |list: &[&'static str], index: usize| list.get(index % list.len()).copied().unwrap_or_default();
    [at(&VERBS, n), at(&KINDS, n / VERBS.len()), at(&NOUNS, n / VERBS.len() / KINDS.len())]
}

/// `count` different commands.
pub fn specs(count: usize) -> Vec<Spec> {
    (0..count).map(spec).collect()
}

fn spec(n: usize) -> Spec {
    let words = words(n).join(" ");
    let pattern = match n % 5 {
        0 => format!("{words} of <name:slug> to <days:int(1..=90)> days"),
        1 => format!("{words} <name:slug> for <ttl:duration>"),
        2 => format!("{words} <name:slug> [in <region:one of {{eu|us|ap}}>]"),
        3 => format!("{words} from <network:cidr> \"<reason>\""),
        _ => format!("{words} <name:slug> with <count:int> of <person:user>"),
    };
    Spec {
        name: CommandName::from_pattern(&pattern),
        // Without the spare room that formatting leaves, as when read from a file.
        pattern: pattern.into_boxed_str().into(),
        description: "What this command does, in one sentence for the people who use it.".to_owned(),
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

/// `many` sentences for a catalog of `count` commands. Of ten, eight run a
/// command, one is other talk, one begins like a command and goes wrong.
pub fn sentences(count: usize, many: usize) -> Vec<String> {
    (0..many)
        .map(|n| match n % 10 {
            4 => format!("good morning, could someone look at build {n} of the web app please?"),
            9 => format!("{} please do it now {n}", words(n * 31 % count).join(" ")),
            _ => hit(n * 31 % count, n),
        })
        .collect()
}

fn hit(command: usize, n: usize) -> String {
    let words = words(command).join(" ");
    match command % 5 {
        0 => format!("{words} of acme-{n} to {} days", n % 90 + 1),
        1 => format!("{words} acme-{n} for {}h30m", n % 24),
        2 => format!("{words} acme-{n}"),
        3 => format!("{words} from 203.0.113.{} \"as agreed with support\"", n % 256),
        _ => format!("{words} acme-{n} with {n} of <@U07ANA{n}>"),
    }
}
