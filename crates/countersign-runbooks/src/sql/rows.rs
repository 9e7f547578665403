use futures_util::StreamExt;
use serde_json::{Value, json};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Column, Row, Sqlite, SqliteConnection};

use super::cell::Cell;
use super::database::Database;
use super::error::SqlError;
use super::statement::Statement;
use super::values::Values;

/// What a statement found.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Rows {
    /// The columns' names; none when there are no rows.
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// How many rows came after those that were kept, as far as they were counted.
    pub(super) left_out: usize,
}

/// How many rows to keep, and how many more to count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) keep: usize,
    pub(super) count: usize,
}

impl Rows {
    /// As they are signed.
    pub(super) fn signed(&self) -> Value {
        let rows = self.rows.iter().map(|row| row.iter().map(Cell::signed).collect());
        json!({ "columns": self.columns, "rows": rows.collect::<Vec<Value>>() })
    }

    fn take(&mut self, row: &SqliteRow, bounds: Bounds) -> Result<(), sqlx::Error> {
        if self.rows.len() == bounds.keep {
            self.left_out += 1;
            return Ok(());
        }
        if self.columns.is_empty() {
            self.columns = row.columns().iter().map(|column| column.name().to_owned()).collect();
        }
        let cells = (0..row.len()).map(|index| Cell::read(row, index));
        self.rows.push(cells.collect::<Result<_, _>>()?);
        Ok(())
    }
}

/// A statement with its values, on a database.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound<'a> {
    pub(super) database: &'a Database,
    pub(super) statement: &'a Statement,
    pub(super) values: Values<'a>,
}

impl<'a> Bound<'a> {
    /// The rows that it finds.
    pub(super) async fn fetch(
        self,
        connection: &mut SqliteConnection,
        bounds: Bounds,
    ) -> Result<Rows, SqlError> {
        self.database.watch(connection).await?;
        let found = self.collect(connection, bounds).await;
        self.database.unwatch(connection).await?;
        found
    }

    /// Executes it and says how many rows it touched.
    pub(super) async fn execute(self, connection: &mut SqliteConnection) -> Result<u64, SqlError> {
        let query = self.query()?;
        self.database.watch(connection).await?;
        let done = query.execute(&mut *connection).await;
        self.database.unwatch(connection).await?;
        Ok(done.map_err(|error| self.database.explain(error))?.rows_affected())
    }

    async fn collect(self, connection: &mut SqliteConnection, bounds: Bounds) -> Result<Rows, SqlError> {
        let mut found = Rows::default();
        let mut stream = self.query()?.fetch(connection);
        while found.left_out < bounds.count {
            let Some(row) = stream.next().await else { break };
            row.and_then(|row| found.take(&row, bounds)).map_err(|error| self.database.explain(error))?;
        }
        Ok(found)
    }

    /// The statement is the configuration's, with positions for values; only the values are anybody else's.
    fn query(self) -> Result<Query<'a, Sqlite, SqliteArguments>, SqlError> {
        let mut query = sqlx::query(AssertSqlSafe(self.statement.sql()));
        for name in self.statement.parameters() {
            query = match self.values.get(name)? {
                Cell::Null => query.bind(None::<String>),
                Cell::Integer(number) => query.bind(number),
                Cell::Real(number) => query.bind(number),
                Cell::Text(text) => query.bind(text),
                Cell::Blob(bytes) => query.bind(bytes),
            };
        }
        Ok(query)
    }
}
