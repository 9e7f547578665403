//! Who people are at every moment of a history: they leave teams and the channel, and come back.

use countersign_core::policy::{Reach, Standing};
use jiff::Timestamp;

use crate::history::Tick;
use crate::office::{ACCOUNTS, HOME, Known, Team};

/// What is true of a person for some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// What the directory says of the account.
    pub standing: Standing,
    /// Are they in the channel?
    pub inside: bool,
    /// Are they in the user group?
    pub sre: bool,
}

/// A state, since when.
#[derive(Debug, Clone, Copy)]
struct Since<T> {
    tick: Tick,
    at: Timestamp,
    state: T,
}

/// Everybody, and the channel, at every moment.
#[derive(Debug)]
pub struct Staff {
    people: Vec<Vec<Since<State>>>,
    reach: Vec<Since<Reach>>,
}

impl Staff {
    /// Everybody as they are at `at` (UTC), in the beginning.
    pub fn new(at: Timestamp) -> Self {
        let people = ACCOUNTS.iter().map(|account| {
            let sre = account.teams.contains(&Team::Sre);
            let state = State { standing: account.standing, inside: true, sre };
            vec![Since { tick: 0, at, state }]
        });
        Self { people: people.collect(), reach: vec![Since { tick: 0, at, state: Reach::Home }] }
    }

    /// A person as they are now; `None` for nobody.
    pub fn now(&self, person: usize) -> Option<State> {
        self.people.get(person)?.last().map(|since| since.state)
    }

    /// A person as they were at `at` (UTC).
    pub fn at(&self, person: usize, at: Timestamp) -> Option<State> {
        state_at(self.people.get(person)?, at)
    }

    /// Whose people could be in the channel at `at` (UTC).
    pub fn reach_at(&self, at: Timestamp) -> Option<Reach> {
        state_at(&self.reach, at)
    }

    /// From now on a person is different.
    pub fn change(&mut self, person: usize, (tick, at): (Tick, Timestamp), change: impl FnOnce(&mut State)) {
        let Some(states) = self.people.get_mut(person) else { return };
        let Some(mut state) = states.last().map(|since| since.state) else { return };
        change(&mut state);
        states.push(Since { tick, at, state });
    }

    /// From now on the channel is different.
    pub fn share(&mut self, (tick, at): (Tick, Timestamp), reach: Reach) {
        self.reach.push(Since { tick, at, state: reach });
    }

    /// Was there a moment in `window` at which `holds` was true of a person, in a channel of ours alone?
    pub fn ever(&self, person: usize, window: (Tick, Tick), holds: impl Fn(State) -> bool) -> bool {
        let home = within(&self.reach, window).any(|reach| reach == Reach::Home);
        home && self.people.get(person).is_some_and(|states| within(states, window).any(holds))
    }

    /// Was `holds` true of a person at every moment of `window`, in a channel of ours alone?
    pub fn always(&self, person: usize, window: (Tick, Tick), holds: impl Fn(State) -> bool) -> bool {
        let home = within(&self.reach, window).all(|reach| reach == Reach::Home);
        home && self.people.get(person).is_some_and(|states| within(states, window).all(holds))
    }
}

/// May this person run the command?
pub fn may_run(known: &Known, person: usize, state: State) -> bool {
    is_ours(person, state) && known.only.is_none_or(|team| is_in(team, person, state))
}

/// May this person's signature count, when somebody else asked?
pub fn may_sign(known: &Known, person: usize, state: State) -> bool {
    if known.from.is_empty() {
        return may_run(known, person, state);
    }
    is_ours(person, state) && known.from.iter().any(|team| is_in(*team, person, state))
}

/// Is the person in the team?
pub fn is_in(team: Team, person: usize, state: State) -> bool {
    match team {
        Team::Sre => state.sre,
        Team::Dba => ACCOUNTS.get(person).is_some_and(|account| account.teams.contains(&Team::Dba)),
    }
}

fn is_ours(person: usize, state: State) -> bool {
    state.standing == Standing::Member && ACCOUNTS.get(person).is_some_and(|account| account.org == HOME)
}

fn state_at<T: Copy>(states: &[Since<T>], at: Timestamp) -> Option<T> {
    let known = states.iter().rev().find(|since| since.at <= at).or(states.first());
    known.map(|since| since.state)
}

/// The states that held at some moment from the first to the last tick of a window.
fn within<T: Copy>(states: &[Since<T>], (from, to): (Tick, Tick)) -> impl Iterator<Item = T> {
    let ends = states.iter().skip(1).map(|since| since.tick).chain([Tick::MAX]);
    states
        .iter()
        .zip(ends)
        .filter(move |(since, end)| since.tick <= to && *end >= from)
        .map(|(since, _)| since.state)
}
