//! Expiry: ours, and prompt. DynamoDB's own may take two days, and stays as a backstop.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::{SyncError, Whitelist};
use crate::domain::{Entry, Environment, Row};
use crate::ports::{Notice, Saved};

/// So long before the end people are told.
const NEAR: SignedDuration = SignedDuration::from_hours(24);

/// What a sweep did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// How many rows were removed because their time was over.
    pub expired: usize,
    /// How many people were told that a time is nearly over.
    pub told: usize,
}

impl Whitelist {
    /// Removes the rows whose time is over, shuts what they had opened, and tells people whose entries end within a
    /// day. To be called every minute, by any number of processes.
    ///
    /// # Errors
    /// [`SyncError`] when the table or the groups cannot be read; the next sweep tries again.
    pub async fn sweep(&self) -> Result<Swept, SyncError> {
        let now = self.now();
        let groups = self.firewall.groups().await?;
        let known: BTreeSet<Environment> =
            groups.iter().flat_map(|group| group.environments.clone()).collect();
        let (mut over, mut near) = (Vec::new(), Vec::new());
        for environment in &known {
            for row in self.table.in_environment(environment).await? {
                if row.is_over(now) {
                    over.push(row);
                } else if row.is_near(now) {
                    near.push(row);
                }
            }
        }
        let mut swept = Swept::default();
        if !over.is_empty() {
            // Shut first: a row that is there still, and over, lets nothing through any more. Where a group may not have
            // been shut, the row stays, so that the next sweep tries again.
            let synced = self.sync(&keys(&over)).await?;
            over.retain(|row| !synced.is_behind_in(&row.environment()));
        }
        // Each time: where no group has its tags any more, no environment is known, and no row is read above.
        let open = self.shut_strays(&groups).await?;
        over.retain(|row| row.ip_address.parse().map_or(true, |cidr| !open.contains(&cidr)));
        for row in over {
            // Whoever extends a row in this very moment wins, and what was shut for it is opened again by whatever follows
            // the extension.
            if self.table.expire(&row, now).await? == Saved::Done {
                swept.expired += 1;
                if let Ok(entry) = self.entry(&row, &known) {
                    self.tell(Notice::Expired(entry)).await;
                }
            }
        }
        for (row, entry) in
            near.into_iter().filter_map(|row| Some((row.clone(), self.entry(&row, &known).ok()?)))
        {
            swept.told += usize::from(self.tell_ending(&row, entry).await?);
        }
        Ok(swept)
    }

    /// Tells people once that a time is nearly over; again only after an extension.
    async fn tell_ending(&self, row: &Row, entry: Entry) -> Result<bool, SyncError> {
        let told = Row { told_ending: row.expires_at, ..row.clone() };
        let is_first = self.table.save(&told, Some(row)).await? == Saved::Done;
        if is_first {
            self.tell(Notice::Ending(entry)).await;
        }
        Ok(is_first)
    }
}

fn keys(rows: &[Row]) -> BTreeSet<String> {
    rows.iter().map(|row| row.ip_address.clone()).collect()
}

impl Row {
    /// Ends it within a day, after more than one, and was nobody told yet?
    fn is_near(&self, now: jiff::Timestamp) -> bool {
        let Some(end) = self.expires_at() else { return false };
        let lasts = self.expires_at.zip(self.added_at).map(|(end, start)| end.saturating_sub(start));
        end.duration_since(now) <= NEAR
            && self.told_ending != self.expires_at
            && lasts.is_some_and(|lasts| lasts > NEAR.as_secs())
    }
}
