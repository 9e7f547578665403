//! What stands in a configuration file, key by key. Unknown keys are refused.

use std::collections::BTreeMap;
use std::path::PathBuf;

use countersign_core::command::spec::Risk;
use countersign_runbooks::freeze::FreezeConfig;
use countersign_runbooks::sql::SqlConfig;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::remote::{HttpWork, LambdaWork};
use super::terminal::{Emergencies, Terminal};
use super::whitelist::Whitelist;

/// A configuration file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The bot itself.
    pub bot: Bot,
    /// Who may use the bot at all, and where.
    pub access: Access,
    /// What the bot makes use of in Slack.
    #[serde(default)]
    pub slack: Slack,
    /// Who else remembers what the audit trail was.
    #[serde(default)]
    pub audit: Audit,
    /// Channels by the names that commands use, with their Slack ids: `backoffice = "C0123456789"`.
    #[serde(default)]
    pub channels: BTreeMap<String, String>,
    /// Groups of people: `sre = ["U0123456789"]`, or `sre = { usergroup = "S0123456789" }`.
    #[serde(default)]
    pub groups: BTreeMap<String, Group>,
    /// What an argument of the type `environment` may name.
    #[serde(default)]
    pub environments: Vec<String>,
    /// Where operations are kept.
    #[serde(default)]
    pub ledger: Ledger,
    /// What may be run and signed at terminals, and by whom.
    #[serde(default)]
    pub terminal: Option<Terminal>,
    /// What may be done with fewer signatures in an emergency.
    #[serde(default)]
    pub break_glass: Option<Emergencies>,
    /// Databases by the names that commands use.
    #[serde(default)]
    pub databases: BTreeMap<String, Database>,
    /// When what is not to be changed.
    #[serde(default)]
    pub freeze: Vec<FreezeWindow>,
    /// The IP whitelist of an AWS account, which the bot keeps itself.
    #[serde(default)]
    pub whitelist: Option<Whitelist>,
    /// The commands.
    #[serde(default)]
    pub command: Vec<Command>,
}

/// A time in which something is not to be changed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FreezeWindow {
    /// The locks of the commands that are meant (`env prod`), or `["*"]` for whatever changes something.
    pub what: Vec<String>,
    /// When it begins: `2026-12-20 00:00`, or every week `Fri 16:00`.
    #[schemars(with = "String")]
    pub from: Spanned<String>,
    /// When it ends, written like `from`.
    #[schemars(with = "String")]
    pub until: Spanned<String>,
    /// Whose clocks: `Europe/Berlin`. Left out: UTC.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub zone: Option<Spanned<String>>,
    /// Why, for the people who ask.
    pub reason: String,
    /// How many more others must sign for what is done all the same. Left out: nothing is done.
    #[serde(default)]
    pub others: Option<u8>,
}

/// Where operations are kept; the next start takes it up. Left out: in a SQLite file, which one process has to itself.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ledger {
    /// A DynamoDB table that several processes share: `{ table = "countersign", region = "eu-central-1" }`.
    #[schemars(with = "Option<Dynamodb>")]
    pub dynamodb: Option<Spanned<Dynamodb>>,
    /// How long a process owns the work that it has claimed without saying that it is alive: `60s`.
    #[schemars(with = "Option<String>")]
    pub lease: Option<Spanned<String>>,
    /// In Slack itself, with no file and no database: in the bot's own messages and markers. Its key is
    /// COUNTERSIGN_LEDGER_KEY. What that guarantees and what it does not is told in docs/ledgers.md.
    #[schemars(with = "bool")]
    pub slack: Option<Spanned<bool>>,
}

/// A DynamoDB table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dynamodb {
    /// Its name. `countersign ledger create` makes it.
    pub table: String,
    /// AWS's region; left out, the environment's or the profile's.
    #[serde(default)]
    pub region: Option<String>,
    /// An emulator's address on this machine, `http://127.0.0.1:…`; never sent anybody's credentials.
    #[serde(default)]
    pub endpoint: Option<String>,
}

/// The bot itself.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bot {
    /// What people call it: `Backoffice Bot`.
    pub name: String,
}

/// Who may use the bot at all, and where. An empty list lets nobody through; `["*"]` says everybody.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// Slack user ids, or `["*"]`.
    pub users: Vec<String>,
    /// Names from `[channels]`, or `["*"]`.
    pub channels: Vec<Name>,
    /// Guests and people of other organisations who may use the bot and sign all the same: `U0123456789` for one
    /// of this workspace, `T0123456789/U0123456789` for one of another.
    #[serde(default)]
    pub also: Vec<String>,
    /// Channels in which the bot works although they are shared with another organisation, or `["*"]`.
    #[serde(default)]
    pub shared_channels: Vec<Name>,
    /// Channels in which a sentence needs no mention of the bot, or `["*"]`.
    #[serde(default)]
    pub listen: Vec<Name>,
}

/// What the bot makes use of in Slack. Less of it needs fewer scopes; the next start takes it up.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Slack {
    /// Does the bot mark requests with reactions, and do ✅ and ❌ count as votes? Without them people sign with buttons.
    pub reactions: bool,
    /// Does the bot take direct messages, may it listen to channels, and may it look for its own earlier messages?
    pub messages: bool,
    /// Descriptions of slash commands, by the words that they begin with: `infra = "Infrastructure operations"`.
    #[schemars(with = "BTreeMap<String, String>")]
    pub slash_commands: BTreeMap<String, Spanned<String>>,
}

