//! What has to be done again and again where the whitelist runs in a process that stays.

use jiff::SignedDuration;

use crate::sync::Whitelist;

/// How often what is over is swept away.
const SWEEP: SignedDuration = SignedDuration::from_secs(30);
/// How many sweeps there are to one full comparison: once an hour, where every change is heard of.
const WITH_A_STREAM: u32 = 120;
/// Once a minute, where nothing else tells of a row that was written by hand.
const WITHOUT: u32 = 2;

impl Whitelist {
    /// Sweeps every half minute, and compares everything once an hour, until it is dropped: beside whatever follows
    /// the table's stream.
    pub async fn keep(&self) {
        self.sweep_and_compare(WITH_A_STREAM).await;
    }

    /// The same where nothing follows the stream: everything is compared once a minute.
    pub async fn keep_without_a_stream(&self) {
        self.sweep_and_compare(WITHOUT).await;
    }

    async fn sweep_and_compare(&self, sweeps: u32) {
        loop {
            self.try_to_reconcile().await;
            for _ in 0..sweeps {
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
