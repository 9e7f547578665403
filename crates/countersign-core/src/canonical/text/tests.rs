use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn canonical(json: &str) -> String {
    canonical_text(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

#[test]
fn it_is_written_one_way_alone() {
    for (json, expected) in [
        (" [ 1 , 2.50 , -0.0 , 1E5 ] ", "[1,2.50,-0.0,1E5]"),
        (r#"{"b":1,"a":{"d":[],"c":{}}}"#, r#"{"a":{"c":{},"d":[]},"b":1}"#),
        (r#""\u00fc\/\u001F\u0041\n""#, r#""ü/\u001fA\n""#),
        // By bytes: `"` stands before letters, whatever its escape begins with.
        (
            r#"{"a":1,"\"":2,"Z":3,"é":4,"\ud83d\ude00":5,"\uffee":6}"#,
            "{\"\\\"\":2,\"Z\":3,\"a\":1,\"é\":4,\"\u{ffee}\":6,\"😀\":5}",
        ),
        (r#"{"a":1,"a":0}"#, r#"{"a":1,"a":0}"#),
    ] {
        assert_eq!(canonical(json), expected);
        assert_eq!(canonical(expected), expected, "a second time nothing changes");
    }
}

#[test]
fn what_is_no_json_is_refused() {
    let deep = "[".repeat(1_000) + &"]".repeat(1_000);
    for json in [
        "",
        " ",
        "{",
        "[1,]",
        "[1 2]",
        "{\"a\"}",
        "{a:1}",
        "{\"a\":1,}",
        "nul",
        "01",
        "1e999",
        "+1",
        ".5",
        "NaN",
        "\"",
        "\"\\",
        "\"\\x\"",
        "\"\\ud800\"",
        "\"\n\"",
        "1 2",
        "[]]",
        "\"\\ü\"",
        &deep,
    ] {
        assert!(canonical_text(json).is_err(), "{json:?}");
    }
}

fn values() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        any::<String>().prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().rev().collect())),
        ]
    })
}

/// The canonical text, made of a value: what ledgers were written with before there was [`canonical_text`].
fn of_value(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut names: Vec<&String> = map.keys().collect();
            names.sort();
            let members: Vec<String> = names
                .into_iter()
                .map(|name| format!("{}:{}", Value::from(name.clone()), of_value(&map[name])))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(of_value).collect::<Vec<_>>().join(",")),
        scalar => scalar.to_string(),
    }
}

proptest! {
    #[test]
    fn text_and_value_agree(value in values()) {
        let expected = of_value(&value);
        prop_assert_eq!(canonical(&value.to_string()), expected.clone());
        prop_assert_eq!(canonical(&format!("{value:#}")), expected.clone());
        let back: Value = serde_json::from_str(&expected).unwrap();
        prop_assert_eq!(of_value(&back), expected, "and reading it back loses nothing");
    }

    #[test]
    fn nothing_makes_it_panic(text in any::<String>(), json in "[\\[\\]{},:\"0-9.eE+a-z\\\\ -]{0,40}") {
        for text in [text, json] {
            if let Ok(canonical) = canonical_text(&text) {
                prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok());
                prop_assert_eq!(canonical_text(&canonical), Ok(canonical.clone()));
            }
        }
    }
}
