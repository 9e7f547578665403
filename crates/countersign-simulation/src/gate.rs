//! The await points: every call of a port passes here, before its effect, and often once more before its answer.
//!
//! A call that waits is in the hands of the schedule, which lets through whichever it likes, whenever it likes,
//! or never, because the engine dies there.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use jiff::SignedDuration;

use crate::history::{Life, Tick};
use crate::world::{Call, Shared, World};

/// One engine's way to the world.
#[derive(Debug, Clone)]
pub struct Port {
    /// The world.
    pub shared: Arc<Shared>,
    /// Whose way it is.
    pub life: Life,
}

/// What a call comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It works.
    Works,
    /// Nothing is done, and the answer is an error.
    Fails,
    /// It is done, and the answer is an error.
    IsLost,
}

/// Something in a port went wrong on purpose.
#[derive(Debug)]
pub struct OnPurpose;

impl std::fmt::Display for OnPurpose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it went wrong on purpose")
    }
}

impl std::error::Error for OnPurpose {}

impl Port {
    /// Waits until the call may have its effect, and says what it comes to.
    pub async fn enter(&self) -> Fate {
        self.pass(|world| world.strikes(|faults| faults.pass)).await;
        let mut world = self.shared.lock();
        if !world.strikes(|faults| faults.fail) {
            return Fate::Works;
        }
        world.history.faults += 1;
        if world.random.in_thousand(500) { Fate::Fails } else { Fate::IsLost }
    }

    /// Waits until the answer is there.
    pub async fn leave(&self) {
        self.pass(|world| !world.strikes(|faults| faults.hold)).await;
    }

    /// One call: waits, has its effect, waits again, and answers, or does not.
    pub async fn call<T, E>(
        &self,
        effect: impl Future<Output = Result<T, E>>,
        error: impl FnOnce() -> E,
    ) -> Result<T, E> {
        let fate = self.enter().await;
        if fate == Fate::Fails {
            return Err(error());
        }
        let done = effect.await?;
        self.leave().await;
        if fate == Fate::IsLost { Err(error()) } else { Ok(done) }
    }

    /// What happens here, in words.
    pub fn happens(&self, words: impl FnOnce() -> String) -> Tick {
        let mut world = self.shared.lock();
        happens(&mut world, self.life, words)
    }

    async fn pass(&self, at_once: impl FnOnce(&mut World) -> bool) {
        let number = {
            let mut world = self.shared.lock();
            if !world.is_frozen(self.life) && at_once(&mut world) {
                return;
            }
            world.number()
        };
        Wait { port: self, number, is_listed: false }.await;
    }
}

/// What happens to an engine, in words that name it.
pub fn happens(world: &mut World, life: Life, words: impl FnOnce() -> String) -> Tick {
    world.happens(|| format!("  #{life} {}", words()))
}

/// A call that waits to be let through. Whoever stops waiting takes it off the list.
struct Wait<'a> {
    port: &'a Port,
    number: u64,
    is_listed: bool,
}

impl Future for Wait<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut world = self.port.shared.lock();
        let number = self.number;
        if !self.is_listed {
            let delay = if world.strikes(|faults| faults.slow) {
                let longest = world.random.one_of(&[900, 5_000, 30_000, 90_000]).copied().unwrap_or(900);
                world.millis(100, longest)
            } else {
                SignedDuration::ZERO
            };
            let (ready_at, waker) = (world.now + delay, context.waker().clone());
            let call = Call { number, life: self.port.life, ready_at, is_open: false, waker };
            world.calls.push(call);
            drop(world);
            self.is_listed = true;
            return Poll::Pending;
        }
        let Some(place) = world.calls.iter().position(|call| call.number == number) else {
            return Poll::Ready(());
        };
        match world.calls.get_mut(place) {
            Some(call) if !call.is_open => {
                call.waker.clone_from(context.waker());
                Poll::Pending
            }
            _ => {
                world.calls.swap_remove(place);
                drop(world);
                self.is_listed = false;
                Poll::Ready(())
            }
        }
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        if self.is_listed {
            self.port.shared.lock().calls.retain(|call| call.number != self.number);
        }
    }
}
