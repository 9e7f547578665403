//! Back to the seed.

use super::change::What;
use super::state::State;
use super::{Refused, Workspace};
use crate::seed::Seed;

impl Workspace {
    /// Sets everything back to `seed`. Identifiers and timestamps go on from where they were, so that none is ever
    /// given out twice.
    pub(crate) async fn reset(&self, seed: Seed) -> Result<(), Refused> {
        self.commit(|tx| {
            let old = std::mem::replace(tx.state, State::new(seed));
            tx.state.counters = old.counters;
            for (channel, log) in &old.logs {
                log.messages.keys().for_each(|ts| tx.remove_message(channel, *ts));
            }
            old.ephemerals.iter().for_each(|one| tx.remove_ephemeral(one.ts));
            old.channels.iter().for_each(|channel| tx.forget_channel(&channel.id));
            tx.forget_people(&old);
            old.views.keys().for_each(|id| tx.remove_view(id));
            old.files.keys().for_each(|id| tx.forget_file(id));
            old.response_urls.keys().for_each(|key| tx.remove_response_url(key));
            old.outbox.keys().for_each(|seq| tx.event_done(*seq));
            tx.forget_transport();
            tx.changed(What::Reset);
            Ok(())
        })
        .await
    }
}
