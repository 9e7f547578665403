//! The Slack app's manifest, derived from a configuration: what the app is called, which slash commands it
//! has, what it is told, and what it may do. Slack makes an app of it, or updates one.
//!
//! The manifest's keys and limits are those of Slack's schema, version 2.0.0.

mod events;
mod needs;
mod scopes;
mod slash_commands;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use crate::config::{Config, ConfigErrors};

pub use events::{EVENTS, Event};
pub use needs::{Need, Uses};
pub use scopes::{APP_SCOPE, SCOPES, Scope};
pub use slash_commands::{Slash, not_offered, slash_commands};

/// Slack's limits, in characters.
const LONGEST_NAME: usize = 35;
const LONGEST_DISPLAY_NAME: usize = 80;
const LONGEST_URL: usize = 3000;
/// Where `countersign serve --http` takes Slack's requests.
const PATH: &str = "/slack";
const DESCRIPTION: &str = "Runs what this team asks for, after the right people have signed.";

/// How Slack's payloads come to the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transport {
    /// Over connections that the bot opens.
    SocketMode,
    /// Over requests to this address.
    Http(RequestUrl),
}

/// The address at which Slack finds the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestUrl(String);

impl std::str::FromStr for RequestUrl {
    type Err = String;

    /// `https://bot.example.com`, with or without a path of its own.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim_end_matches('/');
        let host = text.strip_prefix("https://").ok_or("Slack calls https:// addresses alone")?;
        if host.is_empty() || host.starts_with(['/', ':']) {
            return Err("write the host, as in https://bot.example.com".to_owned());
        }
        if host.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '"')) {
            return Err("write the host and perhaps a path, and nothing behind them".to_owned());
        }
        let url = if host.contains('/') { text.to_owned() } else { format!("{text}{PATH}") };
        if url.chars().count() > LONGEST_URL {
            return Err(format!("Slack takes at most {LONGEST_URL} characters"));
        }
        Ok(Self(url))
    }
}

/// The manifest for the commands of `config` and what the bot `uses`.
///
/// # Errors
/// What is wrong with the configuration.
pub fn manifest(config: &Config, uses: Uses, transport: &Transport) -> Result<Value, ConfigErrors> {
    let name = config.file().bot.name.trim();
    let url = match transport {
        Transport::SocketMode => None,
        Transport::Http(RequestUrl(url)) => Some(url.as_str()),
    };
    let with_url = |mut object: Map<String, Value>, key: &str| {
        object.extend(url.map(|url| (key.to_owned(), url.into())));
        Value::Object(object)
    };
    let commands: Vec<Value> = slash_commands(config)?
        .into_iter()
        .map(|slash| {
            let mut object = Map::from_iter([("command".to_owned(), slash.command.into())]);
            object.insert("description".to_owned(), slash.description.into());
            object.extend(slash.usage_hint.map(|hint| ("usage_hint".to_owned(), hint.into())));
            object.insert("should_escape".to_owned(), true.into());
            with_url(object, "url")
        })
        .collect();
    let mut features = json!({
        "app_home": {
            "home_tab_enabled": true,
            "messages_tab_enabled": uses.messages,
            "messages_tab_read_only_enabled": !uses.messages,
        },
        "bot_user": {"display_name": shortened(name, LONGEST_DISPLAY_NAME), "always_online": true},
    });
    // Slack takes no empty list.
    if let (false, Some(features)) = (commands.is_empty(), features.as_object_mut()) {
        features.insert("slash_commands".to_owned(), commands.into());
    }
    let events = Map::from_iter([("bot_events".to_owned(), events::names(uses).into())]);
    let interactivity = Map::from_iter([("is_enabled".to_owned(), true.into())]);
    Ok(json!({
        "_metadata": {"major_version": 2},
        "display_information": {"name": shortened(name, LONGEST_NAME), "description": DESCRIPTION},
        "features": features,
        "oauth_config": {"scopes": {"bot": scopes::names(uses)}},
        "settings": {
            "event_subscriptions": with_url(events, "request_url"),
            "interactivity": with_url(interactivity, "request_url"),
            "org_deploy_enabled": false,
            "socket_mode_enabled": url.is_none(),
            "token_rotation_enabled": false,
        },
    }))
}

/// The link that opens Slack's form for a new app, filled in with `manifest`.
pub fn link(manifest: &Value) -> String {
    let query = serde_urlencoded::to_string([("new_app", "1"), ("manifest_json", &manifest.to_string())]);
    // In an address, unlike in a form, a plus may be taken for a plus.
    format!("https://api.slack.com/apps?{}", query.unwrap_or_default().replace('+', "%20"))
}

/// At most `most` characters, the last one an ellipsis where something is missing.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}
