use std::path::Path;

use countersign_core::ids::OrgId;
use countersign_engine::memory::MemoryFreezes;

use super::*;

/// A configuration with one command, `{}` standing for its last lines.
const ONE: &str = r#"
bot = { name = "Bot" }
access = { users = ["*"], channels = ["*"] }
channels = { backoffice = "C1" }
groups = { sre = ["U1"] }

[[command]]
pattern = "cycle workers of pool <pool:slug>"
description = "Replace the workers."
channels = ["backoffice"]
"#;

pub(super) async fn wrong(last_lines: &str) -> String {
    let parsed = parse(Path::new("c.toml"), format!("{ONE}{last_lines}"));
    let registry = crate::dev::registry(Path::new("."));
    let freezes: Arc<dyn Freezes> = Arc::new(MemoryFreezes::default());
    let rules = match parsed {
        Ok(config) => config.rules(OrgId::new("T1"), (&registry, &freezes)).await.map(|_| ()),
        Err(errors) => Err(errors),
    };
    rules.map_or_else(|errors| errors.to_string(), |()| "fine".to_owned())
}

#[tokio::test]
async fn a_command_with_its_runbook_is_fine() {
    assert_eq!(wrong("risk = \"high\"\nrunbook = \"cycle-workers\"").await, "fine");
}

#[tokio::test]
async fn a_runbook_that_changes_something_does_not_call_itself_reading() {
    insta::assert_snapshot!(wrong("risk = \"read\"\nrunbook = \"cycle-workers\"").await, @r#"c.toml:8:11: A command with risk = "read" runs at once and unsigned, so it needs work that only reads: for SQL a `query`, and no `execute`; elsewhere `only_reads = true`, if it does."#);
}

#[tokio::test]
async fn an_empty_list_of_groups_does_not_open_a_command_to_everyone() {
    insta::assert_snapshot!(wrong("risk = \"high\"\ngroups = []\nrunbook = \"cycle-workers\"").await, @"c.toml:8:11: An empty list of groups says nothing: name a group, or leave the key out.");
    insta::assert_snapshot!(wrong("risk = \"high\"\napproval = { from = [] }\nrunbook = \"cycle-workers\"").await, @"c.toml:8:11: An empty list of groups says nothing: name a group, or leave the key out.");
}

#[tokio::test]
async fn a_command_does_one_thing() {
    insta::assert_snapshot!(wrong("risk = \"high\"").await, @"c.toml:8:11: Say what this command does: give it one of [command.sql], [command.http], [command.lambda], [command.freeze] and `runbook`.");
    insta::assert_snapshot!(wrong("risk = \"high\"\nrunbook = \"nosuch\"").await, @"c.toml:12:11: This program has no runbook `nosuch`; it has `cycle-workers`, `sandbox.whitelist.add`, `sandbox.whitelist.extend`, `sandbox.whitelist.list`, `sandbox.whitelist.mine`, `sandbox.whitelist.my-ip`, `sandbox.whitelist.remove`, `sandbox.whitelist.sync`.");
}

#[tokio::test]
async fn an_escalation_has_one_bound_of_its_arguments_kind() {
    let escalating = |bound: &str| {
        format!(
            "risk = \"high\"\nrunbook = \"cycle-workers\"\nescalate = [{{ argument = \"pool\", others = 2{bound} }}]"
        )
    };
    insta::assert_snapshot!(wrong(&escalating("")).await, @"c.toml:13:26: This escalation needs one bound: `above = 30` for a number or a duration, or `wider_than = { v4 = 24, v6 = 48 }` for a network.");
    insta::assert_snapshot!(wrong(&escalating(", above = 3, wider_than = { v4 = 24, v6 = 48 }")).await, @"c.toml:13:26: This escalation needs one bound: `above = 30` for a number or a duration, or `wider_than = { v4 = 24, v6 = 48 }` for a network.");
    insta::assert_snapshot!(wrong(&escalating(", wider_than = { v4 = 24, v6 = 48 }")).await, @"c.toml:8:11: command `cycle-workers-of-pool`: an escalation looks at `pool`, which is no argument of its pattern that has such a bound; correct the name or the type.");
}

#[tokio::test]
async fn what_is_named_must_be_there() {
    insta::assert_snapshot!(wrong("risk = \"high\"\ngroups = [\"ops\"]\nrunbook = \"cycle-workers\"").await, @"c.toml:12:11: There is no group `ops`; [groups] has `sre`.");
    insta::assert_snapshot!(wrong("risk = \"high\"\napproval = { within = \"soon\" }\nrunbook = \"cycle-workers\"").await, @"c.toml:12:23: `soon` is no duration: write one like 15m, 1h or 1h30m.");
}

#[tokio::test]
async fn without_a_database_nothing_is_configured_that_needs_one() {
    let slack = |more: &str| {
        format!(
            "risk = \"low\"\nfreeze = {{ do = \"list\" }}\n[ledger]\nslack = true\n[slack]\nreactions = false\n{more}"
        )
    };
    insta::assert_snapshot!(wrong(&slack("[audit]\ncheckpoint_file = \"c.jsonl\"")).await, @r#"
    c.toml:14:9: Without a database the bot finds its own messages and markers again, so that [slack] may not say `reactions = false` or `messages = false`.
    c.toml:14:9: Without a database a freeze by hand would be forgotten at the next start. Write it as a [[freeze]] window into this file instead.
    c.toml:14:9: Without a database there is no audit trail beyond what the channels show, so that [audit] can name no witness for it.
    "#);
    let fine = "risk = \"high\"\nrunbook = \"cycle-workers\"\n[ledger]\nslack = ";
    assert_eq!(wrong(&format!("{fine}true")).await, "fine");
    assert_eq!(wrong(&format!("{fine}false")).await, "fine");
}
