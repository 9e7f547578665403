//! What has to be done again and again where the whitelist runs in a process that stays.

use jiff::SignedDuration;

use crate::sync::Whitelist;

/// How often what is over is swept away.
const SWEEP: SignedDuration = SignedDuration::from_secs(30);
/// How many sweeps there are to one full comparison: once an hour.
const SWEEPS_PER_RECONCILE: u32 = 120;

impl Whitelist {
    /// Sweeps every half minute, and compares everything once an hour, until it is dropped.
    pub async fn keep(&self) {
        loop {
            self.try_to_reconcile().await;
            for _ in 0..SWEEPS_PER_RECONCILE {
                if let Err(error) = self.sweep().await {
                    let error = countersign_engine::causes::line(&error);
                    tracing::warn!(%error, "the whitelist was not swept; it is tried again");
                }
                self.clock.sleep_until(self.now() + SWEEP).await;
            }
        }
    }

    async fn try_to_reconcile(&self) {
        if let Err(error) = self.reconcile(None).await {
            let error = countersign_engine::causes::line(&error);
            tracing::warn!(%error, "the whitelist was not compared with the security groups; it is tried again");
        }
    }
}
