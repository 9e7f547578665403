//! A user object → a person and their standing. What is missing is never guessed.

use countersign_core::ids::{OrgId, PersonId};
use countersign_core::policy::{Person, Standing};
use serde_json::Value;

use crate::Me;
use crate::payload::{filled, list, short, text, truth};

const LONGEST_NAME: usize = 80;

/// The person `asked` for, as the user object describes them. Their organisation is what the
/// object says, whatever the payload said that they came with.
pub(super) fn person(user: &Value, asked: &PersonId, home: &Me) -> Person {
    let org = org(user, home);
    let is_asked = text(user, "/id") == Some(asked.user.as_str());
    let standing = match &org {
        Some(org) if is_asked => standing(user, org, home).unwrap_or(Standing::Unknown),
        _ => Standing::Unknown,
    };
    let id = PersonId { org: org.unwrap_or_else(|| asked.org.clone()), user: asked.user.clone() };
    Person { name: name(user).unwrap_or_else(|| id.user.to_string()), id, standing }
}

/// `None` when a field is missing that decides.
fn standing(user: &Value, org: &OrgId, home: &Me) -> Option<Standing> {
    if truth(user, "/deleted")? {
        return Some(Standing::Deactivated);
    }
    if truth(user, "/is_bot")?
        || is_any(user, &["/is_workflow_bot", "/is_connector_bot"])
        || is_slackbot(user)
    {
        return Some(Standing::Bot);
    }
    // `is_stranger` is false for people of other workspaces who share a channel with us: it proves nothing.
    if org != home.org() || is_any(user, &["/is_stranger"]) {
        return Some(Standing::Foreign);
    }
    if truth(user, "/is_restricted")? || truth(user, "/is_ultra_restricted")? {
        return Some(Standing::Guest);
    }
    let is_invited = is_any(user, &["/is_invited_user"]);
    Some(if is_invited { Standing::Unknown } else { Standing::Member })
}

/// The person's organisation, with one name for home. On Grid, home are the people of the
/// bot's own workspace, or of the whole organisation if the bot is installed there.
fn org(user: &Value, home: &Me) -> Option<OrgId> {
    let team = filled(user, "/team_id")?;
    let Some(enterprise) = &home.enterprise else { return Some(OrgId::new(team)) };
    let theirs = filled(user, "/enterprise_user/enterprise_id").or(filled(user, "/enterprise_id"));
    let teams = || list(user, "/enterprise_user/teams").iter().filter_map(Value::as_str);
    let is_organisation_wide = home.team == *enterprise;
    let is_home = theirs.is_none_or(|theirs| theirs == enterprise.as_str())
        && (is_organisation_wide && theirs.is_some()
            || home.org_of(team) == *home.org()
            || theirs.is_some() && teams().any(|team| team == home.team.as_str()));
    Some(if is_home { home.org().clone() } else { OrgId::new(team) })
}

fn is_any(user: &Value, pointers: &[&str]) -> bool {
    pointers.iter().any(|pointer| truth(user, pointer) == Some(true))
}

/// Slackbot says of itself that it is no bot.
fn is_slackbot(user: &Value) -> bool {
    text(user, "/id") == Some("USLACKBOT")
}

fn name(user: &Value) -> Option<String> {
    ["/profile/display_name", "/profile/real_name", "/real_name", "/name"]
        .iter()
        .find_map(|pointer| filled(user, pointer))
        .map(|name| short(name, LONGEST_NAME))
}
