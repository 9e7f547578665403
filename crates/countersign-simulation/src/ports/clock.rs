//! Virtual time, and chance from the seed.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use countersign_engine::ports::{BoxFuture, Clock, Ids};
use jiff::Timestamp;

use crate::gate::Port;

/// The world's clock and its chance.
#[derive(Debug, Clone)]
pub struct World(pub Port);

/// Somebody who waits for a time. Whoever stops waiting is forgotten.
struct Sleep {
    port: Port,
    place: Option<(Timestamp, u64)>,
    when: Timestamp,
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        self.0.shared.lock().now
    }

    fn sleep_until(&self, when: Timestamp) -> BoxFuture<'static, ()> {
        Box::pin(Sleep { port: self.0.clone(), place: None, when })
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let port = self.port.clone();
        let mut world = port.shared.lock();
        if let Some(place) = self.place.take() {
            world.sleepers.remove(&place);
        }
        if world.now >= self.when {
            return Poll::Ready(());
        }
        let place = (self.when, world.number());
        world.sleepers.insert(place, (port.life, context.waker().clone()));
        self.place = Some(place);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            self.port.shared.lock().sleepers.remove(&place);
        }
    }
}

impl Ids for World {
    fn random(&self) -> u128 {
        let random = &mut self.0.shared.lock().random;
        u128::from(random.next()) << 64 | u128::from(random.next())
    }
}
