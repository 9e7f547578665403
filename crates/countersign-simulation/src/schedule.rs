//! Who goes next: the one place that decides, by the seed, in which order everything happens.

use std::sync::Arc;

use countersign_engine::memory::{MemoryInbox, MemoryLedger};
use jiff::{SignedDuration, Timestamp};

use crate::disturb;
use crate::faults::{Disturbance, Faults, disturbances};
use crate::life::Life;
use crate::people;
use crate::ports::Stores;
use crate::rest::{self, Rest};
use crate::world::{Happening, Shared};

/// After this, nothing goes wrong any more.
const UNREST: SignedDuration = SignedDuration::from_secs(75);
/// By then everything must have come to rest.
const LONGEST: SignedDuration = SignedDuration::from_mins(40);
/// A schedule that takes more steps goes round in circles.
const MOST_STEPS: u64 = 60_000;

/// A history while it happens.
pub struct Schedule {
    /// The world.
    pub shared: Arc<Shared>,
    /// What outlives engines.
    pub stores: Stores,
    replicas: Vec<Option<Life>>,
    disturbances: Vec<(u64, Disturbance)>,
    steps: u64,
    beginning: Timestamp,
    is_calm: bool,
}

/// How a history ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Everything waits for people, or is over.
    Rest,
    /// Something is still going on after all that time.
    Unrest,
}

impl Schedule {
    /// The history of a seed, before its first step.
    pub fn new(seed: u64, is_traced: bool) -> Self {
        let shared = Arc::new(Shared::new(seed, is_traced));
        let mut world = shared.lock();
        let replicas = world.random.one_of(&[1, 1, 1, 2, 2, 3]).copied().unwrap_or(1);
        let ledger = if replicas == 1 { MemoryLedger::default() } else { MemoryLedger::shared() };
        let stores = Stores { ledger: Arc::new(ledger), inbox: Arc::new(MemoryInbox::default()) };
        world.history.is_alone = replicas == 1;
        let disturbances = disturbances(&mut world.random);
        let faults = world.faults;
        world.happens(|| format!("{replicas} replicas, {faults:?}, {disturbances:?}"));
        people::plan(&mut world);
        let beginning = world.now;
        for replica in 0..replicas {
            world.plan(SignedDuration::ZERO, Happening::Start(replica));
        }
        drop(world);
        let replicas = (0..replicas).map(|_| None).collect();
        Self { shared, stores, replicas, disturbances, steps: 0, beginning, is_calm: false }
    }

    /// Lets it happen, to its end.
    pub fn run(&mut self) -> Ending {
        loop {
            self.steps += 1;
            self.disturb();
            self.start_again();
            if !self.step() {
                self.move_time();
            }
            let now = self.shared.lock().now;
            if !self.is_calm && now > self.beginning + UNREST {
                self.calm_down();
            }
            match rest::rest(self) {
                Rest::Full => return Ending::Rest,
                Rest::ButForTheInbox if self.is_calm => self.restart(),
                Rest::ButForTheInbox | Rest::Not => {}
            }
            if now > self.beginning + LONGEST || self.steps > MOST_STEPS {
                return Ending::Unrest;
            }
        }
    }

    /// One step: something that is due happens, or a call is let through. `false`: there is nothing to do now.
    fn step(&mut self) -> bool {
        let mut world = self.shared.lock();
        let due = world.agenda.first_key_value().is_some_and(|((when, _), _)| *when <= world.now);
        if due {
            let Some((_, happening)) = world.agenda.pop_first() else { return false };
            drop(world);
            self.happen(happening);
            return true;
        }
        let now = world.now;
        let ready: Vec<u64> = world
            .calls
            .iter()
            .filter(|call| !call.is_open && call.ready_at <= now && !world.frozen.contains(&call.life))
            .map(|call| call.number)
            .collect();
        let Some(chosen) = world.random.one_of(&ready).copied() else { return false };
        let Some(call) = world.calls.iter_mut().find(|call| call.number == chosen) else { return false };
        call.is_open = true;
        call.waker.wake_by_ref();
        let life = call.life;
        if world.strikes(|faults| faults.time) {
            let passed = world.millis(1, 400);
            world.now += passed;
        }
        let mut awake = world.wake();
        drop(world);
        if !awake.contains(&life) {
            awake.push(life);
        }
        self.let_run(&awake);
        true
    }

