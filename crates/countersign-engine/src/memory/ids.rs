use std::sync::atomic::{AtomicU64, Ordering};

use crate::ports::Ids;

/// One, two, three: for tests that compare what they see. Anybody can guess these.
#[derive(Debug, Default)]
pub struct SequenceIds {
    last: AtomicU64,
}

impl Ids for SequenceIds {
    fn random(&self) -> u128 {
        u128::from(self.last.fetch_add(1, Ordering::Relaxed)) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_one_more_than_the_last() {
        let ids = SequenceIds::default();
        assert_eq!((ids.random(), ids.random(), ids.random()), (1, 2, 3));
    }
}
