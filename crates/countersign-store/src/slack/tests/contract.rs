//! The promises of every ledger and every inbox. All of them hold as long as the process lives; what a restart
//! finds is told in `restart`.

use std::sync::Arc;

use countersign_engine::memory::MemoryInbox;
use jiff::Timestamp;

use super::super::SlackStore;
use super::wire::Office;

mod ledger {
    use super::*;

    /// A ledger in a channel where somebody has said whatever the promises are about.
    async fn in_slack() -> (SlackStore, Office) {
        let office = Office::new().await;
        for second in 1..=16 {
            office.clock.set(Timestamp::new(second, 1_000).unwrap());
            let said = office.says("set acme trial").await;
            assert_eq!(said.as_str(), format!("{second}.000001"));
        }
        let store = office.starts().await.store;
        (Arc::into_inner(store).unwrap(), office)
    }

    countersign_engine::ledger_contract!(in_slack);
}

mod inbox {
    use super::*;

    countersign_engine::inbox_contract!(async || (MemoryInbox::default(), ()));
}
