//! `countersign test FILE`.

use std::fs;
use std::path::Path;

use crate::program::{Said, ends};

/// Tests the demo's commands with `sentences`.
async fn tested(folder: &Path, sentences: &str) -> Said {
    fs::write(folder.join("sentences.toml"), sentences).unwrap();
    ends(folder, &["test", "sentences.toml"]).await
}

#[tokio::test]
async fn sentences_that_do_what_is_expected() {
    let folder = tempfile::tempdir().unwrap();
    let said = tested(
        folder.path(),
        r#"
        [[sentence]]
        say = "set acme trial remaining to 14 days"
        in = "backoffice"
        as = "U0ANA"
        command = "set-trial-remaining-to-days"
        args = { subdomain = "acme", days = 14 }
        others = 1

        [[sentence]]
        say = "set acme trial remaining to many days"
        refused = "whole number"

        [[sentence]]
        say = "drop pool eu-west"
        in = "backoffice"
        refused = "I do not know that sentence here."
        "#,
    )
    .await;
    insta::assert_snapshot!(format!("{}{}", said.out, said.error(folder.path(), None)), @"
    ok    set acme trial remaining to 14 days
    ok    set acme trial remaining to many days
    ok    drop pool eu-west
    3 passed, 0 failed
    There is no countersign.toml here, so this is the demo's configuration. Name another with --config FILE.
    exit code 0
    ");
}

#[tokio::test]
async fn sentences_that_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let said = tested(
        folder.path(),
        r#"
        [[sentence]]
        say = "set acme trial remaining to 14 days"
        command = "set-trial-remaining-to-days"
        args = { subdomain = "acme", days = 15 }

        [[sentence]]
        say = "show account acme"
        command = "drop-pool"

        [[sentence]]
        say = "show account acme"
        refused = "no"

        [[sentence]]
        say = "make me a sandwich"
        command = "sandwich"

        [[sentence]]
        say = "show account acme"
        in = "kitchen"
        command = "show-account"

        [[sentence]]
        say = "show account acme"
        "#,
    )
    .await;
    insta::assert_snapshot!(format!("{}{}", said.out, said.error(folder.path(), None)), @r#"
    FAIL  set acme trial remaining to 14 days
          its arguments are {"subdomain":"acme","days":14}, not {"days":15,"subdomain":"acme"}
    FAIL  show account acme
          it runs show-account, not drop-pool
    FAIL  show account acme
          it runs show-account with {"subdomain":"acme"}
    FAIL  make me a sandwich
          it is refused: I do not know that sentence here. Write `@Backoffice Bot help` to see what you can ask me for in this channel.
    FAIL  show account acme
          there is no channel kitchen
    FAIL  show account acme
          say what is expected: either `command` or `refused`
    0 passed, 6 failed
    There is no countersign.toml here, so this is the demo's configuration. Name another with --config FILE.
    Some sentences do not do what is expected of them.
    exit code 1
    "#);
}

#[tokio::test]
async fn files_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let missing = ends(folder.path(), &["test", "nosuch.toml"]).await;
    insta::assert_snapshot!(missing.error(folder.path(), None), @"
    There is no countersign.toml here, so this is the demo's configuration. Name another with --config FILE.
    nosuch.toml: There is no such file.
    exit code 2
    ");
    let said = tested(folder.path(), "[[sentence]]\nsay = set acme\n").await;
    insta::assert_snapshot!(said.error(folder.path(), None), @"
    There is no countersign.toml here, so this is the demo's configuration. Name another with --config FILE.
    sentences.toml:2:7: string values must be quoted, expected literal string.
    exit code 2
    ");
    let said = tested(folder.path(), "[[sentence]]\nsay = \"x\"\ncomand = \"y\"\n").await;
    insta::assert_snapshot!(said.error(folder.path(), None), @"
    There is no countersign.toml here, so this is the demo's configuration. Name another with --config FILE.
    sentences.toml:3:1: unknown field `comand`, expected one of `say`, `in`, `as`, `command`, `args`, `others`, `refused`.
    exit code 2
    ");
    let said = tested(folder.path(), "").await;
    insta::assert_snapshot!(said.error(folder.path(), None), @"
    There is no countersign.toml here, so this is the demo's configuration. Name another with --config FILE.
    sentences.toml: There is no [[sentence]] in it, so there is nothing to test.
    exit code 2
    ");
    fs::write(folder.path().join("binary"), [0, 255, 254]).unwrap();
    let said = ends(folder.path(), &["test", "binary"]).await;
    insta::assert_snapshot!(said.error(folder.path(), None), @"
    There is no countersign.toml here, so this is the demo's configuration. Name another with --config FILE.
    binary: It is not text in UTF-8.
    exit code 2
    ");
}
