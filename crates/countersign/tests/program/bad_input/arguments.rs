//! The command line itself, and what a configuration names.

use crate::program::ends;

const DEMO: &str = include_str!("../../../src/dev/demo.toml");

#[tokio::test]
async fn an_unknown_subcommand() {
    let folder = tempfile::tempdir().unwrap();
    let said = ends(folder.path(), &["frobnicate"]).await;
    insta::assert_snapshot!(said.error(folder.path(), None), @"
    error: unrecognized subcommand 'frobnicate'

    Usage: countersign [OPTIONS]
           countersign <COMMAND>

    For more information, try '--help'.
    exit code 2
    ");
}

#[tokio::test]
async fn options_that_make_no_sense() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["dev", "--port", "99999"][..],
        &["dev", "--port", "many"],
        &["dev", "--data", ""],
        &["dev", "--no-such-option"],
        &["--fresh", "commands"],
        &["commands", "--markdown", "--regex"],
        &["test"],
    ] {
        let said = ends(folder.path(), arguments).await;
        assert_eq!(said.code, 2, "{arguments:?}: {}", said.err);
        assert!(
            said.err.starts_with("error: ") && said.err.contains("--help"),
            "{arguments:?}: {}",
            said.err
        );
        assert_eq!(said.out, "", "{arguments:?}");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "nothing is made for what cannot be done: {left:?}");
}

#[tokio::test]
async fn no_home_and_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = crate::program::countersign(folder.path(), &["dev", "--port", "0"]);
    let output = program.env_remove("HOME").output().await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @"There is no HOME to keep anything in. Name a folder with --data DIR.");
}

#[tokio::test]
async fn the_schema_describes_the_demo() {
    let folder = tempfile::tempdir().unwrap();
    let said = ends(folder.path(), &["schema"]).await;
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let schema: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let demo: serde_json::Value = toml::from_str(DEMO).unwrap();
    fits(&schema, &schema, &demo, "");

    assert!(!knows(&schema, "comand"), "an editor underlines what is not known");
}

/// Every key of `value` stands in `schema`, and every key that it requires in `value`.
fn fits(root: &serde_json::Value, schema: &serde_json::Value, value: &serde_json::Value, place: &str) {
    let schema = resolved(root, schema);
    match value {
        serde_json::Value::Object(keys) => {
            for (key, inner) in keys {
                let of_key = &schema["properties"][key];
                let of_any = &schema["additionalProperties"];
                let found = [of_key, of_any].into_iter().find(|one| one.is_object());
                let found = found.unwrap_or_else(|| panic!("{place}.{key} is not in the schema: {schema}"));
                fits(root, found, inner, &format!("{place}.{key}"));
            }
            for key in schema["required"].as_array().into_iter().flatten() {
                assert!(keys.contains_key(key.as_str().unwrap()), "{place} lacks {key}");
            }
        }
        serde_json::Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                fits(root, &schema["items"], item, &format!("{place}[{n}]"));
            }
        }
        _ => {}
    }
}

/// Follows references, and takes the alternative that is not null.
fn resolved<'a>(root: &'a serde_json::Value, schema: &'a serde_json::Value) -> &'a serde_json::Value {
    if let Some(path) = schema["$ref"].as_str() {
        return resolved(root, root.pointer(path.trim_start_matches('#')).unwrap());
    }
    let mut either = schema["anyOf"].as_array().into_iter().flatten();
    either.find(|one| one["type"] != "null").map_or(schema, |one| resolved(root, one))
}

fn knows(schema: &serde_json::Value, key: &str) -> bool {
    schema["additionalProperties"] != false || schema["properties"].get(key).is_some()
}
