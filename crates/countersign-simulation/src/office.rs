//! The commands, the people and the rules of every simulated office.
//!
//! The table here is the simulation's own word on who must sign what. The checker reads it, and not what the
//! engine made of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use countersign_core::approval::Quorum;
use countersign_core::command::catalog::Catalog;
use countersign_core::command::kind::Vocabulary;
use countersign_core::command::lock::Lock;
use countersign_core::command::spec::{CommandName, Risk, Scope, Spec};
use countersign_core::ids::{ChannelId, GroupName, OrgId, PersonId, UserId, UsergroupId};
use countersign_core::policy::{Group, Policy, Roster, Standing, Terminal};
use jiff::SignedDuration;

use crate::random::Random;

/// The workspace.
pub const HOME: &str = "T1";
/// Another workspace, with which a channel may be shared.
pub const ABROAD: &str = "T2";
/// The one channel.
pub const CHANNEL: &str = "C1";
/// The user group behind the group `sre`: people leave it and come back.
pub const SRE: &str = "S1";

/// How long signatures may take.
const APPROVE_WITHIN: SignedDuration = SignedDuration::from_secs(100);
/// And where the time is short: many signatures come too late, also while an engine stands still.
const APPROVE_SOON: SignedDuration = SignedDuration::from_secs(20);
/// How long after the last signature the work may still start: longer than a lease, so that others take over in time.
const RUN_WITHIN: SignedDuration = SignedDuration::from_secs(150);
/// And where nobody can tell whether it was done: shorter than whoever is slow.
const RUN_SOON: SignedDuration = SignedDuration::from_secs(40);

/// How a command does its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It changes nothing.
    Reads,
    /// The operation's id is kept with the effect, so that once means exactly once.
    Exact,
    /// Nobody can tell whether it was done.
    Fragile,
    /// Three parts, each of which may be done again without harm.
    Long,
}

/// A group that must be represented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Team {
    /// By the user group.
    Sre,
    /// By name.
    Dba,
}

/// One command, as the checker knows it.
#[derive(Debug)]
pub struct Known {
    /// Its name, which is the first word of its sentence.
    pub name: &'static str,
    /// How it does its work.
    pub kind: Kind,
    /// The harm that it can do.
    pub risk: Risk,
    /// How many others must sign.
    pub others: usize,
    /// The teams from which they come, each represented by a person of its own.
    pub from: &'static [Team],
    /// Only members of this team may run it.
    pub only: Option<Team>,
    /// Does it share its target with nobody while it runs?
    pub locks: bool,
    /// How long signatures may take.
    pub approve_within: SignedDuration,
}

/// All commands. Each is said as `<name> <target> ref <number>`.
pub const COMMANDS: [Known; 8] = [
    known("look", Kind::Reads, Risk::Read),
    Known { approve_within: APPROVE_SOON, ..known("nudge", Kind::Exact, Risk::Low) },
    Known { others: 1, locks: true, ..known("set", Kind::Exact, Risk::High) },
    Known { others: 1, from: &[Team::Sre], locks: true, ..known("swap", Kind::Fragile, Risk::High) },
    Known { others: 1, locks: true, ..known("roll", Kind::Long, Risk::High) },
    Known { others: 2, from: &[Team::Sre, Team::Dba], ..known("merge", Kind::Exact, Risk::High) },
    Known { others: 2, locks: true, ..known("drop", Kind::Exact, Risk::Destructive) },
    Known { only: Some(Team::Sre), locks: true, ..known("poke", Kind::Fragile, Risk::Low) },
];

/// How often each command is chosen, against the others.
const WEIGHTS: [usize; 8] = [1, 2, 6, 5, 5, 4, 4, 2];

/// What commands work on.
pub const TARGETS: [&str; 2] = ["acme", "bolt"];

const fn known(name: &'static str, kind: Kind, risk: Risk) -> Known {
    Known { name, kind, risk, others: 0, from: &[], only: None, locks: false, approve_within: APPROVE_WITHIN }
}

impl Known {
    /// One of the commands, as often as its weight says.
    pub fn drawn(random: &mut Random) -> &'static Self {
        let mut left = random.below(WEIGHTS.iter().sum());
        for (known, weight) in COMMANDS.iter().zip(WEIGHTS) {
            if left < weight {
                return known;
            }
            left -= weight;
        }
        &COMMANDS[0]
    }

    /// Does anybody have to sign?
    pub fn is_signed(&self) -> bool {
        self.risk != Risk::Read
    }
}

