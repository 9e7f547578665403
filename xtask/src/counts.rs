//! How many tests passed, failed, and were skipped.

use std::fmt;

/// The counts of some tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Counts {
    /// One test that passed.
    pub(crate) fn passed() -> Self {
        Self { passed: 1, ..Self::default() }
    }

    /// One test that failed.
    pub(crate) fn failed() -> Self {
        Self { failed: 1, ..Self::default() }
    }

    /// One test that was skipped.
    pub(crate) fn skipped() -> Self {
        Self { skipped: 1, ..Self::default() }
    }

    /// Adds others.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// Did something pass, and nothing fail?
    pub(crate) fn is_good(&self) -> bool {
        self.failed == 0 && self.passed > 0
    }

    /// The counts of a line like `test result: ok. 12 passed; 0 failed; 1 ignored; …`
    /// or `12 passed, 0 failed, 1 skipped`; `None` for all other lines.
    pub(crate) fn of_line(line: &str) -> Option<Self> {
        let line =
            line.strip_prefix("test result:").map_or(line, |rest| rest.split_once('.').map_or(rest, |r| r.1));
        let mut counts = Self::default();
        let mut found = false;
        for part in line.split([';', ',']) {
            let mut words = part.split_whitespace();
            let (Some(number), Some(kind)) = (words.next(), words.next()) else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match kind {
                "passed" => (counts.passed, found) = (number, true),
                "failed" => counts.failed = number,
                "ignored" | "skipped" => counts.skipped = number,
                _ => {}
            }
        }
        found.then_some(counts)
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_counts_are_read() {
        let cargo = "test result: FAILED. 44 passed; 2 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.1s";
        assert_eq!(Counts::of_line(cargo), Some(Counts { passed: 44, failed: 2, skipped: 1 }));
        assert_eq!(
            Counts::of_line("9 passed, 0 failed, 1 skipped"),
            Some(Counts { passed: 9, failed: 0, skipped: 1 })
        );
        assert_eq!(Counts::of_line("test audit::tests::passed ... ok"), None);
        assert_eq!(Counts::of_line(""), None);
    }
}
