use countersign_core::plan::Fixed;
use jiff::Timestamp;
use serde_json::Value;

use super::cell::Cell;
use super::error::SqlError;

/// The name of the time of the first plan.
pub(super) const NOW: &str = "now";

/// Where the values of parameters come from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'a> {
    args: &'a Value,
    fixed: &'a Fixed,
}

impl<'a> Values<'a> {
    /// The command's arguments (a JSON object by name), and what the first plan fixed.
    pub(super) fn new(args: &'a Value, fixed: &'a Fixed) -> Self {
        Self { args, fixed }
    }

    /// The command's arguments: a JSON object by name.
    pub(super) fn args(&self) -> &'a Value {
        self.args
    }

    /// The value to bind for `name`. An argument that the sentence left out is `NULL`.
    pub(super) fn get(&self, name: &str) -> Result<Cell, SqlError> {
        if name == NOW {
            return self.now().map(Cell::Text);
        }
        let unfit = || SqlError::UnfitArgument(name.to_owned());
        match self.args.get(name) {
            None | Some(Value::Null) => Ok(Cell::Null),
            Some(Value::String(text)) => Ok(Cell::Text(text.clone())),
            Some(Value::Bool(yes)) => Ok(Cell::Integer(i64::from(*yes))),
            Some(Value::Number(number)) if number.is_f64() => {
                number.as_f64().map(Cell::Real).ok_or_else(unfit)
            }
            Some(Value::Number(number)) => number.as_i64().map(Cell::Integer).ok_or_else(unfit),
            Some(Value::Array(_) | Value::Object(_)) => Err(unfit()),
        }
    }

    /// As SQLite's own functions write times, in UTC.
    fn now(&self) -> Result<String, SqlError> {
        let text = self.fixed.get(NOW).and_then(Value::as_str).ok_or(SqlError::NoTime)?;
        let now: Timestamp = text.parse().map_err(|_| SqlError::NoTime)?;
        Ok(now.strftime("%Y-%m-%d %H:%M:%S").to_string())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_plain_value_can_be_bound_and_nothing_else() {
        let fixed = Fixed::new();
        let args =
            json!({"t": "x", "i": -3, "r": 1.5, "b": true, "n": null, "a": [], "o": {}, "big": u64::MAX});
        let values = Values::new(&args, &fixed);
        for (name, cell) in [
            ("t", Cell::Text("x".to_owned())),
            ("i", Cell::Integer(-3)),
            ("r", Cell::Real(1.5)),
            ("b", Cell::Integer(1)),
            ("n", Cell::Null),
            ("left out", Cell::Null),
        ] {
            assert_eq!(values.get(name).unwrap(), cell);
        }
        for name in ["a", "o", "big", NOW] {
            assert!(values.get(name).is_err(), "{name}");
        }
    }

    #[test]
    fn now_is_written_as_sqlite_writes_it() {
        let args = json!({"now": "an argument cannot replace it"});
        let fixed = [(NOW.to_owned(), json!("2026-11-20T01:02:03.456+02:00"))].into();
        let values = Values::new(&args, &fixed);
        assert_eq!(values.get(NOW).unwrap(), Cell::Text("2026-11-19 23:02:03".to_owned()));
    }
}
