use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::command::catalog::Catalog;
use crate::command::fixture::office;
use crate::router::Routing;

fn args_of(catalog: &Catalog, sentence: &str) -> Args {
    match catalog.route(sentence) {
        Routing::Route { args, .. } => args,
        other => panic!("{other:?}"),
    }
}

fn whitelist() -> Args {
    args_of(&office(), "whitelist add 203.0.113.7 \"the office\" prod for 1h30m")
}

#[test]
fn people_read_the_arguments_in_their_order() {
    insta::assert_snapshot!(whitelist(), @"ip: 203.0.113.7/32, description: the office, env: prod, ttl: 1h30m");
}

#[test]
fn a_runbook_reads_its_own_struct() {
    #[derive(Deserialize, Debug, PartialEq)]
    struct Add {
        ip: IpNet,
        description: Option<String>,
        env: Option<String>,
        ttl: Option<u64>,
    }
    let net = "203.0.113.7/32".parse().unwrap();
    let (text, prod) = (Some("the office".to_owned()), Some("prod".to_owned()));
    assert_eq!(
        whitelist().parse::<Add>().unwrap(),
        Add { ip: net, description: text, env: prod, ttl: Some(5_400) }
    );
    let bare = args_of(&office(), "whitelist add 203.0.113.7");
    assert_eq!(bare.parse::<Add>().unwrap(), Add { ip: net, description: None, env: None, ttl: None });
    let error = bare.parse::<std::collections::BTreeMap<String, u64>>().unwrap_err();
    assert_eq!(error.to_string(), "the arguments of the command do not fit the runbook's own type");
}

#[test]
fn plain_json_has_numbers_as_numbers() {
    let args = args_of(&office(), "set acme trial remaining to 14 days");
    assert_eq!(args.to_plain_json(), json!({ "subdomain": "acme", "days": 14 }));
}

#[test]
fn the_ledger_names_the_type_of_each_value() {
    let stored = serde_json::to_string(&whitelist()).unwrap();
    insta::assert_snapshot!(stored, @r#"{"ip":{"kind":"cidr","value":"203.0.113.7/32"},"description":{"kind":"text","value":"the office"},"env":{"kind":"environment","value":"prod"},"ttl":{"kind":"duration","value":5400}}"#);
    assert_eq!(serde_json::from_str::<Args>(&stored).unwrap(), whitelist());
}

#[test]
fn what_no_sentence_can_say_is_not_read_back() {
    for stored in [
        r#"{"a":{"kind":"int","value":1},"a":{"kind":"int","value":2}}"#,
        r#"{"a":{"kind":"int","value":1.5}}"#,
        r#"{"a":{"kind":"number","value":null}}"#,
        r#"{"a":{"kind":"money","value":1}}"#,
        r#"{"a":1}"#,
        "[]",
    ] {
        assert!(serde_json::from_str::<Args>(stored).is_err(), "{stored}");
    }
}

#[test]
fn an_argument_is_set_once() {
    let mut args: Args = [("a", Value::Int(1)), ("b", Value::Bool(true))].into_iter().collect();
    assert_eq!(args.insert("a", Value::Int(2)), Some(Value::Int(1)));
    assert_eq!(args.to_string(), "a: 2, b: yes");
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>().prop_map(Value::Text),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_filter_map("finite", |number| Finite::new(number).map(Value::Number)),
        any::<bool>().prop_map(Value::Bool),
        any::<u64>().prop_map(Value::Duration),
        any::<IpAddr>().prop_map(Value::Ip),
        any::<u128>().prop_map(|bits| Value::Uuid(Uuid::from_u128(bits))),
        (1_i16..9_999, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| Value::Date(Date::constant(y, m, d))),
    ]
}

proptest! {
    #[test]
    fn arguments_survive_the_ledger(pairs in prop::collection::vec(("[a-z]{1,3}", any_value()), 0..6)) {
        let args: Args = pairs.into_iter().collect();
        let stored = serde_json::to_string(&args).unwrap();
        prop_assert_eq!(serde_json::from_str::<Args>(&stored).unwrap(), args);
    }
}
