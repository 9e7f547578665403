//! The channels that the configuration names.

use countersign_core::command::spec::Scope;
use countersign_core::ids::{ChannelId, OrgId};
use countersign_core::policy::Reach;
use countersign_slack::{Room, WebApi};

use super::{Finding, advice};
use crate::config::{Config, ConfigErrors};

const WHAT: &str = "channel";

pub(super) async fn examine(api: &WebApi, config: &Config) -> Result<Vec<Finding>, ConfigErrors> {
    let mut findings = Vec::new();
    let bot = &config.file().bot.name;
    let shared = config.policy(OrgId::new("T0")).shared;
    for (name, id) in &config.file().channels {
        let id = ChannelId::new(id);
        let finding = match api.room(&id).await {
            Err(error) => Finding::wrong(WHAT, format!("{name}: {}", advice::unanswered(&error))),
            Ok(room) => of(&Named { name, id: &id, bot }, room.as_ref(), &shared),
        };
        findings.push(finding);
    }
    Ok(findings)
}

/// A channel by its names.
pub(super) struct Named<'a> {
    /// In the configuration.
    pub(super) name: &'a str,
    /// In Slack.
    pub(super) id: &'a ChannelId,
    /// Who is to be invited.
    pub(super) bot: &'a str,
}

pub(super) fn of(channel: &Named<'_>, room: Option<&Room>, shared: &Scope<ChannelId>) -> Finding {
    let Named { name, id, bot } = channel;
    let invite = format!("/invite @{bot}");
    let Some(room) = room else {
        let sentence = format!(
            "{name}: The bot sees no channel {id}. Is that its id (the end of the channel's details in Slack)? \
             If it is private, invite the bot: {invite}"
        );
        return Finding::wrong(WHAT, sentence);
    };
    let is_meant = match shared {
        Scope::Everyone => true,
        Scope::Only(channels) => channels.contains(*id),
    };
    let called = room.name.as_deref().map_or_else(|| id.to_string(), |name| format!("#{name}"));
    if room.is_archived {
        return Finding::wrong(
            WHAT,
            format!("{name}: {called} is archived. Name another, or open it again."),
        );
    }
    if !room.is_member {
        return Finding::wrong(
            WHAT,
            format!("{name}: The bot is not in {called}. Invite it there: {invite}"),
        );
    }
    match room.reach {
        Reach::Home => Finding::fine(WHAT, format!("{name}: The bot is in {called}.")),
        Reach::Shared if is_meant => Finding::fine(
            WHAT,
            format!(
                "{name}: The bot is in {called}, which is shared with another organisation, as the configuration says."
            ),
        ),
        Reach::Shared => Finding::wrong(
            WHAT,
            format!(
                "{name}: {called} is shared with another organisation, so that nothing is taken there. If that is \
                 meant, name it in `shared_channels`."
            ),
        ),
        Reach::Unseen => Finding::wrong(
            WHAT,
            format!("{name}: Slack does not say whether {called} is shared, so that nothing is taken there."),
        ),
    }
}
