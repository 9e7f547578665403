//! `countersign why`: policy's checks for a sentence, one by one, from the configuration alone.

use std::path::PathBuf;

use clap::Args;
use countersign_core::command::catalog::Command;
use countersign_core::command::spec::Scope;
use countersign_core::ids::{ChannelId, OrgId, PersonId};
use countersign_core::policy::{Ask, Check, Manner, Person, Place, Policy, Standing};
use countersign_core::reply;
use countersign_core::router::Routing;
use countersign_engine::ports::Clock as _;
use countersign_engine::rules::refusal_of;
use countersign_engine::system::SystemClock;

use super::{Complaint, configuration, print};
use crate::config::Config;

/// The home workspace's id does not matter: everybody here is from it.
const HOME: &str = "T";
/// What the configuration alone does not say.
const ASSUMED: &str = "Taken for granted: a full member of the workspace, in a channel of this organisation alone; user \
                       groups of Slack and freezes by hand are left out.";

/// Whose question it is, and about what.
#[derive(Debug, Args)]
pub(super) struct WhyArgs {
    /// The sentence, in quotation marks.
    sentence: String,
    /// The person: a Slack user id, or a name from [terminal] people.
    #[arg(long, value_name = "NAME")]
    person: String,
    /// The channel, where the command belongs to several.
    #[arg(long, value_name = "NAME")]
    channel: Option<String>,
    /// At a terminal instead of in Slack.
    #[arg(long)]
    terminal: bool,
    /// In an emergency, at a terminal.
    #[arg(long)]
    break_glass: bool,
    /// The configuration; without it countersign.toml here, else the demo's.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(super) fn run(args: &WhyArgs) -> Result<(), Complaint> {
    let config = configuration(args.config.as_deref())?;
    let (catalog, policy) = (config.catalog()?, config.policy(OrgId::new(HOME)));
    let (command, values) = match catalog.route(&args.sentence) {
        Routing::Route { command, args } => (command, args.to_plain_json()),
        other => {
            let refusal = reply::refusal(&refusal_of(other), &config.file().bot.name);
            return Err(Complaint { sentence: refusal.to_string(), code: 3 });
        }
    };
    let place = Place::home(channel(&config, command, args.channel.as_deref())?);
    let person = person(&config, &args.person);
    let manner = match (args.break_glass, args.terminal) {
        (true, _) => Manner::Emergency,
        (false, true) => Manner::Terminal,
        (false, false) => Manner::Chat,
    };
    let now = SystemClock.now();
    let ask = Ask { spec: command.spec(), args: &values, person: &person, place: &place, manner, now };
    let (text, may) = answer(&policy, command, &ask);
    print(&text)?;
    if may { Ok(()) } else { Err(Complaint::silent(3)) }
}

/// The checks, a line each, and what they add up to.
fn answer(policy: &Policy, command: &Command, ask: &Ask<'_>) -> (String, bool) {
    let mut lines = vec![format!("{}: {}", ask.spec.name, command.usage())];
    lines.extend(policy.why(ask).iter().map(line));
    let permit = policy.permit(ask);
    lines.push(match &permit {
        Ok(permit) => format!("Yes. Who signs: {}.", permit.quorum()),
        Err(_) => "No.".to_owned(),
    });
    lines.push(ASSUMED.to_owned());
    (lines.join("\n"), permit.is_ok())
}

fn line(check: &Check) -> String {
    match &check.refusal {
        None => format!("  yes  {}", check.what),
        Some(refusal) => format!("  no   {}: {}", check.what, reply::refusal(refusal, "").summary),
    }
}

/// The channel by its name, or the one to which the command belongs.
fn channel(config: &Config, command: &Command, named: Option<&str>) -> Result<ChannelId, Complaint> {
    if let Some(name) = named {
        let id = config.file().channels.get(name.trim_start_matches('#'));
        return id
            .map(ChannelId::new)
            .ok_or_else(|| Complaint::usage(format!("There is no channel `{name}` in [channels].")));
    }
    match &command.spec().channels {
        Scope::Only(channels) if channels.len() == 1 => channels.first().cloned(),
        _ => None,
    }
    .ok_or_else(|| {
        Complaint::usage("This command does not belong to one channel alone: name one with --channel.")
    })
}

fn person(config: &Config, named: &str) -> Person {
    let people = config.file().terminal.iter().flat_map(|terminal| &terminal.people);
    let known =
        people.filter(|person| person.name() == named).map(|person| person.slack.get_ref().as_str()).next();
    let user = known.unwrap_or(named);
    Person { id: PersonId::new(HOME, user), name: named.to_owned(), standing: Standing::Member }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn why(user: &str, manner: Manner) -> String {
        let config = crate::dev::demo_config().unwrap();
        let (catalog, policy) = (config.catalog().unwrap(), config.policy(OrgId::new(HOME)));
        let command = catalog.command("cycle-workers-of-pool").unwrap();
        let (person, args) = (person(&config, user), json!({"pool": "eu-west"}));
        let place =
            Place::home(channel(&config, command, None).unwrap_or_else(|no| panic!("{}", no.sentence)));
        let now = jiff::Timestamp::UNIX_EPOCH;
        let ask = Ask { spec: command.spec(), args: &args, person: &person, place: &place, manner, now };
        answer(&policy, command, &ask).0
    }

    #[test]
    fn every_check_has_its_line() {
        insta::assert_snapshot!(why("U0CHLOE", Manner::Chat), @"
        cycle-workers-of-pool: cycle workers of pool <pool>
          yes  the bot works in this channel
          yes  the command belongs to this channel
          yes  a channel of this organisation alone, or shared on purpose
          yes  a full member of this workspace, or named in the configuration
          yes  listed in the configuration
          yes  a member of one of the groups
          yes  not frozen
        Yes. Who signs: you and one other person from engineers.
        Taken for granted: a full member of the workspace, in a channel of this organisation alone; user groups of Slack and freezes by hand are left out.
        ");
        insta::assert_snapshot!(why("U0ANA", Manner::Emergency), @"
        cycle-workers-of-pool: cycle workers of pool <pool>
          yes  the bot works in this channel
          yes  the command belongs to this channel
          yes  a channel of this organisation alone, or shared on purpose
          yes  a full member of this workspace, or named in the configuration
          yes  listed in the configuration
          no   a member of one of the groups: This is for members of engineers, and you are not one of them.
          no   listed among the people at terminals: This cannot be done at a terminal, or not by you. Ask those who look after the bot to add the channel and you to [terminal].
          no   the channel's commands may be run at a terminal: This cannot be done at a terminal, or not by you. Ask those who look after the bot to add the channel and you to [terminal].
          no   a command for emergencies: Nothing says that this may be done with fewer signatures: [break_glass] does not name it.
          yes  not frozen
        No.
        Taken for granted: a full member of the workspace, in a channel of this organisation alone; user groups of Slack and freezes by hand are left out.
        ");
    }
}
