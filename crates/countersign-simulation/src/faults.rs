//! How a history goes wrong: drawn from the seed before it begins.

use crate::random::Random;

/// What goes wrong, in cases of a thousand calls.
#[derive(Debug, Clone, Copy, Default)]
pub struct Faults {
    /// A call goes through at once, and is no await point.
    pub pass: u32,
    /// The effect is there, and its answer still on the way.
    pub hold: u32,
    /// It takes seconds, or a minute.
    pub slow: u32,
    /// A port fails, before the effect or after it.
    pub fail: u32,
    /// The chat says that it refuses.
    pub refuse: u32,
    /// The directory answers a question that may be a few minutes old with what was true then.
    pub stale: u32,
    /// The work itself goes wrong.
    pub work: u32,
    /// A step takes time.
    pub time: u32,
    /// A delivery is lost, or comes twice, or late.
    pub delivery: u32,
}

/// Something that happens to the world between two steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disturbance {
    /// An engine dies.
    Crash,
    /// An engine stands still for a while, and does not know it.
    Freeze,
    /// The target of a sentence changes by itself.
    Drift,
    /// Somebody who has signed with a reaction takes it back.
    TakeBack,
    /// Somebody says no.
    Object,
    /// Somebody loses what made their signature count.
    Leave,
    /// The channel is shared with another workspace.
    Share,
    /// A request is deleted.
    Delete,
    /// The target of a sentence, or everything, is frozen by hand.
    Forbid,
    /// The caller cancels, or somebody else tries to.
    Cancel,
}

impl Faults {
    /// The faults of one history. Some have none, so that what the people do stands alone.
    pub fn draw(random: &mut Random) -> Self {
        let mut rate = |most: i64| u32::try_from(random.between(0, most)).unwrap_or_default();
        let quiet = Self { pass: 300 + rate(500), hold: rate(200), time: rate(200), ..Self::default() };
        if rate(9) < 3 {
            return quiet;
        }
        Self {
            slow: rate(40),
            fail: rate(40),
            refuse: rate(6),
            stale: rate(300),
            work: rate(250),
            delivery: rate(300),
            ..quiet
        }
    }

    /// Nothing goes wrong any more.
    pub fn none() -> Self {
        Self { pass: 900, ..Self::default() }
    }
}

/// The disturbances of one history, and the steps before which they come, the last one first.
pub fn disturbances(random: &mut Random) -> Vec<(u64, Disturbance)> {
    use Disturbance::{Cancel, Crash, Delete, Drift, Forbid, Freeze, Leave, Object, Share, TakeBack};
    const KINDS: [Disturbance; 18] = [
        Crash, Crash, Crash, Freeze, Freeze, Drift, Drift, Drift, TakeBack, TakeBack, TakeBack, Object,
        Leave, Leave, Share, Delete, Forbid, Cancel,
    ];
    let number = [0, 1, 1, 1, 2, 2, 3, 4];
    let number = random.one_of(&number).copied().unwrap_or_default();
    let mut drawn: Vec<(u64, Disturbance)> = (0..number)
        .filter_map(|_| {
            let step = random.next() % 160;
            random.one_of(&KINDS).map(|kind| (step, *kind))
        })
        .collect();
    drawn.sort_by_key(|(step, _)| std::cmp::Reverse(*step));
    drawn
}
