use countersign_core::plan::Fingerprint;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteRow, SqliteValueRef};
use sqlx::{Decode, Row, Sqlite, TypeInfo, ValueRef};

/// How much of a text people see, in characters.
const SHOWN_CHARS: usize = 500;

/// One value of a row, as SQLite stores it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl Cell {
    /// The value in the `index`th column.
    pub(super) fn read(row: &SqliteRow, index: usize) -> Result<Self, sqlx::Error> {
        let raw = row.try_get_raw(index)?;
        if raw.is_null() {
            return Ok(Self::Null);
        }
        let kind = raw.type_info().name().to_owned();
        let cell = match kind.as_str() {
            "INTEGER" => decode(raw).map(Self::Integer),
            "REAL" => decode(raw).map(Self::Real),
            "TEXT" => match decode(raw) {
                Ok(text) => Ok(Self::Text(text)),
                // What calls itself text and is none is shown as bytes.
                Err(_) => decode(row.try_get_raw(index)?).map(Self::Blob),
            },
            _ => decode(raw).map(Self::Blob),
        };
        cell.map_err(sqlx::Error::Decode)
    }

    /// As people see it; `None` for `NULL`.
    pub(super) fn shown(&self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Integer(number) => Some(number.to_string()),
            Self::Real(number) => Some(format!("{number:?}")),
            Self::Text(text) => Some(cut(text)),
            Self::Blob(bytes) => Some(format!("({} bytes)", bytes.len())),
        }
    }

    /// As it is signed: equal cells have equal JSON, different ones have not. Long values are their hashes.
    pub(super) fn signed(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Integer(number) => json!(number),
            // As text: JSON has no infinity, and no two ways to write a number should differ.
            Self::Real(number) => json!({ "real": format!("{number:?}") }),
            Self::Text(text) if text.chars().count() <= SHOWN_CHARS => json!(text),
            Self::Text(text) => {
                json!({ "text": Fingerprint::of_bytes(text.as_bytes()), "bytes": text.len() })
            }
            Self::Blob(bytes) => json!({ "blob": Fingerprint::of_bytes(bytes), "bytes": bytes.len() }),
        }
    }
}

fn decode<'r, T: Decode<'r, Sqlite>>(raw: SqliteValueRef<'r>) -> Result<T, sqlx::error::BoxDynError> {
    T::decode(raw)
}

fn cut(text: &str) -> String {
    let length = text.chars().count();
    if length <= SHOWN_CHARS {
        return text.to_owned();
    }
    let start: String = text.chars().take(SHOWN_CHARS).collect();
    format!("{start}… ({length} characters)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_see_values_in_short() {
        let shown = |cell: Cell| cell.shown();
        assert_eq!(shown(Cell::Null), None);
        assert_eq!(shown(Cell::Integer(-7)).as_deref(), Some("-7"));
        assert_eq!(shown(Cell::Real(1.0)).as_deref(), Some("1.0"));
        assert_eq!(shown(Cell::Blob(vec![0; 12])).as_deref(), Some("(12 bytes)"));
        let long = shown(Cell::Text("ü".repeat(501))).unwrap();
        assert!(long.ends_with("ü… (501 characters)"));
        assert_eq!(shown(Cell::Text("ü".repeat(500))), Some("ü".repeat(500)));
    }

    #[test]
    fn different_values_are_signed_differently() {
        let cells = [
            Cell::Null,
            Cell::Integer(1),
            Cell::Real(1.0),
            Cell::Real(f64::INFINITY),
            Cell::Text("1".to_owned()),
            Cell::Text(String::new()),
            Cell::Text("a".repeat(501)),
            Cell::Text("a".repeat(500) + "b"),
            Cell::Blob(b"1".to_vec()),
            Cell::Blob(Vec::new()),
        ];
        for (i, one) in cells.iter().enumerate() {
            for (j, other) in cells.iter().enumerate() {
                assert_eq!(one.signed() == other.signed(), i == j, "{one:?} {other:?}");
            }
        }
    }
}