/// Somebody with an account.
#[derive(Debug)]
pub struct Account {
    /// Their id.
    pub user: &'static str,
    /// Whose account it is.
    pub org: &'static str,
    /// What the directory says of it in the beginning.
    pub standing: Standing,
    /// Their teams in the beginning.
    pub teams: &'static [Team],
}

impl Account {
    /// Their id.
    pub fn id(&self) -> PersonId {
        PersonId::new(self.org, self.user)
    }
}

/// Everybody. The first four are full members.
pub const ACCOUNTS: [Account; 8] = [
    account("ana", HOME, Standing::Member, &[]),
    account("ben", HOME, Standing::Member, &[Team::Sre]),
    account("cai", HOME, Standing::Member, &[Team::Sre, Team::Dba]),
    account("dan", HOME, Standing::Member, &[Team::Dba]),
    account("eve", HOME, Standing::Guest, &[Team::Sre]),
    account("fay", ABROAD, Standing::Member, &[Team::Sre]),
    account("gus", HOME, Standing::Bot, &[]),
    account("hal", HOME, Standing::Deactivated, &[Team::Dba]),
];

/// So many of the accounts are full members.
pub const MEMBERS: usize = 4;

const fn account(
    user: &'static str,
    org: &'static str,
    standing: Standing,
    teams: &'static [Team],
) -> Account {
    Account { user, org, standing, teams }
}

/// The place of an account in [`ACCOUNTS`].
pub fn account_of(user: &UserId) -> Option<usize> {
    ACCOUNTS.iter().position(|account| account.user == user.as_str())
}

/// The catalog of all commands; compiled once.
///
/// # Panics
/// When the commands above are no catalog.
pub fn catalog() -> Arc<Catalog> {
    static CATALOG: OnceLock<Arc<Catalog>> = OnceLock::new();
    #[expect(clippy::expect_used, reason = "a simulation without commands simulates nothing")]
    let compile = || Catalog::compile(specs(), &Vocabulary::default()).map(Arc::new).expect("a catalog");
    Arc::clone(CATALOG.get_or_init(compile))
}

/// Who may what. The user group's members come from the directory.
pub fn policy() -> Policy {
    let dba = ACCOUNTS.iter().filter(|account| account.teams.contains(&Team::Dba));
    let groups = BTreeMap::from([
        (GroupName::new("sre"), Group { users: BTreeSet::new(), usergroup: Some(UsergroupId::new(SRE)) }),
        (GroupName::new("dba"), Group::of_users(dba.map(|account| UserId::new(account.user)))),
    ]);
    let channels = BTreeSet::from([ChannelId::new(CHANNEL)]);
    Policy {
        home: OrgId::new(HOME),
        groups,
        roster: Roster::new(),
        people: Scope::Everyone,
        admitted: BTreeSet::new(),
        channels: Scope::Only(channels),
        shared: Scope::Only(BTreeSet::new()),
        listens: Scope::Only(BTreeSet::new()),
        terminal: Terminal::default(),
        break_glass: None,
        calendar: Vec::new(),
        freezes: Vec::new(),
    }
}

fn specs() -> Vec<Spec> {
    COMMANDS.iter().map(spec).collect()
}

fn spec(known: &Known) -> Spec {
    let groups = |teams: &[Team]| teams.iter().map(|team| GroupName::new(name_of(*team))).collect();
    let others = u8::try_from(known.others).unwrap_or(u8::MAX);
    Spec {
        name: CommandName::new(known.name),
        pattern: format!("{} <target:slug> ref <ref:int>", known.name),
        description: String::new(),
        examples: Vec::new(),
        channels: Scope::Everyone,
        groups: groups(known.only.as_slice()),
        risk: known.risk,
        quorum: Quorum { caller: known.is_signed(), others, from: groups(known.from) },
        escalations: Vec::new(),
        approve_within: known.approve_within,
        run_within: if known.kind == Kind::Fragile { RUN_SOON } else { RUN_WITHIN },
        freezing: false,
        lock: Lock::new("target <target>").ok().filter(|_| known.locks),
    }
}

fn name_of(team: Team) -> &'static str {
    match team {
        Team::Sre => "sre",
        Team::Dba => "dba",
    }
}
