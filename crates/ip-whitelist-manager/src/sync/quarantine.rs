//! Rows that let nothing through.

use std::collections::BTreeSet;

use super::{SyncError, Whitelist};
use crate::domain::{Environment, Row, RowFault};
use crate::ports::{Notice, Saved};

impl Whitelist {
    /// Marks the rows that are no entries and announces each once; takes the mark from those that have become some.
    pub(super) async fn quarantine(
        &self,
        rows: &[Row],
        known: &BTreeSet<Environment>,
    ) -> Result<(), SyncError> {
        for row in rows.iter().filter(|row| self.is_marked_wrongly(row, known)) {
            let why = self.entry(row, known).err().map(|fault| fault.to_string());
            let marked = Row { quarantined: why.clone(), ..row.clone() };
            // Whoever changed it meanwhile leaves another record of the stream.
            if self.table.save(&marked, Some(row)).await? == Saved::Done
                && let Some(why) = why
            {
                self.tell(Notice::Quarantined { row: marked, why }).await;
            }
        }
        Ok(())
    }

    /// Does its mark say something else than what is the case?
    pub(super) fn is_marked_wrongly(&self, row: &Row, known: &BTreeSet<Environment>) -> bool {
        let fault = self.entry(row, known).err();
        // Its environment may be one that another process keeps.
        let is_elsewhere = matches!(fault, Some(RowFault::Environment(_))) && !self.firewall.is_whole();
        !is_elsewhere && row.quarantined != fault.map(|fault| fault.to_string())
    }
}
