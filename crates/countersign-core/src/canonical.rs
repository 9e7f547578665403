//! One text for one value, so that equal values have equal hashes.
//!
//! It is the value's JSON without white space, with the members of every object in ascending order of their
//! names' bytes. Numbers and strings stand as serde_json writes them: of the characters of a string only `"`, `\`
//! and those below U+0020 are escaped, as `\"`, `\\`, `\b`, `\f`, `\n`, `\r`, `\t`, or else `\u00` and two
//! lower-case digits.

mod text;

use serde::Serialize;

pub(crate) use text::append_canonical;
pub use text::{NotJson, canonical_text};

/// `value` as its canonical text.
pub fn canonical_json(value: &impl Serialize) -> String {
    let written = serde_json::to_string(value).unwrap_or_default();
    // What serde_json writes is JSON.
    canonical_text(&written).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_sorted_whatever_their_order() {
        let value = json!({"b": [1, {"z": null, "a": "ü\n"}], "a": true});
        assert_eq!(canonical_json(&value), r#"{"a":true,"b":[1,{"a":"ü\n","z":null}]}"#);
    }
}
