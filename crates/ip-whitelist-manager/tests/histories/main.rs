//! Random histories of the whitelist, in which several processes work at once: whatever happens to rows, rules, groups
//! and records, in the end the rules that exist are those that should, no rule of somebody else was ever touched, and
//! nothing was ever opened that no good row asked for.
//!
//! `cargo test` runs a thousand of each kind. A hundred thousand:
//! `cargo test --release -p ip-whitelist-manager --test histories -- --ignored --nocapture`

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod faulty;
mod world;

use std::ops::Range;

use faulty::Chance;
use world::World;

const STEPS: usize = 40;
const FEW: Range<u64> = 0..1_000;
const MANY: Range<u64> = 1_000..101_000;

/// Faults, lost records, rules that others take away, groups that go; then a sweep and one comparison.
async fn repaired(seed: u64) {
    let mut world = World::new(Chance::new(seed));
    for _ in 0..STEPS {
        world.happens(seed).await;
    }
    world.chance.calm();
    world.whitelist.sweep().await.unwrap();
    world.whitelist.reconcile(None).await.unwrap();
    world.is_in_line(seed);
    world.has_no_strays(seed).await;
    world.has_nothing_left_to_do(seed).await;
}

/// No faults, and each record comes once, while others work; no comparison is needed at any time.
async fn followed(seed: u64) {
    let mut world = World::new(Chance::without_faults(seed));
    for _ in 0..STEPS {
        world.goes_on(seed).await;
    }
}

fn run(seeds: Range<u64>, history: impl AsyncFn(u64)) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for seed in seeds {
        runtime.block_on(history(seed));
    }
}

#[test]
fn whatever_happened_one_comparison_repairs_it() {
    run(FEW, repaired);
}

#[test]
fn without_faults_the_stream_is_enough() {
    run(FEW, followed);
}

#[test]
#[ignore = "takes minutes"]
fn a_hundred_thousand_are_repaired() {
    run(MANY, repaired);
}

#[test]
#[ignore = "takes minutes"]
fn a_hundred_thousand_are_followed() {
    run(MANY, followed);
}
