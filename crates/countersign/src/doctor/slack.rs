//! The tokens, what they are good for, and Slack's clock.

use std::sync::Arc;

use countersign_slack::web_api::{Grant, Settings};
use countersign_slack::{Me, WebApi};
use jiff::SignedDuration;

use super::{Ears, Finding, Findings, Patient, advice};
use crate::config::Config;
use crate::manifest::{Scope, Uses};
use crate::tokens::{Kind, Source, Tokens};

/// Slack refuses requests whose time is off by five minutes, and so do we.
const CLOCK_BROKEN: SignedDuration = SignedDuration::from_secs(60);
const CLOCK_ODD: SignedDuration = SignedDuration::from_secs(5);

/// The tokens, if those are there that this way of hearing needs.
pub(super) fn tokens(source: &Source, hears: Ears, findings: &mut Findings) -> Option<Tokens> {
    let tokens = match source.load() {
        Ok(tokens) => tokens,
        Err(error) => {
            findings.add(Finding::wrong("tokens", error.to_string()));
            return None;
        }
    };
    for path in source.exposed() {
        let sentence =
            format!("Everybody on this machine may read {}. Take that away: chmod 600.", path.display());
        findings.add(Finding::note("tokens", sentence));
    }
    let needed = match hears {
        Ears::SocketMode => tokens.for_socket_mode().map(drop),
        Ears::Http => tokens.for_http().map(drop),
    };
    match needed {
        Ok(()) => findings.add(Finding::fine("tokens", there(&tokens))),
        Err(error) => findings.add(Finding::wrong("tokens", error.to_string())),
    }
    Some(tokens)
}

fn there(tokens: &Tokens) -> String {
    let optional =
        [(Kind::App, tokens.app.is_some()), (Kind::SigningSecret, tokens.signing_secret.is_some())];
    let optional = optional.into_iter().filter(|(_, is_there)| *is_there).map(|(kind, _)| kind.to_string());
    let kinds: Vec<String> = [Kind::Bot.to_string()].into_iter().chain(optional).collect();
    format!("There are: {}.", kinds.join(", "))
}

/// A client with the bot's token.
pub(super) fn client(patient: &Patient, tokens: &Tokens, findings: &mut Findings) -> Option<WebApi> {
    let Ok(base) = patient.api_url.parse() else {
        let sentence = format!("`{}` is no address of a Slack Web API.", patient.api_url);
        findings.add(Finding::wrong("Slack", sentence));
        return None;
    };
    let settings = Settings { base, token: tokens.bot.clone(), deadlines: Default::default() };
    match WebApi::new(settings, Arc::clone(&patient.clock)) {
        Ok(api) => Some(api),
        Err(error) => {
            findings.add(Finding::wrong("Slack", format!("This machine's TLS does not work: {error}.")));
            None
        }
    }
}

/// Who the bot is, if Slack takes its token; and what Slack tells about the token besides.
pub(super) async fn token(
    api: &WebApi,
    (config, hears): (&Config, Ears),
    findings: &mut Findings,
) -> Option<Me> {
    let (me, grant) = match (api.auth_test().await, api.grant().await) {
        (Ok(me), Ok(grant)) => (me, grant),
        (Err(error), _) | (_, Err(error)) => {
            findings.add(Finding::wrong("bot token", advice::on_token(Kind::Bot, &error)));
            return None;
        }
    };
    let named = |name: &Option<String>| name.clone().unwrap_or_else(|| "without a name".to_owned());
    let sentence =
        format!("It is @{} in the workspace {} ({}).", named(&grant.bot), named(&grant.workspace), me.team);
    findings.add(Finding::fine("bot token", sentence));
    findings.add(clock(grant.ahead, hears));
    findings.add(scopes(&grant, Uses::of(config)));
    Some(me)
}

pub(super) fn clock(ahead: Option<SignedDuration>, hears: Ears) -> Finding {
    let Some(ahead) = ahead else { return Finding::skipped("clock", "Slack does not tell its time.") };
    let seconds = ahead.abs().as_secs();
    let way = if ahead.is_negative() { "behind" } else { "ahead of" };
    if ahead.abs() < CLOCK_ODD {
        return Finding::fine("clock", "This machine's clock agrees with Slack's.");
    }
    let off =
        format!("This machine's clock is {seconds} s {way} Slack's. Let it be set by a time server (NTP).");
    if ahead.abs() < CLOCK_BROKEN {
        return Finding::note("clock", off);
    }
    let why = match hears {
        Ears::Http => " Signed requests that seem older than five minutes are refused.",
        Ears::SocketMode => " Deadlines of signatures would be kept wrongly.",
    };
    Finding::wrong("clock", format!("{off}{why}"))
}

pub(super) fn scopes(grant: &Grant, uses: Uses) -> Finding {
    let Some(has) = &grant.scopes else {
        return Finding::skipped("scopes", "Slack does not tell what the token may do.");
    };
    let needed: Vec<&str> = Scope::needed(uses).map(|scope| scope.name).collect();
    let missing: Vec<&str> =
        needed.iter().copied().filter(|name| !has.iter().any(|has| has == name)).collect();
    if !missing.is_empty() {
        let sentence = format!(
            "Missing: {}. Replace the app's manifest by what `countersign manifest` prints, and install it again.",
            missing.join(", ")
        );
        return Finding::wrong("scopes", sentence);
    }
    let more: Vec<&str> = has.iter().map(String::as_str).filter(|name| !needed.contains(name)).collect();
    if more.is_empty() {
        return Finding::fine("scopes", format!("All {} are there, and no others.", needed.len()));
    }
    let sentence = format!("All are there. Not needed, and better taken away: {}.", more.join(", "));
    Finding::note("scopes", sentence)
}
