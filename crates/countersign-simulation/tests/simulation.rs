//! The simulation, in short: that it repeats itself, that something happens in it, and that the promises hold.

use countersign_simulation::{Census, Trace, simulate};

/// Seeds whose histories once broke a promise, each with what the engine did then. The mutation of the same name
/// undoes the repair.
const ONCE_BROKEN: [(u64, &str); 3] =
    [(53, "broken-halfway-called-undone"), (180, "begun-called-undone"), (1981, "given-up-runs-late")];

#[test]
fn the_same_seed_makes_the_same_history() {
    for seed in 1..=20 {
        let (one, other) = (simulate(seed, Trace::On), simulate(seed, Trace::On));
        assert_eq!(one.trace, other.trace, "seed {seed}");
        assert_eq!(one.census, other.census, "seed {seed}");
    }
}

#[test]
fn a_trace_changes_nothing() {
    for seed in 1..=20 {
        assert_eq!(simulate(seed, Trace::On).census, simulate(seed, Trace::Off).census, "seed {seed}");
    }
}

#[test]
fn every_promise_is_kept_and_much_happens() {
    let mut census = Census::default();
    for seed in 1_000_000..1_000_150 {
        let simulated = simulate(seed, Trace::Off);
        assert!(simulated.violations.is_empty(), "seed {seed}: {:?}", simulated.violations);
        census.add(&simulated.census);
    }
    assert!(census.succeeded * 5 > census.operations, "{census}");
    let all = [census.failed, census.stopped, census.unknown, census.drifted, census.deaths, census.freezes];
    assert!(all.iter().all(|number| *number > 0), "{census}");
}

#[test]
fn what_was_once_broken_stays_mended() {
    for (seed, what) in ONCE_BROKEN {
        let simulated = simulate(seed, Trace::Off);
        assert!(simulated.violations.is_empty(), "{what}, seed {seed}: {:?}", simulated.violations);
    }
}
