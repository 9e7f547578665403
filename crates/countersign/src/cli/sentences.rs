//! `countersign test FILE`: what sentences do, as a file that a reviewer can read.
//!
//! ```toml
//! [[sentence]]
//! say = "set acme trial remaining to 14 days"
//! in = "backoffice"
//! command = "set-trial-remaining-to-days"
//! args = { subdomain = "acme", days = 14 }
//!
//! [[sentence]]
//! say = "set acme trial remaining to many days"
//! refused = "days must be a whole number"
//! ```

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use countersign_core::command::catalog::Catalog;
use countersign_core::ids::{ChannelId, OrgId, PersonId};
use countersign_core::policy::{Ask, Manner, Person, Place, Policy, Standing};
use countersign_core::reply;
use countersign_core::router::Routing;
use jiff::Timestamp;
use serde::Deserialize;

use super::{Complaint, configuration, print};
use crate::config::{Config, ConfigErrors};

/// The workspace of the people in a test: they are members of it.
const HOME: &str = "T0";
/// The person who speaks where a sentence names none.
const SOMEBODY: &str = "somebody";

/// What to test.
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// The sentences with what is expected of them.
    file: PathBuf,
    /// The configuration; without it `countersign.toml` here, else the demo's.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    sentence: Vec<Expected>,
}

/// A sentence and what is expected of it: a command with its arguments, or a refusal.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The sentence.
    say: String,
    /// The channel's name in the configuration; without it policy is not asked.
    #[serde(rename = "in")]
    channel: Option<String>,
    /// The person's user id.
    #[serde(rename = "as")]
    person: Option<String>,
    /// The command's name.
    command: Option<String>,
    /// Its arguments, all of them.
    args: Option<serde_json::Value>,
    /// How many others must sign.
    others: Option<u8>,
    /// A part of the refusal's text.
    refused: Option<String>,
}

/// What a sentence does.
#[derive(Debug, PartialEq)]
enum Does {
    Runs { command: String, args: serde_json::Value, others: u8 },
    Refused(String),
}

pub(super) fn run(args: &TestArgs) -> Result<(), Complaint> {
    let config = configuration(args.config.as_deref())?;
    let file = read(&args.file)?;
    let bench = Bench { catalog: config.catalog()?, policy: policy(&config), config: &config };
    let mut report = String::new();
    let mut failed = 0;
    for expected in &file.sentence {
        match bench.check(expected) {
            Ok(()) => {
                let _ = writeln!(report, "ok    {}", expected.say);
            }
            Err(difference) => {
                failed += 1;
                let _ = writeln!(report, "FAIL  {}\n      {difference}", expected.say);
            }
        }
    }
    let passed = file.sentence.len() - failed;
    print(&format!("{report}{passed} passed, {failed} failed"))?;
    if failed > 0 {
        return Err(Complaint::failed("Some sentences do not do what is expected of them."));
    }
    Ok(())
}

fn read(path: &Path) -> Result<File, Complaint> {
    let text = std::fs::read_to_string(path).map_err(|error| ConfigErrors::unreadable(path, &error))?;
    let file: File = toml::from_str(&text).map_err(|error| ConfigErrors::toml(path, &text, &error))?;
    if file.sentence.is_empty() {
        let hint = "There is no [[sentence]] in it, so there is nothing to test";
        return Err(Complaint::usage(format!("{}: {hint}.", path.display())));
    }
    Ok(file)
}

/// What the sentences are tried on.
struct Bench<'a> {
    catalog: Catalog,
    policy: Policy,
    config: &'a Config,
}

/// Policy on an ordinary day: what the calendar freezes would make a test depend on when it is run.
fn policy(config: &Config) -> Policy {
    Policy { calendar: Vec::new(), ..config.policy(OrgId::new(HOME)) }
}

impl Bench<'_> {
    fn check(&self, expected: &Expected) -> Result<(), String> {
        let does = self.does(expected)?;
        match (&does, &expected.command, &expected.refused) {
            (Does::Runs { command, args, others }, Some(wanted), None) => {
                if command != wanted {
                    return Err(format!("it runs {command}, not {wanted}"));
                }
                if let Some(wanted) = expected.args.as_ref().filter(|wanted| *wanted != args) {
                    return Err(format!("its arguments are {args}, not {wanted}"));
                }
                match expected.others {
                    Some(wanted) if wanted != *others => {
                        Err(format!("{others} others must sign, not {wanted}"))
                    }
                    _ => Ok(()),
                }
            }
            (Does::Refused(text), None, Some(wanted)) if text.contains(wanted) => Ok(()),
            (Does::Refused(text), ..) => Err(format!("it is refused: {}", text.replace('\n', "\n      "))),
            (Does::Runs { command, args, .. }, None, Some(_)) => {
                Err(format!("it runs {command} with {args}"))
            }
            _ => Err("say what is expected: either `command` or `refused`".to_owned()),
        }
    }

    fn does(&self, expected: &Expected) -> Result<Does, String> {
        let refused =
            |refusal| Does::Refused(reply::refusal(&refusal, &self.config.file().bot.name).to_string());
        Ok(match self.catalog.route(&expected.say) {
            Routing::Route { command, args } => {
                let args = args.to_plain_json();
                let others = match self.permit(expected, command.spec(), &args)? {
                    Ok(others) => others,
                    Err(refusal) => return Ok(refused(refusal)),
                };
                Does::Runs { command: command.spec().name.to_string(), args, others }
            }
            other => refused(countersign_engine::rules::refusal_of(other)),
        })
    }

    /// How many others must sign; without a channel policy is not asked, and the command's own number counts.
    fn permit(
        &self,
        expected: &Expected,
        spec: &countersign_core::command::spec::Spec,
        args: &serde_json::Value,
    ) -> Result<Result<u8, countersign_core::policy::Refusal>, String> {
        let Some(name) = &expected.channel else { return Ok(Ok(spec.quorum.others)) };
        let channel = self.config.file().channels.get(name).ok_or(format!("there is no channel {name}"))?;
        let user = expected.person.as_deref().unwrap_or(SOMEBODY);
        let person =
            Person { id: PersonId::new(HOME, user), name: user.to_owned(), standing: Standing::Member };
        let ask = Ask {
            spec,
            args,
            person: &person,
            place: &Place::home(ChannelId::new(channel)),
            now: Timestamp::UNIX_EPOCH,
            manner: Manner::Chat,
        };
        Ok(self.policy.permit(&ask).map(|permit| permit.quorum().others))
    }
}