impl Default for Slack {
    fn default() -> Self {
        Self { reactions: true, messages: true, slash_commands: BTreeMap::new() }
    }
}

/// Who else remembers what the audit trail was, so that nobody can write it anew alone. The next start takes it up.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Audit {
    /// A name from `[channels]`: the bot, which must be in that channel, posts the newest checkpoint there, every
    /// quarter of an hour at most.
    pub checkpoint_channel: Option<Name>,
    /// A file to which every checkpoint is appended, relative to the configuration file. Best on another machine's
    /// disk, or where this program may append and nothing else.
    pub checkpoint_file: Option<PathBuf>,
}

/// Who is in a group.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a list of user ids, or { users = [\"U…\"], usergroup = \"S…\" }")]
pub enum Group {
    /// Slack user ids.
    Users(Vec<String>),
    /// A Slack user group, and people besides.
    Of(GroupOf),
}

impl Group {
    /// The people that it names itself.
    pub fn users(&self) -> &[String] {
        match self {
            Self::Users(users) => users,
            Self::Of(of) => &of.users,
        }
    }

    /// The Slack user group that stands behind it.
    pub fn usergroup(&self) -> Option<&str> {
        match self {
            Self::Users(_) => None,
            Self::Of(of) => of.usergroup.as_deref(),
        }
    }
}

/// A group that a Slack user group stands behind.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupOf {
    /// Slack user ids.
    #[serde(default)]
    pub users: Vec<String>,
    /// The Slack user group's id: `S0123456789`. Whoever is in it is in the group.
    #[serde(default)]
    pub usergroup: Option<String>,
}

/// A name, with its place in the file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Name(#[schemars(with = "String")] pub Spanned<String>);

/// A database.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `sqlite:FILE`, relative to the configuration file.
    #[schemars(with = "String")]
    pub url: Spanned<String>,
}

/// One command.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// The sentence that runs it: `set <subdomain:slug> trial remaining to <days:int(1..=90)> days`.
    #[schemars(with = "String")]
    pub pattern: Spanned<String>,
    /// Its name in policy and audit; made of the pattern's words when it is left out.
    #[serde(default)]
    pub name: Option<String>,
    /// What it does, in one sentence for the people who use it.
    pub description: String,
    /// Sentences that run it; each is checked.
    #[serde(default)]
    pub examples: Vec<String>,
    /// Where it may be said: names from `[channels]`, or `["*"]`. Empty means nowhere.
    pub channels: Vec<Name>,
    /// Who may say it: members of any of these groups. Left out: everyone who may use the bot there.
    #[serde(default)]
    pub groups: Option<Vec<Name>>,
    /// How much harm it can do; this sets who must sign.
    #[schemars(with = "RiskSchema")]
    pub risk: Risk,
    /// Other numbers than the risk's own.
    #[serde(default)]
    pub approval: Option<Approval>,
    /// Arguments whose size asks for more people.
    #[serde(default)]
    pub escalate: Vec<Escalate>,
    /// What no other operation may work on while it runs, with arguments in angle brackets: `env <environment>`.
    /// Operations whose locks read the same run one after the other.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub lock: Option<Spanned<String>>,
    /// Its work, as SQL.
    #[serde(default)]
    pub sql: Option<SqlConfig>,
    /// Its work on freezes: begins, ends or lists them.
    #[serde(default)]
    pub freeze: Option<FreezeConfig>,
    /// Its work, done by a runbook elsewhere that is reached over HTTP.
    #[serde(default)]
    pub http: Option<HttpWork>,
    /// Its work, done by a runbook in AWS Lambda.
    #[serde(default)]
    pub lambda: Option<LambdaWork>,
    /// Its work, as a runbook in Rust that the program registered under this name.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub runbook: Option<Spanned<String>>,
}

/// Who must sign, and how fast.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// How many people beside the caller.
    #[serde(default)]
    pub others: Option<u8>,
    /// From these groups; several groups must each be represented.
    #[serde(default)]
    pub from: Option<Vec<Name>>,
    /// How long signatures may take: `1h`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub within: Option<Spanned<String>>,
    /// How long after the last signature the work may still start: `15m`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub run_within: Option<Spanned<String>>,
}

/// Above a bound, an argument asks for more people.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Escalate {
    /// The argument's name.
    #[schemars(with = "String")]
    pub argument: Spanned<String>,
    /// Of a whole number, or of a duration in seconds: up to and including this, nothing changes.
    #[serde(default)]
    pub above: Option<i64>,
    /// Of a network: nothing changes for one that is not wider than these.
    #[serde(default)]
    pub wider_than: Option<Width>,
    /// So many others must sign beyond the bound.
    pub others: u8,
}

/// How wide a network may be, by the lengths of its prefix.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Width {
    /// For IPv4: `24`.
    pub v4: u8,
    /// For IPv6: `48`.
    pub v6: u8,
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used: the core crate knows no JSON Schema")]
enum RiskSchema {
    Read,
    Low,
    High,
    Destructive,
}

/// The JSON Schema of a configuration file, for editors.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(File).to_value()
}
