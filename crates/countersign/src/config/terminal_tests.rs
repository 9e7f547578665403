use std::path::Path;

use super::super::parse;

const ONE: &str = r#"
bot = { name = "Bot" }
access = { users = ["*"], channels = ["*"] }
channels = { backoffice = "C1" }
groups = { sre = ["U1"] }

[[command]]
name = "restart"
pattern = "restart <pool:slug>"
description = "Restart it."
channels = ["backoffice"]
risk = "high"
runbook = "cycle-workers"
"#;

fn wrong(section: &str) -> String {
    let parsed = parse(Path::new("c.toml"), format!("{ONE}{section}"));
    parsed.map_or_else(|errors| errors.to_string(), |_| "fine".to_owned())
}

const PEOPLE: &str = "[terminal]\nchannels = [\"backoffice\"]\npeople = [{ slack = \"U1\", unix = \"ana\" }, { slack = \"U2\", unix = 1001, name = \"ben\" }]\n";

#[test]
fn people_with_their_users() {
    assert_eq!(wrong(PEOPLE), "fine");
    assert_eq!(wrong(&format!("{PEOPLE}[break_glass]\nwho = [\"sre\"]\ncommands = [\"restart\"]\n")), "fine");
}

#[test]
fn people_who_cannot_be_told_apart() {
    insta::assert_snapshot!(wrong("[terminal]\npeople = [{ slack = \"U1\", unix = \"ana\" }, { slack = \"U2\", unix = \"ana\" }, { slack = \"ana\" }]\n"), @"
    c.toml:15:53: Two people are called `ana`; give one another `name`.
    c.toml:15:53: Two people have the same Unix user, so that nobody could tell who signs.
    c.toml:15:85: `ana` is no Slack user id; it looks like U0123456789.
    c.toml:15:85: Two people are called `ana`; give one another `name`.
    ");
}

#[test]
fn one_unix_user_by_name_and_by_number() {
    insta::assert_snapshot!(wrong("[terminal]\npeople = [{ slack = \"U1\", unix = \"root\" }, { slack = \"U2\", unix = 0 }]\n"), @"c.toml:15:54: Two people have the same Unix user, so that nobody could tell who signs.");
}

#[test]
fn a_channel_that_is_not_there() {
    insta::assert_snapshot!(wrong("[terminal]\nchannels = [\"nowhere\"]\n"), @"c.toml:15:13: There is no channel `nowhere`; [channels] has `backoffice`.");
}

#[test]
fn emergencies_for_nobody_and_nothing() {
    insta::assert_snapshot!(wrong("[break_glass]\nwho = []\nothers = 2\n"), @"
    c.toml: [break_glass] who is empty, so that nobody may. Name a group, or leave the section out.
    c.toml: [break_glass] names neither commands nor channels, so that it is for nothing.
    c.toml: [break_glass] works at terminals alone, and [terminal] has no people.
    c.toml:16:10: [break_glass] others is 0 or 1: more is no emergency.
    ");
    insta::assert_snapshot!(wrong(&format!("{PEOPLE}[break_glass]\nwho = [\"ops\"]\ncommands = [\"reboot\"]\nchannel = \"alarm\"\n")), @"
    c.toml:18:8: There is no group `ops`; [groups] has `sre`.
    c.toml:19:13: There is no command `reboot`.
    c.toml:20:11: There is no channel `alarm` in [channels].
    ");
}
