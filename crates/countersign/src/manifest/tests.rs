use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::*;
use crate::config;

const CONFIG: &str = r#"
bot = { name = "Infrastructure Bot" }
access = { users = ["*"], channels = ["*"], listen = ["ops"] }
channels = { ops = "C1" }
groups = { sre = ["U1"] }
slack = { slash_commands = { infra = "Infrastructure operations" } }

[[command]]
pattern = "infra (stop|start) <environment:slug>"
description = "Stop or start an environment."
channels = ["ops"]
risk = "high"
runbook = "cycle-workers"

[[command]]
pattern = "infra status"
description = "Show all environments."
channels = ["ops"]
risk = "read"
runbook = "cycle-workers"

[[command]]
pattern = "(grow|shrink) pool <pool:slug> [by <n:int>]"
description = "Resize a pool."
channels = ["ops"]
risk = "low"
runbook = "cycle-workers"

[[command]]
pattern = "status of <pool:slug>"
description = "Show a pool."
channels = ["ops"]
risk = "read"
runbook = "cycle-workers"

[[command]]
pattern = "<pool:int> please"
description = "Be kind."
channels = ["ops"]
risk = "read"
runbook = "cycle-workers"
"#;

fn parsed(source: &str) -> Config {
    config::parse(Path::new("c.toml"), source.to_owned()).unwrap()
}

fn http() -> Transport {
    Transport::Http("https://bot.example.com".parse().unwrap())
}

