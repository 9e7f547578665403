//! Everything outside the engine, in one value: the time, the chat, the people, what commands work on, and the
//! calls that wait for an answer.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use countersign_core::ids::OperationId;
use countersign_core::policy::Freeze;
use jiff::{SignedDuration, Timestamp};

use crate::faults::Faults;
use crate::history::{History, Life, Tick};
use crate::office::{CHANNEL, TARGETS};
use crate::people::Intent;
use crate::random::Random;
use crate::slack::Slack;
use crate::staff::Staff;
use crate::stalls::Stalls;

/// When every history begins, in seconds since 1970 (UTC).
const BEGINNING: i64 = 1_800_000_000;

/// The world, shared by the ports and the schedule. Only one of them is at it at a time.
#[derive(Debug)]
pub struct Shared(Mutex<World>);

/// The world.
#[derive(Debug)]
pub struct World {
    /// The time (UTC); everybody's clocks agree.
    pub now: Timestamp,
    /// How much has happened.
    pub tick: Tick,
    /// Chance.
    pub random: Random,
    /// What goes wrong.
    pub faults: Faults,
    /// Calls that wait to be let through.
    pub calls: Vec<Call>,
    /// Who waits for a time.
    pub sleepers: BTreeMap<(Timestamp, u64), (Life, Waker)>,
    /// What will happen by itself.
    pub agenda: BTreeMap<(Timestamp, u64), Happening>,
    /// The chat.
    pub slack: Slack,
    /// The people.
    pub staff: Staff,
    /// What was frozen by hand, and since when.
    pub freezes: Vec<(Tick, Freeze)>,
    /// What commands work on.
    pub targets: Targets,
    /// What happened.
    pub history: History,
    /// What happened, in words, where somebody wants to read it.
    pub trace: Option<String>,
    /// Engines that listen.
    pub ready: Vec<Life>,
    /// Engines that could not start.
    pub failed: Vec<Life>,
    /// Engines that stand still.
    pub frozen: Vec<Life>,
    /// Workers that stand still in the middle of their work, until another one is at it.
    pub stalls: Stalls,
    numbers: u64,
}

/// A call of a port that waits to be let through.
#[derive(Debug)]
pub struct Call {
    /// Its number.
    pub number: u64,
    /// Whose call it is.
    pub life: Life,
    /// Not before this time (UTC).
    pub ready_at: Timestamp,
    /// It was let through.
    pub is_open: bool,
    /// Wakes the caller.
    pub waker: Waker,
}

/// Something that will happen by itself.
#[derive(Debug)]
pub enum Happening {
    /// Somebody does what they have in mind.
    Intent(Intent),
    /// The transport hands an act over: for the first time, or once more.
    Delivery {
        /// The act.
        act: usize,
        /// Is this one to be tried again until it is acknowledged?
        insists: bool,
    },
    /// A replica starts again.
    Start(usize),
    /// An engine that stood still goes on.
    Thaw(Life),
}

/// What commands work on: a number for each target.
#[derive(Debug, Default)]
pub struct Targets {
    values: Vec<Vec<(Tick, i64)>>,
    /// Parts of operations that were done, kept with their effect.
    pub marks: Vec<(OperationId, u32)>,
    /// Runs that were given up for dead, with the number of their claim.
    pub given_up: Vec<(OperationId, u64)>,
}

impl Shared {
    /// A world at its beginning.
    pub fn new(seed: u64, is_traced: bool) -> Self {
        let now = Timestamp::from_second(BEGINNING).unwrap_or_default();
        let mut random = Random::new(seed);
        let faults = Faults::draw(&mut random);
        Self(Mutex::new(World {
            now,
            tick: 0,
            random,
            faults,
            calls: Vec::new(),
            sleepers: BTreeMap::new(),
            agenda: BTreeMap::new(),
            slack: Slack::default(),
            staff: Staff::new(now),
            freezes: Vec::new(),
            targets: Targets { values: vec![vec![(0, 0)]; TARGETS.len()], ..Targets::default() },
            history: History::default(),
            trace: is_traced.then(String::new),
            ready: Vec::new(),
            failed: Vec::new(),
            frozen: Vec::new(),
            stalls: Stalls::new(seed),
            numbers: 0,
        }))
    }

