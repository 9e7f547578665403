//! Configurations that do not hold: `commands`, `check` and `dev` say where and what to do.

use std::fs;
use std::path::Path;

use crate::program::{Dev, ends};

const DEMO: &str = include_str!("../../../src/dev/demo.toml");
const NAME: &str = "own.toml";

/// What each command says about the configuration `text`: all of them the same.
async fn complaint(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(NAME), text).unwrap();
    everywhere(folder.path(), NAME).await
}

/// What each command says about the file `name` in `folder`.
async fn everywhere(folder: &Path, name: &str) -> String {
    let commands = ends(folder, &["commands", "--config", name]).await;
    let check = ends(folder, &["check", "--config", name]).await;
    let dev = ["dev", "--data", "data", "--port", "0", "--no-browser", "--config", name];
    let dev = ends(folder, &dev).await;
    fs::write(folder.join("sentences.toml"), "[[sentence]]\nsay = \"x\"\nrefused = \"x\"\n").unwrap();
    let test = ends(folder, &["test", "sentences.toml", "--config", name]).await;
    let error = commands.error(folder, None);
    for (which, other) in [("check", check), ("dev", dev), ("test", test)] {
        assert_eq!(other.error(folder, None), error, "{which}");
        assert_eq!(other.out, "", "{which}");
    }
    error
}

/// The demo's configuration with `new` in the place of the first `old`.
fn demo_with(old: &str, new: &str) -> String {
    assert!(DEMO.contains(old), "{old}");
    DEMO.replacen(old, new, 1)
}

