use std::path::PathBuf;

use serde_json::Value;

use super::method::{Json, Method, Tier, Tokens};
use super::reply::GENERAL;
use super::{FAMILIES, find};

/// The published reference of a method; `None`, said aloud, where the reference is not at hand.
fn reference(method: &str) -> Option<Value> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/slack/api-ref");
    if !folder.is_dir() {
        eprintln!("skipped: {} is not there", folder.display());
        return None;
    }
    let text = std::fs::read_to_string(folder.join(format!("{method}.json"))).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

fn methods() -> impl Iterator<Item = &'static Method> {
    FAMILIES.iter().flat_map(|family| family.iter())
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(String::from).collect()
}

#[test]
fn every_method_has_one_name() {
    for method in methods() {
        assert_eq!(find(method.name).map(|found| found.errors), Some(method.errors), "{}", method.name);
        assert_eq!(methods().filter(|other| other.name == method.name).count(), 1, "{}", method.name);
    }
}

#[test]
fn errors_are_those_that_the_reference_lists() {
    for method in methods() {
        let Some(reference) = reference(method.name) else { continue };
        let listed = reference["errors"].as_object().unwrap();
        for code in method.errors {
            assert!(listed.contains_key(*code), "{} does not list {code}", method.name);
            assert!(!GENERAL.contains(code), "{code} is general, and needs no place at {}", method.name);
        }
    }
}

#[test]
fn required_arguments_are_those_of_the_reference() {
    for method in methods() {
        let Some(reference) = reference(method.name) else { continue };
        let mut wanted = texts(&reference["args"]["required"]);
        wanted.retain(|argument| argument != "token");
        let mut ours: Vec<_> = method.required.iter().map(ToString::to_string).collect();
        wanted.sort();
        ours.sort();
        assert_eq!(ours, wanted, "{}", method.name);
    }
}

#[test]
fn scopes_and_json_are_those_of_the_reference() {
    for method in methods() {
        let Some(reference) = reference(method.name) else { continue };
        let scopes = texts(&reference["scope"]["bot"]);
        if let Some(scope) = method.scope {
            assert!(scopes.iter().any(|one| one == scope), "{} needs no {scope}", method.name);
        }
        let taken = reference["json_input_supported"].as_bool().unwrap_or(false);
        assert_eq!(method.json == Json::Taken, taken, "{}", method.name);
    }
}

#[test]
fn tiers_are_those_of_the_reference() {
    for method in methods() {
        let Some(reference) = reference(method.name) else { continue };
        let wanted = match method.tier {
            Tier::Two => "t2",
            Tier::Three => "t3",
            Tier::Four => "t4",
            Tier::Posting | Tier::Hundreds => "t5",
        };
        assert_eq!(reference["rate_limits"], wanted, "{}", method.name);
        assert_eq!(method.tier == Tier::Posting, method.name == "chat.postMessage", "{}", method.name);
    }
}

#[test]
fn a_method_without_a_token_is_the_exception() {
    let open: Vec<_> = methods().filter(|one| one.tokens == Tokens::None).map(|one| one.name).collect();
    assert_eq!(open, ["api.test"]);
}
