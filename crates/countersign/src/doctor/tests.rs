//! What the doctor says, for each of the things that it can find.

use std::collections::BTreeSet;
use std::path::Path;

use countersign_core::command::spec::Scope;
use countersign_core::ids::{ChannelId, PersonId};
use countersign_core::policy::{Person, Reach, Standing};
use countersign_engine::ports::DirectoryError;
use countersign_slack::Room;
use countersign_slack::web_api::{Grant, WebError};
use jiff::SignedDuration;

use super::{Ears, Finding, Findings, advice, channels, people, quorums, slack};
use crate::config;
use crate::manifest::Uses;
use crate::tokens::Kind;

fn lines(findings: impl IntoIterator<Item = Finding>) -> String {
    let mut all = Findings::default();
    all.extend(findings.into_iter().collect());
    all.to_string()
}

#[test]
fn the_clock() {
    let of = |seconds, hears| slack::clock(Some(SignedDuration::from_secs(seconds)), hears);
    insta::assert_snapshot!(lines([
        of(0, Ears::Http),
        of(-4, Ears::Http),
        of(-5, Ears::Http),
        of(59, Ears::Http),
        of(60, Ears::Http),
        of(-3600, Ears::SocketMode),
        slack::clock(None, Ears::Http),
    ]), @"
    ok       clock          This machine's clock agrees with Slack's.
    ok       clock          This machine's clock agrees with Slack's.
    note     clock          This machine's clock is 5 s behind Slack's. Let it be set by a time server (NTP).
    note     clock          This machine's clock is 59 s ahead of Slack's. Let it be set by a time server (NTP).
    WRONG    clock          This machine's clock is 60 s ahead of Slack's. Let it be set by a time server (NTP). Signed requests that seem older than five minutes are refused.
    WRONG    clock          This machine's clock is 3600 s behind Slack's. Let it be set by a time server (NTP). Deadlines of signatures would be kept wrongly.
    skipped  clock          Slack does not tell its time.
    ");
}

#[test]
fn scopes() {
    let uses = Uses { reactions: true, messages: false, listening: false, usergroups: false };
    let of = |names: Option<&[&str]>| {
        let scopes = names.map(|names| names.iter().map(|&name| name.to_owned()).collect());
        slack::scopes(&Grant { workspace: None, bot: None, scopes, ahead: None }, uses)
    };
    let all = [
        "app_mentions:read",
        "commands",
        "chat:write",
        "users:read",
        "channels:read",
        "groups:read",
        "reactions:read",
        "reactions:write",
    ];
    let more: Vec<&str> = all.into_iter().chain(["admin", "files:write"]).collect();
    insta::assert_snapshot!(lines([of(Some(&all)), of(Some(&more)), of(Some(&all[1..7])), of(None)]), @"
    ok       scopes         All 8 are there, and no others.
    note     scopes         All are there. Not needed, and better taken away: admin, files:write.
    WRONG    scopes         Missing: app_mentions:read, reactions:write. Replace the app's manifest by what `countersign manifest` prints, and install it again.
    skipped  scopes         Slack does not tell what the token may do.
    ");
}

#[test]
fn rooms() {
    let id = ChannelId::new("C1");
    let named = channels::Named { name: "office", id: &id, bot: "Backoffice Bot" };
    let room = |is_member, is_archived, reach| {
        Some(Room { name: Some("back".to_owned()), is_member, is_archived, reach })
    };
    let nowhere = Scope::Only(BTreeSet::new());
    let of = |room: Option<Room>, shared: &Scope<ChannelId>| channels::of(&named, room.as_ref(), shared);
    insta::assert_snapshot!(lines([
        of(room(true, false, Reach::Home), &nowhere),
        of(room(true, false, Reach::Shared), &Scope::Everyone),
        of(room(true, false, Reach::Shared), &Scope::Only(BTreeSet::from([id.clone()]))),
        of(room(true, false, Reach::Shared), &nowhere),
        of(room(true, false, Reach::Unseen), &nowhere),
        of(room(false, false, Reach::Home), &nowhere),
        of(room(true, true, Reach::Home), &nowhere),
        of(None, &nowhere),
    ]), @"
    ok       channel        office: The bot is in #back.
    ok       channel        office: The bot is in #back, which is shared with another organisation, as the configuration says.
    ok       channel        office: The bot is in #back, which is shared with another organisation, as the configuration says.
    WRONG    channel        office: #back is shared with another organisation, so that nothing is taken there. If that is meant, name it in `shared_channels`.
    WRONG    channel        office: Slack does not say whether #back is shared, so that nothing is taken there.
    WRONG    channel        office: The bot is not in #back. Invite it there: /invite @Backoffice Bot
    WRONG    channel        office: #back is archived. Name another, or open it again.
    WRONG    channel        office: The bot sees no channel C1. Is that its id (the end of the channel's details in Slack)? If it is private, invite the bot: /invite @Backoffice Bot
    ");
}

#[test]
fn groups() {
    let person = |user: &str, standing| {
        Ok(Person { id: PersonId::new("T1", user), name: format!("Name of {user}"), standing })
    };
    let admitted = BTreeSet::from([PersonId::new("T9", "U7")]);
    let of = |found: &[Result<Person, DirectoryError>]| people::of("sre", found, &admitted);
    let foreign =
        Ok(Person { id: PersonId::new("T9", "U7"), name: "Gus".to_owned(), standing: Standing::Foreign });
    insta::assert_snapshot!(lines([
        of(&[person("U1", Standing::Member)]),
        of(&[person("U1", Standing::Member), foreign]),
        of(&[
            person("U1", Standing::Member),
            person("U2", Standing::Guest),
            person("U3", Standing::Bot),
            person("U4", Standing::Deactivated),
            person("U5", Standing::Foreign),
            Ok(Person { id: PersonId::new("T1", "U6"), name: "U6".to_owned(), standing: Standing::Unknown }),
        ]),
        of(&[person("U2", Standing::Guest)]),
        of(&[]),
        of(&[Err(DirectoryError::Away("Slack does not answer".into()))]),
    ]), @"
    ok       group          sre: 1 person can sign.
    ok       group          sre: 2 people can sign.
    note     group          sre: 1 person can sign. Not: Name of U2 U2 (a guest; name them in `also` if they shall), Name of U3 U3 (a bot), Name of U4 U4 (switched off), Name of U5 U5 (of another organisation; name them in `also` if they shall), U6 (Slack knows nobody with this id).
    WRONG    group          sre: Nobody in it can sign. Not: Name of U2 U2 (a guest; name them in `also` if they shall).
    WRONG    group          sre: Nobody in it can sign. It is empty.
    WRONG    group          sre: the directory of people does not answer: Slack does not answer.
    ");
}

#[test]
fn tokens_that_slack_does_not_take() {
    let denied = |code: &str| WebError::Denied {
        method: "auth.test",
        code: code.to_owned(),
        needed: None,
        provided: None,
    };
    let codes =
        ["invalid_auth", "token_revoked", "not_allowed_token_type", "missing_scope", "forbidden_team", "odd"];
    let of_the_app = advice::on_token(Kind::App, &denied("invalid_auth"));
    let all: Vec<String> = codes.iter().map(|code| advice::on_token(Kind::Bot, &denied(code))).collect();
    insta::assert_snapshot!([all.join("\n"), of_the_app].join("\n"), @"
    Slack does not know this token: it is another workspace's, or was cut when it was copied. Copy it again from “OAuth & Permissions”, “Bot User OAuth Token”.
    Slack takes this token no more: the app was removed, or the token was withdrawn. Install the app again. Copy it again from “OAuth & Permissions”, “Bot User OAuth Token”.
    This is another kind of token. Are the bot's and the app's exchanged? Copy it again from “OAuth & Permissions”, “Bot User OAuth Token”.
    This token may not do that. Make an app token with the scope connections:write: “OAuth & Permissions”, “Bot User OAuth Token”.
    This workspace does not let the app in. An administrator must approve it.
    Slack refused auth.test: odd.
    Slack does not know this token: it is another workspace's, or was cut when it was copied. Copy it again from “Basic Information”, “App-Level Tokens”, with the scope connections:write.
    ");
    let away = WebError::Unavailable { method: "auth.test", reason: "no connection".to_owned() };
    insta::assert_snapshot!(advice::on_token(Kind::Bot, &away), @"Slack cannot be asked: Slack is not available for auth.test: no connection. Does this machine reach the internet, and does a proxy let slack.com through?");
}

#[test]
fn commands_that_nobody_can_sign() {
    let of = |groups: &str, approval: &str| {
        let text = format!(
            "[bot]\nname = \"Bot\"\n[access]\nusers = [\"*\"]\nchannels = [\"*\"]\n[groups]\n{groups}\n\
             [[command]]\npattern = \"drop it\"\ndescription = \"Drop it.\"\nchannels = [\"*\"]\nrisk = \"high\"\n\
             runbook = \"drop\"\napproval = {approval}\n"
        );
        let config = config::parse(Path::new("own.toml"), text).unwrap();
        lines(quorums::examine(&config).unwrap())
    };
    insta::assert_snapshot!(of("sre = [\"U1\"]", "{ others = 2, from = [\"sre\"] }"), @"WRONG    signatures     `drop-it` needs 2 others, and its groups name 1. Name more people, or ask for fewer.");
    assert_eq!(of("sre = [\"U1\"]", "{ others = 1, from = [\"sre\"] }"), "");
    assert_eq!(of("sre = { usergroup = \"S1\" }", "{ others = 2, from = [\"sre\"] }"), "");
    assert_eq!(of("sre = [\"U1\"]", "{ others = 2 }"), "");
    let twice = "{ others = 1, from = [\"sre\", \"dba\"] }";
    assert!(of("sre = [\"U1\"]\ndba = [\"U1\"]", twice).contains("needs 2 others"));
}
