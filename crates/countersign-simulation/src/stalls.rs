//! Workers that stand still in the middle of their work until another one has taken over: the moment in which two
//! are at the same operation, which chance alone would hardly find.

use countersign_core::ids::OperationId;
use jiff::SignedDuration;

use crate::history::Life;
use crate::random::Random;
use crate::world::{Happening, World};

/// In so many of a thousand histories a worker stands still.
const STALLS: u32 = 100;
/// By then it goes on, whether another one is at it or not.
const LONGEST: SignedDuration = SignedDuration::from_secs(74);

/// Who stands still, in the middle of what.
#[derive(Debug)]
pub struct Stalls {
    random: Random,
    is_due: bool,
    stalled: Option<(Life, OperationId)>,
}

impl Stalls {
    /// Those of a history. They have a chance of their own, so that seeds keep their histories.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::new(!seed);
        let is_due = random.in_thousand(STALLS);
        Self { random, is_due, stalled: None }
    }
}

/// An engine begins its work on an operation: it stands still there, or wakes who stood still at the same one.
pub fn at_work(world: &mut World, life: Life, operation: &OperationId) {
    match world.stalls.stalled.take() {
        Some((stalled, same)) if same == *operation && stalled != life => {
            let after = SignedDuration::from_millis(world.stalls.random.between(0, 900));
            world.plan(after, Happening::Thaw(stalled));
        }
        other => world.stalls.stalled = other,
    }
    let is_alone = world.history.lives.iter().filter(|(_, died)| died.is_none()).count() < 2;
    if world.stalls.is_due && !is_alone && !world.is_frozen(life) {
        world.stalls.is_due = false;
        world.stalls.stalled = Some((life, operation.clone()));
        world.history.freezes += 1;
        world.happens(|| format!("  #{life} stands still at its work"));
        world.frozen.push(life);
        world.plan(LONGEST, Happening::Thaw(life));
    }
}
