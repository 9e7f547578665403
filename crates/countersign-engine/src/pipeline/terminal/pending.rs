//! What is open, for one person.

use std::collections::BTreeMap;

use countersign_core::ids::{ChannelId, PersonId};
use countersign_core::policy::{Person, Place};

use super::super::voucher::Trusts;
use super::super::{Engine, Failure};
use super::{Sight, may_know, sight};
use crate::ports::Freshness;

/// So many open operations are looked at, the oldest first.
const MOST: usize = 500;

impl Engine {
    /// Everything that is open and that this person may know of: what waits for their signature first, and then the
    /// oldest first.
    ///
    /// # Errors
    /// A [`Failure`] of something that the answer depends on.
    pub async fn pending(&self, person: &PersonId) -> Result<Vec<Sight>, Failure> {
        let voucher = self.voucher(Trusts::Configuration);
        let rules = voucher.rules(Freshness::Recent).await?;
        let mut there: BTreeMap<ChannelId, Option<(Person, Place)>> = BTreeMap::new();
        let mut found = Vec::new();
        for id in self.ports.ledger.open().await?.into_iter().take(MOST) {
            let Some(operation) = self.load(&id).await? else { continue };
            let channel = operation.request.origin.channel.clone();
            if !there.contains_key(&channel) {
                let here = self.at_terminal(person, &channel, &voucher).await?.ok();
                there.insert(channel.clone(), here);
            }
            let Some(Some((person, place))) = there.get(&channel) else { continue };
            let theirs = operation.request.caller == person.id;
            if !operation.is_settled() && (theirs || may_know(&rules, &operation, (person, place))) {
                found.push(sight(&rules, operation, (person, place)));
            }
        }
        found.sort_by_key(|sight| !sight.waits_for_you);
        Ok(found)
    }
}