    /// Nothing can be done now: the time moves on to when something can.
    fn move_time(&mut self) {
        let mut world = self.shared.lock();
        let Some(next) = world.next_time() else {
            // Nobody is there, and nothing will come: time passes until faults stop.
            world.now += SignedDuration::from_secs(30);
            return;
        };
        world.now = world.now.max(next);
        let awake = world.wake();
        drop(world);
        self.let_run(&awake);
    }

    fn let_run(&self, lives: &[usize]) {
        for life in self.replicas.iter().flatten().filter(|life| lives.contains(&life.number)) {
            life.run();
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Intent(intent) => people::act(&mut self.shared.lock(), intent),
            Happening::Delivery { act, insists } => self.deliver(act, insists),
            Happening::Start(replica) => {
                let started = Life::start(&self.shared, &self.stores, replica);
                if let (Ok(life), Some(place)) = (started, self.replicas.get_mut(replica)) {
                    life.run();
                    *place = Some(life);
                }
            }
            Happening::Thaw(life) => self.thaw(life),
        }
    }

    fn thaw(&self, life: usize) {
        let mut world = self.shared.lock();
        world.frozen.retain(|frozen| *frozen != life);
        world.happens(|| format!("  #{life} goes on"));
        let mut awake = world.wake();
        drop(world);
        if !awake.contains(&life) {
            awake.push(life);
        }
        self.let_run(&awake);
    }

    /// Hands an act to one of the engines, and later once more if nobody acknowledges it.
    fn deliver(&self, act: usize, insists: bool) {
        let mut world = self.shared.lock();
        let is_new = world.history.acts.get(act).is_some_and(|act| act.acked.is_none());
        let tried = world.history.acts.get(act).map_or(0, |act| act.deliveries);
        if insists && is_new && (tried < 5 || self.is_calm) {
            let after = world.millis(3_000, 10_000);
            world.plan(after, Happening::Delivery { act, insists });
        }
        let listens = |life: &&Life| world.ready.contains(&life.number);
        let alive: Vec<&Life> = self.replicas.iter().flatten().filter(listens).collect();
        let Some(life) = world.random.one_of(&alive).copied() else { return };
        let is_frozen = world.is_frozen(life.number);
        drop(world);
        life.receive(act);
        if !is_frozen {
            life.run();
        }
    }

    /// Engines that could not start are dead, and start again.
    fn start_again(&mut self) {
        let failed = std::mem::take(&mut self.shared.lock().failed);
        for life in failed {
            self.kill(life);
        }
    }

    fn kill(&mut self, life: usize) {
        for place in &mut self.replicas {
            if place.as_ref().is_some_and(|one| one.number == life)
                && let Some(life) = place.take()
            {
                life.die();
            }
        }
    }

    /// Is every replica there?
    pub fn is_up(&self) -> bool {
        self.replicas.iter().all(Option::is_some)
    }

    /// All engines are started again, one after the other.
    fn restart(&mut self) {
        let alive: Vec<usize> = self.replicas.iter().flatten().map(|life| life.number).collect();
        for life in alive {
            self.kill(life);
        }
    }

    /// What was to happen before this step happens.
    fn disturb(&mut self) {
        while let Some((_, what)) = self.disturbances.pop_if(|(step, _)| *step <= self.steps) {
            match what {
                Disturbance::Crash => {
                    let alive: Vec<usize> = self.replicas.iter().flatten().map(|life| life.number).collect();
                    let victim = self.shared.lock().random.one_of(&alive).copied();
                    if let Some(victim) = victim {
                        self.kill(victim);
                    }
                }
                Disturbance::Freeze => self.freeze(),
                other => disturb::change(&mut self.shared.lock(), other),
            }
        }
    }

    fn freeze(&self) {
        let mut world = self.shared.lock();
        let alive: Vec<usize> = self.replicas.iter().flatten().map(|life| life.number).collect();
        let Some(life) = world.random.one_of(&alive).copied() else { return };
        if world.is_frozen(life) {
            return;
        }
        world.history.freezes += 1;
        world.happens(|| format!("  #{life} stands still"));
        world.frozen.push(life);
        let longest = world.random.one_of(&[4_000, 20_000, 75_000, 75_000]).copied().unwrap_or(4_000);
        let after = world.millis(100, longest);
        world.plan(after, Happening::Thaw(life));
    }

    /// Nothing goes wrong from now on.
    fn calm_down(&mut self) {
        self.is_calm = true;
        self.disturbances.clear();
        let mut world = self.shared.lock();
        world.happens(|| "nothing goes wrong from now on".to_owned());
        world.faults = Faults::none();
    }
}
