//! At most one edit of a message per second, and always the newest.
//!
//! While one edit of a message waits or is under way, newer ones replace each other; whoever asked
//! for an older one hears how the newer one went, since the message then shows that.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countersign_core::ids::{ChannelId, MessageId};
use countersign_engine::ports::Clock;
use jiff::{SignedDuration, Timestamp};

use crate::web_api::WebError;

/// Between two edits of one message.
const GAP: SignedDuration = SignedDuration::from_secs(1);
/// From this many messages on, those that nobody edits any more are forgotten.
const MANY_MESSAGES: usize = 512;

/// How an edit went.
pub(super) type Drawn = Result<(), Arc<WebError>>;
type Key = (ChannelId, MessageId);

/// The edits of all messages.
pub(super) struct Edits<C> {
    clock: Arc<dyn Clock>,
    gap: SignedDuration,
    messages: Mutex<HashMap<Key, Arc<Edited<C>>>>,
}

/// One message's edits.
struct Edited<C> {
    wanted: Mutex<Wanted<C>>,
    /// Held by whoever draws; the others stand in line for it.
    last: tokio::sync::Mutex<Last>,
}

/// What the message is to show, and which of its edits that is.
struct Wanted<C> {
    number: u64,
    content: Option<Arc<C>>,
}

/// The last edit.
#[derive(Default)]
struct Last {
    number: u64,
    begun: Option<Timestamp>,
    drawn: Option<Drawn>,
}

impl<C> Edits<C> {
    /// Edits one second apart.
    pub(super) fn paced(clock: Arc<dyn Clock>) -> Self {
        Self { clock, gap: GAP, messages: Mutex::default() }
    }

    /// Edits as fast as one ends before the next begins.
    pub(super) fn free(clock: Arc<dyn Clock>) -> Self {
        Self { gap: SignedDuration::ZERO, ..Self::paced(clock) }
    }

    /// Draws `content` with `draw`, unless something newer is drawn instead.
    /// When this returns, the message shows one of the two, or could not be drawn.
    pub(super) async fn edit(&self, key: Key, content: C, draw: impl AsyncFnOnce(&C) -> Drawn) -> Drawn {
        let message = self.message(key);
        let mine = message.want(content);
        self.draw(&message, mine, draw).await
    }

    /// Draws what a message shows, or is about to show, once more with `draw`; `None`: that is not known.
    pub(super) async fn again(&self, key: Key, draw: impl AsyncFnOnce(&C) -> Drawn) -> Option<Drawn> {
        let message = self.message(key);
        let mine = message.want_again()?;
        Some(self.draw(&message, mine, draw).await)
    }

    /// A message that was just posted shows `content`.
    pub(super) fn remember(&self, key: Key, content: C) {
        self.message(key).want(content);
    }

    async fn draw(&self, message: &Edited<C>, mine: u64, draw: impl AsyncFnOnce(&C) -> Drawn) -> Drawn {
        let mut last = message.last.lock().await;
        if let (true, Some(drawn)) = (last.number >= mine, &last.drawn) {
            return drawn.clone();
        }
        if let Some(next) = last.begun.and_then(|begun| begun.checked_add(self.gap).ok()) {
            self.clock.sleep_until(next).await;
        }
        let Some((number, content)) = message.newest() else { return Ok(()) };
        last.begun = Some(self.clock.now());
        let drawn = draw(&content).await;
        (last.number, last.drawn) = (number, Some(drawn.clone()));
        drawn
    }

    fn message(&self, key: Key) -> Arc<Edited<C>> {
        let mut messages = lock(&self.messages);
        if messages.len() >= MANY_MESSAGES {
            let since = self.clock.now().saturating_sub(self.gap).unwrap_or(Timestamp::MIN);
            messages.retain(|_, message| message.is_edited_since(since));
        }
        Arc::clone(messages.entry(key).or_default())
    }
}

impl<C> Edited<C> {
    fn want(&self, content: C) -> u64 {
        let mut wanted = lock(&self.wanted);
        wanted.number += 1;
        wanted.content = Some(Arc::new(content));
        wanted.number
    }

    /// The same as before; `None`: nothing was wanted before.
    fn want_again(&self) -> Option<u64> {
        let mut wanted = lock(&self.wanted);
        wanted.content.as_ref()?;
        wanted.number += 1;
        Some(wanted.number)
    }

