use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use countersign_engine::memory::FakeClock;
use jiff::{SignedDuration, Timestamp};

use super::*;

const BOT: &str = "xoxb-111-SECRET";
const APP: &str = "xapp-1-SECRET";
const SIGNING: &str = "5ec4e75ec4e75ec4e75ec4e75ec4e700";

fn variables(pairs: &[(&str, &str)]) -> Source {
    let value = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).into());
    Source::variables(&value)
}

/// What is wrong; it holds no secret, and neither does its `Debug`.
fn wrong(source: &Source) -> String {
    let error = source.load().unwrap_err();
    let all = format!("{error} {error:?} {source:?}").replace("SLACK_SIGNING_SECRET", "");
    assert!(!all.contains("SECRET") && !all.contains("5ec4e7"), "{all}");
    error.to_string()
}

fn bot(value: &str) -> String {
    wrong(&variables(&[("SLACK_BOT_TOKEN", value)]))
}

#[test]
fn from_the_environment() {
    let source = variables(&[
        ("SLACK_BOT_TOKEN", " xoxb-111-SECRET\n"),
        ("SLACK_APP_TOKEN", APP),
        ("SLACK_SIGNING_SECRET", SIGNING),
    ]);
    let tokens = source.load().unwrap();
    let all = Tokens {
        bot: Secret::new(BOT),
        app: Some(Secret::new(APP)),
        signing_secret: Some(Secret::new(SIGNING)),
    };
    assert_eq!(tokens, all);
    assert!(!format!("{source:?} {tokens:?}").contains("SECRET"));
}

#[test]
fn one_transport_needs_one_more() {
    let tokens = variables(&[("SLACK_BOT_TOKEN", BOT)]).load().unwrap();
    insta::assert_snapshot!(tokens.for_socket_mode().unwrap_err(), @"There is no app token (xapp-…). Set SLACK_APP_TOKEN, or SLACK_APP_TOKEN_FILE to the path of a file with it, or put it as `app_token` into the JSON file that --tokens names. Slack shows it at https://api.slack.com/apps under “Basic Information”, “App-Level Tokens”, with the scope connections:write.");
    insta::assert_snapshot!(tokens.for_http().unwrap_err(), @"There is no signing secret. Set SLACK_SIGNING_SECRET, or SLACK_SIGNING_SECRET_FILE to the path of a file with it, or put it as `signing_secret` into the JSON file that --tokens names. Slack shows it at https://api.slack.com/apps under “Basic Information”, “App Credentials”, “Signing Secret”.");
}

#[test]
fn what_is_not_there() {
    assert!(variables(&[]).is_nowhere());
    insta::assert_snapshot!(wrong(&variables(&[])), @"There is no bot token (xoxb-…). Set SLACK_BOT_TOKEN, or SLACK_BOT_TOKEN_FILE to the path of a file with it, or put it as `bot_token` into the JSON file that --tokens names. Slack shows it at https://api.slack.com/apps under “OAuth & Permissions”, “Bot User OAuth Token”.");
    insta::assert_snapshot!(bot(" "), @"SLACK_BOT_TOKEN is empty. Put the bot token (xoxb-…) into it, or take it away.");
    insta::assert_snapshot!(wrong(&variables(&[("SLACK_BOT_TOKEN", BOT), ("SLACK_BOT_TOKEN_FILE", "/x")])), @"SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set. Keep one of them.");
}

