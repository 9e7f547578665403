//! `docs/verify_audit.py`, which knows nothing but `docs/audit.md`, on what the program exports.

use std::path::Path;
use std::process::{Command, Stdio};

use super::*;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/verify_audit.py");

/// What the script says of an export, its lines, and whether all is well; `None`, and a word on it, without Python.
fn verified(folder: &Path, lines: &[String]) -> Option<(String, bool)> {
    std::fs::write(folder.join("trail.jsonl"), lines.join("\n") + "\n").unwrap();
    let python = Command::new("python3")
        .arg(SCRIPT)
        .args(["trail.jsonl", "kept.jsonl"])
        .current_dir(folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .output();
    let Ok(said) = python else {
        eprintln!("skipped: there is no python3");
        return None;
    };
    let text = String::from_utf8(said.stdout).unwrap();
    assert_eq!(String::from_utf8(said.stderr).unwrap(), "", "{text}");
    Some((text, said.status.success()))
}

#[tokio::test]
async fn another_program_verifies_an_export_and_finds_what_was_done_to_it() {
    let office = Office::new().await;
    office.works().await;
    let export: Vec<String> = office.audit(&["export"]).await.out.lines().map(str::to_owned).collect();
    let Some((said, fine)) = verified(office.folder.path(), &export) else { return };
    assert!(fine && said.starts_with("3 operations, "), "{said}");

    let id = |line: usize| {
        serde_json::from_str::<Value>(&export[line]).unwrap()["operation"].as_str().unwrap().to_owned()
    };
    let tamper = |doing: &dyn Fn(&mut Vec<String>)| {
        let mut lines = export.clone();
        doing(&mut lines);
        let (said, fine) = verified(office.folder.path(), &lines).unwrap();
        assert!(!fine, "{said}");
        said.lines().next().unwrap().replace(&id(0), "[first]").replace(&id(export.len() - 3), "[last]")
    };
    let checkpoint = export.len() - 2;
    let found = [
        tamper(&|lines| lines[0] = lines[0].replace("U0ANA", "U0EVE")),
        tamper(&|lines| lines[1] = lines[1].replace("\"now\":\"", "\"now\":\"x")),
        tamper(&|lines| lines[2] = lines[2].replace("\"type\":", "\"by_the_way\":1,\"type\":")),
        tamper(&|lines| drop(lines.remove(2))),
        tamper(&|lines| lines.swap(1, 2)),
        tamper(&|lines| lines.insert(1, lines[0].clone())),
        tamper(&|lines| drop(lines.remove(checkpoint - 1))),
        tamper(&|lines| lines.swap(checkpoint, checkpoint + 1)),
        tamper(&|lines| lines[checkpoint] = lines[checkpoint].replacen("\"seq\":", "\"seq\":1", 1)),
        tamper(&|lines| lines[1] = "nonsense".to_owned()),
        tamper(&|lines| drop(lines.remove(checkpoint + 1))),
    ];
    insta::assert_snapshot!(found.join("\n"), @"
    WRONG: record 1 of [first] was changed
    WRONG: record 2 of [first] was changed
    WRONG: record 3 of [first] was changed
    WRONG: record 4 of [first] stands where record 3 belongs
    WRONG: record 3 of [first] stands where record 2 belongs
    WRONG: record 1 of [first] stands where record 2 belongs
    WRONG: record 3 of [last] is not what checkpoint 2 sealed
    WRONG: checkpoint 2 was changed, or stands in another's place
    WRONG: checkpoint 1 was changed, or stands in another's place
    WRONG: line 2 cannot be read: Expecting value: line 1 column 1 (char 0)
    WRONG: checkpoint 2 is not the one that was kept elsewhere
    ");
}
