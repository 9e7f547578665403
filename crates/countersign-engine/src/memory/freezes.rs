use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use countersign_core::policy::{Freeze, Frozen};
use jiff::Timestamp;

use super::lock;
use crate::ports::{Freezes, FreezesError};

/// Freezes that are gone when the process ends.
#[derive(Debug, Default)]
pub struct MemoryFreezes(Mutex<BTreeMap<Frozen, Freeze>>);

#[async_trait]
impl Freezes for MemoryFreezes {
    async fn standing(&self, now: Timestamp) -> Result<Vec<Freeze>, FreezesError> {
        Ok(lock(&self.0).values().filter(|freeze| now < freeze.until).cloned().collect())
    }

    async fn begin(&self, freeze: &Freeze) -> Result<(), FreezesError> {
        lock(&self.0).insert(freeze.what.clone(), freeze.clone());
        Ok(())
    }

    async fn end(&self, what: &Frozen) -> Result<(), FreezesError> {
        lock(&self.0).remove(what);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::freezes_contract!(async || (MemoryFreezes::default(), ()));
}
