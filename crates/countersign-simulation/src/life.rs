//! One start of an engine: a runtime of its own, so that dropping it drops every task at its await point.

use std::sync::Arc;

use countersign_engine::ports::{Delivery, Retry};
use countersign_engine::{Engine, Intake, intake::Skip};
use tokio::runtime::{Builder, Runtime};

use crate::gate::{Port, happens};
use crate::history::Life as Number;
use crate::ports::{self, Stores};
use crate::world::{Happening, Shared};

/// A running engine.
pub struct Life {
    /// Its number.
    pub number: Number,
    runtime: Runtime,
    intake: Arc<Intake>,
    port: Port,
}

impl Life {
    /// Starts an engine on what earlier ones left. It takes up what is open once it is let run.
    ///
    /// # Errors
    /// The runtime cannot be made.
    pub fn start(shared: &Arc<Shared>, stores: &Stores, replica: usize) -> std::io::Result<Self> {
        let number = {
            let mut world = shared.lock();
            let number = world.history.lives.len();
            world.history.lives.push((replica, None));
            happens(&mut world, number, || format!("starts as replica {replica}"));
            number
        };
        let port = Port { shared: Arc::clone(shared), life: number };
        // Everything that can be done is done before a poll of the outermost future ends.
        let runtime = Builder::new_current_thread().event_interval(u32::MAX).build()?;
        let within = runtime.enter();
        let engine = Engine::new(ports::ports(&port, stores), ports::rules(&port));
        let intake = Intake::new(ports::inbox(&port, stores), Arc::clone(&engine), reader(shared));
        drop(within);
        let (up, way_in, starter) = (Arc::clone(&engine), Arc::clone(&intake), port.clone());
        runtime.spawn(async move {
            // A program that cannot take up what was left open ends, and is started again.
            if up.resume().await.is_err() || way_in.resume().await.is_err() {
                let mut world = starter.shared.lock();
                happens(&mut world, number, || "cannot start".to_owned());
                world.failed.push(number);
                return;
            }
            starter.shared.lock().ready.push(number);
            // They end with the runtime.
            drop((up.keep_watch(), way_in.keep_watch()));
        });
        Ok(Self { number, runtime, intake, port })
    }

    /// Lets everything run that can.
    pub fn run(&self) {
        self.runtime.block_on(tokio::task::yield_now());
    }

    /// The transport hands an act over, and waits for the acknowledgement.
    pub fn receive(&self, act: usize) {
        let delivery = {
            let mut world = self.port.shared.lock();
            let now = world.now;
            let Some(done) = world.history.acts.get_mut(act) else { return };
            done.deliveries += 1;
            let retry = Retry { number: done.deliveries - 1, reason: "timeout".to_owned() };
            Delivery {
                key: done.key.clone(),
                kind: "act".to_owned(),
                payload: act.to_string(),
                received_at: now,
                retry: (retry.number > 0).then_some(retry),
            }
        };
        let (intake, port) = (Arc::clone(&self.intake), self.port.clone());
        self.runtime.spawn(async move {
            let accepted = intake.accept(delivery).await;
            let mut world = port.shared.lock();
            let tick = happens(&mut world, port.life, || match &accepted {
                Ok(stored) => format!("acknowledged act {act}: {stored:?}"),
                Err(_) => format!("did not take act {act}"),
            });
            if let (Ok(_), Some(act)) = (accepted, world.history.acts.get_mut(act)) {
                act.acked.get_or_insert(tick);
            }
        });
    }

    /// The engine dies, wherever it is.
    pub fn die(self) {
        let (port, number) = (self.port, self.number);
        drop(self.intake);
        drop(self.runtime);
        let mut world = port.shared.lock();
        let tick = happens(&mut world, number, || "is dead".to_owned());
        world.frozen.retain(|life| *life != number);
        world.ready.retain(|life| *life != number);
        if let Some((replica, died)) = world.history.lives.get_mut(number) {
            *died = Some(tick);
            let replica = *replica;
            let after = world.millis(50, 15_000);
            world.plan(after, Happening::Start(replica));
        }
    }
}

/// Reads a payload: the number of an act.
fn reader(shared: &Arc<Shared>) -> countersign_engine::intake::Reader {
    let shared = Arc::clone(shared);
    Box::new(move |delivery| {
        let act: usize = delivery.payload.parse().map_err(|_| Skip::Nothing)?;
        let world = shared.lock();
        world.history.acts.get(act).map(|act| act.envelope.clone()).ok_or(Skip::Nothing)
    })
}