#[test]
fn what_belongs_elsewhere() {
    insta::assert_snapshot!(bot(APP), @"SLACK_BOT_TOKEN holds an app token (xapp-…), but the bot token (xoxb-…) belongs there. Are the two exchanged?");
    insta::assert_snapshot!(bot("xoxp-1-SECRET"), @"SLACK_BOT_TOKEN holds a person's token (xoxp-…), but the bot token (xoxb-…) belongs there. Slack shows it at https://api.slack.com/apps under “OAuth & Permissions”, “Bot User OAuth Token”.");
    insta::assert_snapshot!(bot("xoxe.xoxb-1-SECRET"), @"SLACK_BOT_TOKEN holds a rotating token (xoxe…), which ends by itself after some hours, but the bot token (xoxb-…) belongs there. Token rotation is switched on for this app, and Slack does not switch it off again: make another app from `countersign manifest`, which leaves it off.");
    insta::assert_snapshot!(bot("xoxs-1-SECRET"), @"SLACK_BOT_TOKEN holds a token of another kind of program, but the bot token (xoxb-…) belongs there. Slack shows it at https://api.slack.com/apps under “OAuth & Permissions”, “Bot User OAuth Token”.");
    insta::assert_snapshot!(bot(SIGNING), @"SLACK_BOT_TOKEN holds what looks like a signing secret, but the bot token (xoxb-…) belongs there. Slack shows it at https://api.slack.com/apps under “OAuth & Permissions”, “Bot User OAuth Token”.");
    insta::assert_snapshot!(bot("Bearer SECRET"), @"SLACK_BOT_TOKEN holds something else, but the bot token (xoxb-…) belongs there. Slack shows it at https://api.slack.com/apps under “OAuth & Permissions”, “Bot User OAuth Token”.");
    insta::assert_snapshot!(bot("xoxb-111 SECRET"), @"SLACK_BOT_TOKEN holds white space or characters that no bot token (xoxb-…) has. Copy it again, all of it and alone.");
    insta::assert_snapshot!(bot("xoxb-111-SECRET…"), @"SLACK_BOT_TOKEN holds white space or characters that no bot token (xoxb-…) has. Copy it again, all of it and alone.");
    insta::assert_snapshot!(wrong(&variables(&[("SLACK_BOT_TOKEN", BOT), ("SLACK_APP_TOKEN", BOT)])), @"SLACK_APP_TOKEN holds a bot token (xoxb-…), but the app token (xapp-…) belongs there. Are the two exchanged?");
    insta::assert_snapshot!(wrong(&variables(&[("SLACK_BOT_TOKEN", BOT), ("SLACK_SIGNING_SECRET", APP)])), @"SLACK_SIGNING_SECRET holds an app token (xapp-…), but the signing secret belongs there. Slack shows it at https://api.slack.com/apps under “Basic Information”, “App Credentials”, “Signing Secret”.");
}

#[test]
fn from_files_that_variables_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot");
    let source = variables(&[("SLACK_BOT_TOKEN_FILE", path.to_str().unwrap())]);
    let shown = |text: String| text.replace(folder.path().to_str().unwrap(), "[dir]");
    insta::assert_snapshot!(shown(wrong(&source)), @"[dir]/bot (from SLACK_BOT_TOKEN_FILE) cannot be read: there is no such file.");
    std::fs::write(&path, APP).unwrap();
    insta::assert_snapshot!(shown(wrong(&source)), @"[dir]/bot (from SLACK_BOT_TOKEN_FILE) holds an app token (xapp-…), but the bot token (xoxb-…) belongs there. Are the two exchanged?");
    std::fs::write(&path, format!("{BOT}\n")).unwrap();
    assert_eq!(source.load().unwrap().bot, Secret::new(BOT));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    insta::assert_snapshot!(shown(exposed_sentence(source.exposed()[0])), @"[dir]/bot holds secrets, and anybody on this machine may read it: chmod 600 [dir]/bot");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(source.exposed(), Vec::<&Path>::new());
}

