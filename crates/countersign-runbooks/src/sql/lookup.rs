use countersign_core::operation::{Report, Table};
use countersign_core::plan::{Fixed, Plan, Step};
use countersign_engine::ports::{Applied, RunbookError};
use serde_json::Value;

use super::cell::Cell;
use super::config::{Layout, LookupWork};
use super::database::Database;
use super::rows::{Bound, Bounds, Rows};
use super::values::Values;

/// How many rows people see, and how many more are counted.
const BOUNDS: Bounds = Bounds { keep: 50, count: 1000 };

/// A question and the database that answers it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lookup<'a> {
    pub(super) work: &'a LookupWork,
    pub(super) database: &'a Database,
}

impl Lookup<'_> {
    /// Reading changes nothing; the plan only says what is read.
    pub(super) fn plan(self, args: &Value, fixed: &Fixed) -> Plan {
        let step = Step { title: self.title(args), changes: Vec::new() };
        Plan { steps: vec![step], fixed: fixed.clone(), ..Plan::default() }
    }

    /// Reads.
    pub(super) async fn apply(self, args: &Value, fixed: &Fixed) -> Result<Applied, RunbookError> {
        let values = Values::new(args, fixed);
        let bound = Bound { database: self.database, statement: &self.work.query, values };
        let mut connection = self.database.reader().await?;
        let rows = bound.fetch(&mut connection, BOUNDS).await?;
        Ok(Applied::Done(match rows.rows.is_empty() {
            true => Report { summary: self.missing(args), table: None },
            false => Report { summary: self.title(args), table: Some(self.table(&rows)) },
        }))
    }

    fn title(self, args: &Value) -> String {
        self.work.title.as_ref().map_or_else(|| "Found in the database".to_owned(), |title| title.fill(args))
    }

    fn missing(self, args: &Value) -> String {
        self.work
            .missing
            .as_ref()
            .map_or_else(|| "Nothing was found.".to_owned(), |missing| missing.fill(args))
    }

    fn table(self, found: &Rows) -> Table {
        match (self.work.layout, found.rows.split_first()) {
            (Layout::Record, Some((first, others))) => {
                let fields = found.columns.iter().zip(first);
                Table {
                    columns: vec!["field".to_owned(), "value".to_owned()],
                    rows: fields.map(|(name, cell)| vec![Some(name.clone()), cell.shown()]).collect(),
                    left_out: others.len() + found.left_out,
                }
            }
            _ => Table {
                columns: found.columns.clone(),
                rows: found.rows.iter().map(|row| row.iter().map(Cell::shown).collect()).collect(),
                left_out: found.left_out,
            },
        }
    }
}
