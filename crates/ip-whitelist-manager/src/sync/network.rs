//! The rows of some networks, and the rules that follow them.

use std::collections::BTreeSet;

use super::{SyncError, Synced, Whitelist};
use crate::domain::{Cidr, Entry, Environment, Row};

/// How often it is begun anew when rows change while groups are written.
const ROUNDS: usize = 4;

impl Whitelist {
    /// Brings the groups in line with all rows of these keys, whatever happened to them. What a row says, in whatever
    /// form, is its key.
    ///
    /// # Errors
    /// [`SyncError`] when the table or the groups cannot be read; what went wrong with one group stands in the result.
    pub async fn sync(&self, keys: &BTreeSet<String>) -> Result<Synced, SyncError> {
        // Under another form than the canonical one no rule of ours was ever made.
        let networks: BTreeSet<Cidr> = keys.iter().filter_map(|key| key.parse().ok()).collect();
        let mut synced = Synced::default();
        let mut rows = self.rows(keys).await?;
        let mut known = BTreeSet::new();
        for _ in 0..ROUNDS {
            let walls = self.walls().await?;
            known = walls.environments();
            let entries = self.entries(&rows, &known);
            let mut plans = walls.differences(&entries, self.now());
            for plan in &mut plans {
                plan.difference.keep(|cidr| networks.contains(&cidr));
            }
            let done = self.bring_in_line(plans).await;
            let wrote = done.wrote();
            synced.absorb(done);
            if !wrote {
                break;
            }
            // Whoever changes a row after this reading sees what was written here. Whoever changed it before may not
            // have: it is for this process to follow.
            let again = self.rows(keys).await?;
            let is_settled = self.entries(&again, &known) == entries;
            rows = again;
            if is_settled {
                break;
            }
        }
        self.quarantine(&rows, &known).await?;
        Ok(synced)
    }

    async fn rows(&self, keys: &BTreeSet<String>) -> Result<Vec<Row>, SyncError> {
        let mut rows = Vec::new();
        for key in keys {
            rows.extend(self.table.rows_of(key).await?);
        }
        Ok(rows)
    }

    /// The entries among these rows.
    pub(super) fn entries(&self, rows: &[Row], known: &BTreeSet<Environment>) -> Vec<Entry> {
        rows.iter().filter_map(|row| self.entry(row, known).ok()).collect()
    }
}