#[test]
fn the_manifest_of_a_configuration() {
    let config = parsed(CONFIG);
    let manifest = manifest(&config, Uses::of(&config), &Transport::SocketMode).unwrap();
    insta::assert_snapshot!(format!("{manifest:#}"), @r#"
    {
      "_metadata": {
        "major_version": 2
      },
      "display_information": {
        "name": "Infrastructure Bot",
        "description": "Runs what this team asks for, after the right people have signed."
      },
      "features": {
        "app_home": {
          "home_tab_enabled": true,
          "messages_tab_enabled": true,
          "messages_tab_read_only_enabled": false
        },
        "bot_user": {
          "display_name": "Infrastructure Bot",
          "always_online": true
        },
        "slash_commands": [
          {
            "command": "/infra",
            "description": "Infrastructure operations",
            "usage_hint": "(stop|start) <environment> | status",
            "should_escape": true
          },
          {
            "command": "/grow",
            "description": "Resize a pool.",
            "usage_hint": "pool <pool> by <n>",
            "should_escape": true
          },
          {
            "command": "/shrink",
            "description": "Resize a pool.",
            "usage_hint": "pool <pool> by <n>",
            "should_escape": true
          }
        ]
      },
      "oauth_config": {
        "scopes": {
          "bot": [
            "app_mentions:read",
            "commands",
            "chat:write",
            "users:read",
            "channels:read",
            "groups:read",
            "reactions:read",
            "reactions:write",
            "usergroups:read",
            "channels:history",
            "groups:history",
            "im:history",
            "im:write",
            "files:write"
          ]
        }
      },
      "settings": {
        "event_subscriptions": {
          "bot_events": [
            "app_mention",
            "app_home_opened",
            "member_joined_channel",
            "channel_shared",
            "channel_unshared",
            "tokens_revoked",
            "app_uninstalled",
            "reaction_added",
            "reaction_removed",
            "message.im",
            "message.channels",
            "message.groups"
          ]
        },
        "interactivity": {
          "is_enabled": true
        },
        "org_deploy_enabled": false,
        "socket_mode_enabled": true,
        "token_rotation_enabled": false
      }
    }
    "#);
    assert_eq!(not_offered(&config).unwrap(), ["status"]);
}

#[test]
fn the_least() {
    let config = parsed(CONFIG);
    let manifest = manifest(&config, Uses::least(&config), &Transport::SocketMode).unwrap();
    insta::assert_snapshot!(manifest["oauth_config"]["scopes"]["bot"], @r#"["app_mentions:read","commands","chat:write","users:read","channels:read","groups:read"]"#);
    insta::assert_snapshot!(manifest["settings"]["event_subscriptions"]["bot_events"], @r#"["app_mention","app_home_opened","member_joined_channel","channel_shared","channel_unshared","tokens_revoked","app_uninstalled"]"#);
    insta::assert_snapshot!(manifest["features"]["app_home"], @r#"{"home_tab_enabled":true,"messages_tab_enabled":false,"messages_tab_read_only_enabled":true}"#);
}

#[test]
fn over_http_every_entrance_has_the_address() {
    let config = parsed(CONFIG);
    let manifest = manifest(&config, Uses::of(&config), &http()).unwrap();
    insta::assert_snapshot!(format!("{:#}", manifest["settings"]), @r#"
    {
      "event_subscriptions": {
        "bot_events": [
          "app_mention",
          "app_home_opened",
          "member_joined_channel",
          "channel_shared",
          "channel_unshared",
          "tokens_revoked",
          "app_uninstalled",
          "reaction_added",
          "reaction_removed",
          "message.im",
          "message.channels",
          "message.groups"
        ],
        "request_url": "https://bot.example.com/slack"
      },
      "interactivity": {
        "is_enabled": true,
        "request_url": "https://bot.example.com/slack"
      },
      "org_deploy_enabled": false,
      "socket_mode_enabled": false,
      "token_rotation_enabled": false
    }
    "#);
    assert_eq!(manifest["features"]["slash_commands"][0]["url"], "https://bot.example.com/slack");
}

#[test]
fn addresses_that_slack_can_call() {
    let url = |text: &str| text.parse::<RequestUrl>().map_or_else(|error| error, |RequestUrl(url)| url);
    assert_eq!(url("https://bot.example.com/"), "https://bot.example.com/slack");
    assert_eq!(url("https://bot.example.com:8443/a/slack"), "https://bot.example.com:8443/a/slack");
    insta::assert_snapshot!(url("http://bot.example.com"), @"Slack calls https:// addresses alone");
    insta::assert_snapshot!(url("https://"), @"Slack calls https:// addresses alone");
    insta::assert_snapshot!(url("https://bot.example.com/slack?x=1"), @"write the host and perhaps a path, and nothing behind them");
}

#[test]
fn the_link_carries_all_of_it() {
    let manifest = json!({"a": "b c+d&e", "ü": "“"});
    let link = link(&manifest);
    insta::assert_snapshot!(link, @"https://api.slack.com/apps?new_app=1&manifest_json=%7B%22a%22%3A%22b%20c%2Bd%26e%22%2C%22%C3%BC%22%3A%22%E2%80%9C%22%7D");
}

#[test]
fn user_groups_are_asked_for_even_at_the_least_where_a_group_is_one() {
    let config = parsed(&CONFIG.replace("sre = [\"U1\"]", "sre = { usergroup = \"S1\" }"));
    assert!(scopes::names(Uses::least(&config)).contains(&"usergroups:read"));
}

#[test]
fn what_does_not_fit_the_commands_is_refused() {
    let wrong = |source: String| config::parse(Path::new("c.toml"), source).map(drop).unwrap_err();
    insta::assert_snapshot!(wrong(CONFIG.replace("{ infra =", "{ infar =")), @"c.toml:6:38: No command begins with `infar`, so it needs no description.");
    insta::assert_snapshot!(wrong(CONFIG.replace("slack = {", "slack = { messages = false,")), @"c.toml:3:55: [slack] messages = false, so the bot hears nothing but mentions here. Leave `listen` empty, or let messages = true.");
    insta::assert_snapshot!(wrong(CONFIG.replace("Infrastructure Bot", " ")), @"c.toml: [bot] name is empty; write what people call the bot.");
}

#[test]
fn the_documentation_says_the_same() {
    let documentation = include_str!("../../../../docs/slack.md");
    let mut table = String::from("| scope | asked for | why |\n|---|---|---|\n");
    for scope in SCOPES {
        table.push_str(&format!("| `{}` | {} | {} |\n", scope.name, scope.need.when(), scope.why));
    }
    let mut events = String::from("| event | asked for | what the bot does |\n|---|---|---|\n");
    for event in EVENTS {
        events.push_str(&format!("| `{}` | {} | {} |\n", event.name, event.need.when(), event.why));
    }
    assert!(documentation.contains(&table), "docs/slack.md should hold:\n{table}");
    assert!(documentation.contains(&events), "docs/slack.md should hold:\n{events}");
}

/// Catalogs of all kinds: names and words in many scripts, long texts, many commands.
fn generated() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => "[a-z]{1,12}",
        1 => "[A-Za-z_-]{1,60}",
        1 => "[äöüß]{1,8}",
        1 => Just("status".to_owned()),
    ];
    let command = (word, "[ -~äß“]{0,80}", 0..40_usize);
    (r#"[^"\\\x00-\x1f]{1,60}"#, proptest::collection::vec(command, 0..80)).prop_filter_map(
        "a configuration",
        |(name, commands)| {
            let mut source = format!(
                "bot = {{ name = \"{name}\" }}\naccess = {{ users = [], channels = [] }}\n"
            );
            for (number, (word, description, length)) in commands.into_iter().enumerate() {
                let description = description.replace(['"', '\\'], "'").repeat(length + 1);
                let rest = format!("n{number} ").repeat(length + 1);
                source.push_str(&format!(
                    "[[command]]\npattern = \"{word} {rest}\"\ndescription = \"{description}\"\nchannels = []\n\
                     risk = \"low\"\nrunbook = \"none\"\n"
                ));
            }
            config::parse(Path::new("c.toml"), source.clone()).is_ok().then_some(source)
        },
    )
}

#[test]
fn every_manifest_fits_slacks_schema() {
    let mut runner = TestRunner::deterministic();
    let sources = (0..60).map(|_| generated().new_tree(&mut runner).unwrap().current());
    let mut manifests = Vec::new();
    for source in sources.chain([CONFIG.to_owned(), crate::dev::DEMO_CONFIG.to_owned()]) {
        let config = parsed(&source);
        for uses in [Uses::of(&config), Uses::least(&config)] {
            for transport in [Transport::SocketMode, http()] {
                let manifest = manifest(&config, uses, &transport).unwrap();
                names_are_slacks(&manifest);
                manifests.push(manifest);
            }
        }
    }
    assert!(manifests.iter().any(|manifest| slashes(manifest).len() > 20));
    fit_the_schema(&manifests);
}

fn slashes(manifest: &Value) -> Vec<&str> {
    let slashes = manifest["features"]["slash_commands"].as_array();
    slashes.into_iter().flatten().filter_map(|slash| slash["command"].as_str()).collect()
}

/// What the schema does not say: Slack takes small letters, digits and hyphens, and each name once.
fn names_are_slacks(manifest: &Value) {
    let mut names = slashes(manifest);
    for name in &names {
        let letters = name.strip_prefix('/').unwrap();
        assert!(letters.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b)));
        assert!(!["status", "remove", "who"].contains(&letters));
    }
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}

/// Python's validator judges; where it or the schema is missing, that is said.
fn fit_the_schema(manifests: &[Value]) {
    let schema = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/conformance/slack/manifest.schema.2.0.0.json");
    if !schema.exists() {
        println!("skipped: {} is not there", schema.display());
        return;
    }
    let Ok(mut python) = Command::new("python3")
        .args(["-c", VALIDATE])
        .arg(&schema)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
    else {
        println!("skipped: there is no python3");
        return;
    };
    // It reads all of it before it says anything.
    python.stdin.take().unwrap().write_all(json!(manifests).to_string().as_bytes()).unwrap();
    let said = python.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    if said.starts_with("skipped") {
        println!("{said}");
        return;
    }
    assert_eq!(said, format!("{} fit\n", manifests.len()));
}

const VALIDATE: &str = r#"
import json, sys
manifests = json.load(sys.stdin)
try:
    from jsonschema import Draft7Validator as Validator
except ImportError:
    print("skipped: Python has no jsonschema")
    sys.exit()
validator = Validator(json.load(open(sys.argv[1])))
assert list(validator.iter_errors({"display_information": {}})), "the validator takes anything"
wrong = [f"{list(e.path)}: {e.message[:300]}" for m in manifests for e in validator.iter_errors(m)]
print("\n".join(wrong[:20]) if wrong else f"{len(manifests)} fit")
"#;