    fn newest(&self) -> Option<(u64, Arc<C>)> {
        let wanted = lock(&self.wanted);
        Some((wanted.number, Arc::clone(wanted.content.as_ref()?)))
    }

    /// Does somebody edit it, or did so a moment ago?
    fn is_edited_since(self: &Arc<Self>, since: Timestamp) -> bool {
        let is_recent = |last: &Last| last.begun.is_some_and(|begun| begun > since);
        Arc::strong_count(self) > 1 || self.last.try_lock().is_ok_and(|last| is_recent(&last))
    }
}

impl<C> Default for Edited<C> {
    fn default() -> Self {
        Self { wanted: Mutex::new(Wanted { number: 0, content: None }), last: Default::default() }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use countersign_engine::memory::FakeClock;
    use tokio::task::JoinHandle;

    use super::*;

    struct Bench {
        clock: Arc<FakeClock>,
        edits: Arc<Edits<u32>>,
        shown: Arc<Mutex<Vec<u32>>>,
    }

    impl Bench {
        fn new() -> Self {
            let clock = Arc::new(FakeClock::at(Timestamp::from_second(1_800_000_000).unwrap()));
            Self { edits: Arc::new(Edits::paced(clock.clone())), clock, shown: Arc::default() }
        }

        /// Asks for an edit, which fails if its number is 13.
        async fn edit(&self, content: u32) -> JoinHandle<Drawn> {
            let (edits, shown) = (Arc::clone(&self.edits), Arc::clone(&self.shown));
            let draw = async move |content: &u32| {
                lock(&shown).push(*content);
                if *content == 13 { Err(Arc::new(WebError::ForeignAddress)) } else { Ok(()) }
            };
            let editing = tokio::spawn(async move { edits.edit(key("1.0"), content, draw).await });
            rest().await;
            editing
        }

        fn shown(&self) -> Vec<u32> {
            lock(&self.shown).clone()
        }
    }

    fn key(message: &str) -> Key {
        (ChannelId::new("C1"), MessageId::new(message))
    }

    async fn rest() {
        for _ in 0..64 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn the_first_edit_is_drawn_at_once_and_of_the_rest_the_newest_a_second_later() {
        let bench = Bench::new();
        bench.edit(1).await.await.unwrap().unwrap();
        let waiting = [bench.edit(2).await, bench.edit(3).await, bench.edit(4).await];
        bench.clock.advance(SignedDuration::from_millis(999));
        rest().await;
        assert_eq!(bench.shown(), [1]);
        assert!(waiting.iter().all(|editing| !editing.is_finished()));
        bench.clock.advance(SignedDuration::from_millis(1));
        for editing in waiting {
            editing.await.unwrap().unwrap();
        }
        assert_eq!(bench.shown(), [1, 4]);
        // And that one is the next one's first second.
        let next = bench.edit(5).await;
        assert!(!next.is_finished());
    }

    #[tokio::test]
    async fn a_failure_is_everybodys() {
        let bench = Bench::new();
        bench.edit(1).await.await.unwrap().unwrap();
        let waiting = [bench.edit(2).await, bench.edit(13).await];
        bench.clock.advance(GAP);
        for editing in waiting {
            assert!(editing.await.unwrap().is_err());
        }
        assert_eq!(bench.shown(), [1, 13]);
    }

    #[tokio::test]
    async fn whoever_gives_up_leaves_the_turn_to_the_next() {
        let bench = Bench::new();
        bench.edit(1).await.await.unwrap().unwrap();
        let (gone, stays) = (bench.edit(2).await, bench.edit(3).await);
        gone.abort();
        rest().await;
        bench.clock.advance(GAP);
        stays.await.unwrap().unwrap();
        assert_eq!(bench.shown(), [1, 3]);
    }

    #[tokio::test]
    async fn messages_at_rest_are_forgotten() {
        let bench = Bench::new();
        for number in 0..5000 {
            let done = bench.edits.edit(key(&number.to_string()), 1, async |_: &u32| Ok(())).await;
            done.unwrap();
            bench.clock.advance(SignedDuration::from_millis(10));
            assert!(lock(&bench.edits.messages).len() <= MANY_MESSAGES);
        }
    }
}