    /// The world, for a moment.
    pub fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World {
    /// Something happens: its number. `words` say what, for whoever reads the trace.
    pub fn happens(&mut self, words: impl FnOnce() -> String) -> Tick {
        self.tick += 1;
        if let Some(trace) = &mut self.trace {
            let since = self.now.duration_since(Timestamp::from_second(BEGINNING).unwrap_or_default());
            let _ = writeln!(trace, "{:>5} {:>9.3}s {}", self.tick, since.as_secs_f64(), words());
        }
        self.tick
    }

    /// A number that nobody had before.
    pub fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// Something will happen after a while.
    pub fn plan(&mut self, after: SignedDuration, happening: Happening) {
        let when = (self.now + after, self.number());
        self.agenda.insert(when, happening);
    }

    /// Does one of the faults strike now? `rate` says which, in cases of a thousand.
    pub fn strikes(&mut self, rate: impl FnOnce(&Faults) -> u32) -> bool {
        let rate = rate(&self.faults);
        self.random.in_thousand(rate)
    }

    /// A duration from `low` to `high`, in milliseconds.
    pub fn millis(&mut self, low: i64, high: i64) -> SignedDuration {
        SignedDuration::from_millis(self.random.between(low, high))
    }

    /// Does an engine stand still?
    pub fn is_frozen(&self, life: Life) -> bool {
        self.frozen.contains(&life)
    }

    /// When something happens by itself next, if nobody does anything (UTC).
    pub fn next_time(&self) -> Option<Timestamp> {
        let call = self.calls.iter().filter(|call| !self.is_frozen(call.life)).map(|call| call.ready_at);
        let sleeper = self.sleepers.iter().find(|(_, (life, _))| !self.is_frozen(*life));
        let sleeper = sleeper.map(|((when, _), _)| *when);
        let happening = self.agenda.first_key_value().map(|((when, _), _)| *when);
        call.chain(sleeper).chain(happening).min()
    }

    /// Wakes whoever waits for a time that has come, and gives the lives that were woken.
    pub fn wake(&mut self) -> Vec<Life> {
        let mut woken = Vec::new();
        let mut kept = Vec::new();
        while let Some(first) = self.sleepers.first_entry() {
            if first.key().0 > self.now {
                break;
            }
            let (when, (life, waker)) = first.remove_entry();
            if self.frozen.contains(&life) {
                kept.push((when, (life, waker)));
                continue;
            }
            waker.wake();
            if !woken.contains(&life) {
                woken.push(life);
            }
        }
        self.sleepers.extend(kept);
        woken
    }

    /// The channel's name, as people see it.
    pub fn channel() -> countersign_core::ids::ChannelId {
        countersign_core::ids::ChannelId::new(CHANNEL)
    }
}

impl Targets {
    /// A target's number now.
    pub fn value(&self, target: usize) -> i64 {
        self.values.get(target).and_then(|values| values.last()).map(|(_, value)| *value).unwrap_or_default()
    }

    /// A target's number changes.
    pub fn set(&mut self, target: usize, tick: Tick, value: i64) {
        if let Some(values) = self.values.get_mut(target) {
            values.push((tick, value));
        }
    }

    /// Was a run under this claim given up?
    pub fn is_given_up(&self, operation: &OperationId, fence: u64) -> bool {
        self.given_up.iter().any(|(one, upto)| one == operation && *upto >= fence)
    }

    /// Had a target this number at some moment of a window?
    pub fn ever(&self, target: usize, (from, to): (Tick, Tick), value: &str) -> bool {
        let Some(values) = self.values.get(target) else { return false };
        let ends = values.iter().skip(1).map(|(tick, _)| *tick).chain([Tick::MAX]);
        values
            .iter()
            .zip(ends)
            .any(|((since, was), end)| *since <= to && end >= from && was.to_string() == value)
    }
}

/// The place of a target in [`TARGETS`].
pub fn target_of(name: &str) -> Option<usize> {
    TARGETS.iter().position(|target| *target == name)
}
