//! What is frozen by hand.

use async_trait::async_trait;
use countersign_core::policy::{Freeze, Frozen};
use countersign_engine::ports::{Freezes, FreezesError};
use jiff::Timestamp;

use crate::gate::{OnPurpose, Port};

/// A store of freezes that fails and is slow.
#[derive(Debug)]
pub struct Bans(pub Port);

#[async_trait]
impl Freezes for Bans {
    async fn standing(&self, now: Timestamp) -> Result<Vec<Freeze>, FreezesError> {
        let effect = async {
            let world = self.0.shared.lock();
            let freezes = world.freezes.iter().map(|(_, freeze)| freeze);
            Ok(freezes.filter(|freeze| now < freeze.until).cloned().collect())
        };
        self.0.call(effect, || FreezesError(Box::new(OnPurpose))).await
    }

    async fn begin(&self, _freeze: &Freeze) -> Result<(), FreezesError> {
        Ok(())
    }

    async fn end(&self, _what: &Frozen) -> Result<(), FreezesError> {
        Ok(())
    }
}