#[test]
fn from_a_json_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    let source = Source::file(&path);
    let wrong_with = |json: &str| {
        std::fs::write(&path, json).unwrap();
        wrong(&source).replace(folder.path().to_str().unwrap(), "[dir]")
    };
    insta::assert_snapshot!(wrong_with(&format!("{{\"bot_token\": \"{BOT}\" \"{APP}\"}}")), @r#"[dir]/tokens.json: It is no JSON from line 1, column 33 on. It should be {"bot_token": "xoxb-…", "app_token": "xapp-…", "signing_secret": "…"}."#);
    insta::assert_snapshot!(wrong_with(&format!("\"{BOT}\"")), @r#"[dir]/tokens.json: Its JSON is no object. It should be {"bot_token": "xoxb-…", "app_token": "xapp-…", "signing_secret": "…"}."#);
    insta::assert_snapshot!(wrong_with("{\"bot_token\": 7}"), @r#"[dir]/tokens.json: `bot_token` is no text. It should be {"bot_token": "xoxb-…", "app_token": "xapp-…", "signing_secret": "…"}."#);
    insta::assert_snapshot!(wrong_with(&format!("{{\"app_token\": \"{APP}\"}}")), @r#"[dir]/tokens.json: It holds no `bot_token`. It should be {"bot_token": "xoxb-…", "app_token": "xapp-…", "signing_secret": "…"}."#);
    insta::assert_snapshot!(wrong_with(&format!("{{\"bot_token\": \"{APP}\"}}")), @"`bot_token` in [dir]/tokens.json holds an app token (xapp-…), but the bot token (xoxb-…) belongs there. Are the two exchanged?");
    insta::assert_snapshot!(wrong_with(&" ".repeat(70_000)), @"[dir]/tokens.json cannot be read: it is larger than any file of secrets.");
    std::fs::write(&path, format!("{{\"bot_token\": \"{BOT}\", \"app_token\": null, \"more\": 1}}")).unwrap();
    let tokens = source.load().unwrap();
    assert_eq!(tokens, Tokens { bot: Secret::new(BOT), app: None, signing_secret: None });
}

/// A watched file, and the clock that it is watched by.
struct Watched {
    _folder: tempfile::TempDir,
    path: PathBuf,
    clock: Arc<FakeClock>,
    tokens: tokio::sync::watch::Receiver<Tokens>,
}

impl Watched {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        std::fs::write(&path, json("xoxb-1")).unwrap();
        let source = Source::file(&path);
        let clock = Arc::new(FakeClock::at(Timestamp::UNIX_EPOCH));
        let tokens = watch(source.clone(), source.load().unwrap(), Arc::clone(&clock) as _);
        Self { _folder: folder, path, clock, tokens }
    }

    /// Until the watcher waits again, and then the time for which it waits.
    async fn next_look(&self) {
        while self.clock.next_wake().is_none() {
            tokio::task::yield_now().await;
        }
        self.clock.advance(SignedDuration::from_secs(5));
        while self.clock.next_wake().is_none() {
            tokio::task::yield_now().await;
        }
    }

    fn bot(&mut self) -> Secret {
        self.tokens.borrow_and_update().bot.clone()
    }
}

fn json(bot: &str) -> String {
    format!("{{\"bot_token\": \"{bot}\"}}")
}

#[tokio::test]
async fn a_changed_file_is_noticed_and_a_broken_one_changes_nothing() {
    let mut watched = Watched::start();
    watched.next_look().await;
    assert!(!watched.tokens.has_changed().unwrap());
    std::fs::write(&watched.path, "{\"bot_tok").unwrap();
    watched.next_look().await;
    assert!(!watched.tokens.has_changed().unwrap());
    std::fs::write(&watched.path, json("xoxb-2")).unwrap();
    watched.next_look().await;
    assert!(watched.tokens.has_changed().unwrap());
    assert_eq!(watched.bot(), Secret::new("xoxb-2"));
}

#[tokio::test]
async fn a_hangup_is_a_look_at_once() {
    let mut watched = Watched::start();
    std::fs::write(&watched.path, json("xoxb-2")).unwrap();
    let own = std::process::id().to_string();
    assert!(std::process::Command::new("kill").args(["-HUP", &own]).status().unwrap().success());
    watched.tokens.changed().await.unwrap();
    assert_eq!(watched.bot(), Secret::new("xoxb-2"));
}

#[tokio::test]
async fn nobody_listening_ends_the_watch() {
    let Watched { clock, tokens, .. } = Watched::start();
    while clock.next_wake().is_none() {
        tokio::task::yield_now().await;
    }
    drop(tokens);
    while clock.next_wake().is_some() {
        tokio::task::yield_now().await;
    }
}
