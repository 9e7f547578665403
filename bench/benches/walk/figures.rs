//! Durations, and what is said of them.

use std::time::Duration;

/// Durations of one kind, in the order in which they were taken.
#[derive(Debug, Default)]
pub(crate) struct Figures(Vec<Duration>);

impl Figures {
    /// Adds one.
    pub(crate) fn add(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// Adds several.
    pub(crate) fn extend(&mut self, took: impl IntoIterator<Item = Duration>) {
        self.0.extend(took);
    }

    /// A row of the table: name, goal, median, 95th percentile, maximum, how many.
    pub(crate) fn row(&self, name: &str, goal: &str) -> String {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let [median, p95, max] = [50, 95, 100].map(|percent| percentile(&sorted, percent));
        format!("| {name} | {goal} | {median} | {p95} | {max} | {} |", sorted.len())
    }
}

/// The smallest of the sorted durations that so many percent do not exceed, in milliseconds.
fn percentile(sorted: &[Duration], percent: usize) -> String {
    let rank = (sorted.len() * percent).div_ceil(100);
    match sorted.get(rank.saturating_sub(1)) {
        Some(took) => format!("{:.1} ms", took.as_secs_f64() * 1e3),
        None => "none".to_owned(),
    }
}