#[tokio::test]
async fn it_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(everywhere(folder.path(), "missing.toml").await, @"
    missing.toml: There is no such file.
    exit code 2
    ");
    fs::create_dir(folder.path().join("folder.toml")).unwrap();
    insta::assert_snapshot!(everywhere(folder.path(), "folder.toml").await, @"
    folder.toml: It is a folder; name a file.
    exit code 2
    ");
    fs::write(folder.path().join("binary.toml"), [0, 255, 254]).unwrap();
    insta::assert_snapshot!(everywhere(folder.path(), "binary.toml").await, @"
    binary.toml: It is not text in UTF-8.
    exit code 2
    ");
}

#[tokio::test]
async fn it_is_no_toml() {
    insta::assert_snapshot!(complaint("").await, @"
    own.toml:1:1: missing field `bot`.
    exit code 2
    ");
    insta::assert_snapshot!(complaint(&demo_with("name = \"Backoffice Bot\"", "name = Backoffice Bot")).await, @"
    own.toml:9:8: string values must be quoted, expected literal string.
    exit code 2
    ");
    insta::assert_snapshot!(complaint(&demo_with("[bot]", "[bot")).await, @"
    own.toml:8:5: unclosed table, expected `]`.
    exit code 2
    ");
}

#[tokio::test]
async fn a_key_is_not_known() {
    insta::assert_snapshot!(complaint(&demo_with("examples =", "exmaples =")).await, @"
    own.toml:34:1: unknown field `exmaples`, expected one of `pattern`, `name`, `description`, `examples`, `channels`, `groups`, `risk`, `approval`, `escalate`, `lock`, `sql`, `freeze`, `http`, `lambda`, `runbook`.
    exit code 2
    ");
    insta::assert_snapshot!(complaint(&demo_with("risk = \"high\"", "risk = \"scary\"")).await, @"
    own.toml:36:8: unknown variant `scary`, expected one of `read`, `low`, `high`, `destructive`.
    exit code 2
    ");
    insta::assert_snapshot!(complaint(&demo_with("rows = 1", "row = 1")).await, @"
    own.toml:42:1: unknown field `row`, expected one of `database`, `preview`, `execute`, `rows`, `missing`, `done`, `query`, `title`, `layout`.
    exit code 2
    ");
}

#[tokio::test]
async fn a_name_is_not_known() {
    let channel = demo_with("\nchannels = [\"backoffice\"]", "\nchannels = [\"backofice\"]");
    insta::assert_snapshot!(complaint(&channel).await, @"
    own.toml:35:13: There is no channel `backofice`; [channels] has `backoffice`, `backoffice-developers`.
    exit code 2
    ");
    insta::assert_snapshot!(complaint(&demo_with("groups = [\"engineers\"]", "groups = [\"sre\"]")).await, @"
    own.toml:122:11: There is no group `sre`; [groups] has `engineers`, `support`.
    exit code 2
    ");
}

#[tokio::test]
async fn two_patterns_fit_one_sentence() {
    let more = "\n[[command]]\npattern = \"show <what> <subdomain>\"\ndescription = \"Show anything.\"\n\
                channels = [\"backoffice\"]\nrisk = \"read\"\nrunbook = \"cycle-workers\"\n";
    insta::assert_snapshot!(complaint(&format!("{DEMO}{more}")).await, @"
    own.toml:237:11: commands `show-account` and `show`: `show account acme` has the form of both; change a word or a type of one of them.
    exit code 2
    ");
}

#[tokio::test]
async fn a_pattern_is_wrong_at_a_column() {
    insta::assert_snapshot!(complaint(&demo_with("<days:int(1..=90)>", "<days:integer>")).await, @"
    own.toml:32:58: command `set-trial-remaining-to-days`, pattern, column 47: `integer` is no type; there are word, text, int, number, bool, slug, duration, date, ip, cidr, email, url, uuid, user, channel, environment and one of {a|b}.
    exit code 2
    ");
    insta::assert_snapshot!(complaint(&demo_with("<days:int(1..=90)>", "<days:int(1..=90)")).await, @"
    own.toml:32:52: command `set-trial-remaining-to`, pattern, column 41: `<` opens here and is never closed; add `>`.
    exit code 2
    ");
    insta::assert_snapshot!(complaint(&demo_with("set acme trial remaining to 14 days", "set acme trial")).await, @"
    own.toml:32:11: command `set-trial-remaining-to-days`: the example `set acme trial` does not run it: column 15, something is missing after `trial`: `remaining to <days> days`.
    exit code 2
    ");
}

#[tokio::test]
async fn everything_wrong_is_said_at_once() {
    let text = demo_with("\nchannels = [\"backoffice\"]", "\nchannels = [\"backofice\"]");
    let text = text.replacen("groups = [\"engineers\"]", "groups = [\"sre\"]", 1);
    let text = text.replacen("within = \"30m\"", "within = \"half an hour\"", 1);
    insta::assert_snapshot!(complaint(&text).await, @"
    own.toml:35:13: There is no channel `backofice`; [channels] has `backoffice`, `backoffice-developers`.
    own.toml:122:11: There is no group `sre`; [groups] has `engineers`, `support`.
    own.toml:161:57: `half an hour` is no duration: write one like 15m, 1h or 1h30m.
    exit code 2
    ");
}

/// `check` and `dev` open what the configuration names; `commands` does not.
#[tokio::test]
async fn what_it_names_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join(NAME), DEMO).unwrap();
    assert_eq!(ends(path, &["commands", "--config", NAME]).await.code, 0);
    insta::assert_snapshot!(ends(path, &["check", "--config", NAME]).await.error(path, None), @"
    own.toml:27:7: Database `app`: there is no file demo.db.
    exit code 2
    ");
    let dev = ["dev", "--data", "data", "--port", "0", "--no-browser", "--config", NAME];
    insta::assert_snapshot!(ends(path, &dev).await.error(path, None), @"
    own.toml:27:7: Database `app`: there is no file demo.db.
    exit code 2
    ");
    fs::write(path.join("demo.db"), b"this is no database\n".repeat(500)).unwrap();
    insta::assert_snapshot!(ends(path, &["check", "--config", NAME]).await.error(path, None), @"
    own.toml:27:7: Database `app`: demo.db is no SQLite database, or it is damaged.
    exit code 2
    ");
}

#[tokio::test]
async fn the_work_does_not_fit() {
    let mut dev = Dev::new().await;
    dev.kill().await;
    let path = dev.folder.path();
    let mut all = Vec::new();
    for (old, new) in [
        ("database = \"app\"", "database = \"ap\""),
        ("runbook = \"cycle-workers\"", "runbook = \"cycle-everything\""),
        ("where subdomain = :subdomain", "where subdomain = :subdomian"),
        ("runbook = \"cycle-workers\"", ""),
        ("url = \"sqlite:demo.db\"", "url = \"postgres://demo\""),
    ] {
        fs::write(path.join(NAME), demo_with(old, new)).unwrap();
        let said = ends(path, &["check", "--config", NAME]).await;
        all.push(said.error(path, None));
    }
    insta::assert_snapshot!(all.join("\n"), @"
    own.toml:32:11: There is no database `ap`; [databases] has `app`.
    exit code 2
    own.toml:125:11: This program has no runbook `cycle-everything`; it has `cycle-workers`, `sandbox.whitelist.add`, `sandbox.whitelist.extend`, `sandbox.whitelist.list`, `sandbox.whitelist.mine`, `sandbox.whitelist.my-ip`, `sandbox.whitelist.remove`, `sandbox.whitelist.sync`.
    exit code 2
    own.toml:32:11: Its SQL does not fit: `preview`: `:subdomian` is no argument of this command; there is `:subdomain`, `:days`, `:now`.
    exit code 2
    own.toml:118:11: Say what this command does: give it one of [command.sql], [command.http], [command.lambda], [command.freeze] and `runbook`.
    exit code 2
    own.toml:27:7: Database `app`: this kind of database is not supported; write `sqlite:` and the path of a file.
    exit code 2
    ");
    fs::write(path.join(NAME), DEMO).unwrap();
    let fine = ends(path, &["check", "--config", NAME]).await;
    assert_eq!((fine.code, fine.err.as_str()), (0, ""));
    insta::assert_snapshot!(fine.out, @"
    ok       configuration  own.toml holds: 18 commands, and what they need is there.
    ok       ledger         ./ledger.db can be written.
    skipped  Slack          Not looked at: there are no tokens here. Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or name a file with --tokens. To leave Slack out on purpose, say --offline.
    Nothing is wrong.
    ");
}
