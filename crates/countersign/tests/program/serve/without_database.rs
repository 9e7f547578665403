//! `[ledger] slack = true`: no database, and no file.

use serde_json::json;

use super::office::{Office, SECRET, ends};
use crate::program::countersign;
use crate::workspace::{BACKOFFICE, Thread};

/// How often it is killed.
const ROUNDS: i64 = 16;
const KEY: &str = "00112233445566778899aabbccddeeff";

/// An office whose configuration names no database of ours.
async fn office() -> Office {
    let office = Office::new().await;
    let config = office.folder.path().join("countersign.toml");
    let demo = std::fs::read_to_string(&config).unwrap();
    // A freeze by hand needs a ledger that remembers it.
    let commands: Vec<&str> =
        demo.split("[[command]]").filter(|text| !text.contains("\nfreeze = ")).collect();
    let text = format!("{}\n[ledger]\nslack = true\nlease = \"3s\"\n", commands.join("[[command]]"));
    std::fs::write(&config, text).unwrap();
    office
}

/// Writes the tokens, with the ledger's key or without it.
fn keep_tokens(office: &Office, key: Option<&str>) {
    let mut tokens =
        json!({"bot_token": "xoxb-backoffice", "app_token": "xapp-backoffice", "signing_secret": SECRET});
    if let Some(key) = key {
        tokens["ledger_key"] = key.into();
    }
    std::fs::write(office.tokens(), tokens.to_string()).unwrap();
}

/// Whatever stands in the folder.
fn files(office: &Office) -> Vec<String> {
    let entries = std::fs::read_dir(office.folder.path()).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.starts_with("demo.db"));
    names.sort();
    names
}

#[tokio::test]
async fn killed_while_it_waits_it_goes_on_and_no_file_is_written() {
    let office = office().await;
    keep_tokens(&office, Some(KEY));
    let before = files(&office);
    let program = office.serves(&[]).await;
    let ts = office.workspace.says("ana", BACKOFFICE, "<@U0BOT> set acme trial remaining to 14 days").await;
    office.workspace.thread_that(BACKOFFICE, &ts, |thread| thread.says("Waiting for signatures")).await;
    office.workspace.signs("ana", BACKOFFICE, &ts).await;
    office.workspace.thread_that(BACKOFFICE, &ts, |thread| thread.says("*Signed*\\n<@U0ANA>")).await;
    program.kill().await;
    let program = office.serves(&[]).await;
    office.workspace.signs("ben", BACKOFFICE, &ts).await;
    let thread = office.workspace.thread_that(BACKOFFICE, &ts, Thread::is_done).await;
    assert_eq!(thread.answers.len(), 1, "one card, edited: {:#?}", thread.answers);
    assert!(thread.is_marked("gear"), "{}", thread.root);
    assert!(program.stops().await.1.success());
    assert_eq!(files(&office), before);
}

/// Around the last signature: while it is counted, while ⚙️ is put, while the row changes, while the end is marked.
#[tokio::test]
async fn killed_at_any_moment_it_comes_to_an_end_and_does_nothing_twice() {
    let office = office().await;
    keep_tokens(&office, Some(KEY));
    let product = crate::kill::product::Product::counting(office.folder.path()).await;
    let mut ends = Vec::new();
    for (round, account) in product.accounts(ROUNDS).await.into_iter().enumerate() {
        let program = office.serves(&[]).await;
        let text = format!("<@U0BOT> set {account} trial remaining to 14 days");
        let ts = office.workspace.says("ana", BACKOFFICE, &text).await;
        let waits = |thread: &Thread| thread.says("Waiting for signatures");
        let thread = office.workspace.thread_that(BACKOFFICE, &ts, waits).await;
        let card = thread.answers[0]["ts"].as_str().unwrap().to_owned();
        office.workspace.signs("ana", BACKOFFICE, &card).await;
        office.workspace.signs("ben", BACKOFFICE, &card).await;
        for _ in 0..round {
            office.workspace.thread(BACKOFFICE, &ts).await;
        }
        program.kill().await;
        let program = office.serves(&[]).await;
        let is_over =
            |thread: &Thread| ["white_check_mark", "x", "question"].iter().any(|end| thread.is_marked(end));
        let thread = office.workspace.thread_that(BACKOFFICE, &ts, is_over).await;
        let done = i64::from(thread.is_marked("white_check_mark"));
        assert_eq!(
            product.changes(&account).await,
            done,
            "{account}, killed in round {round}: {}",
            thread.root
        );
        assert!(!thread.is_marked("question"), "the product's mark tells: {}", thread.root);
        ends.push(done);
        program.kill().await;
    }
    assert!(ends.contains(&1), "some were done: {ends:?}");
}

#[tokio::test]
async fn without_its_key_it_does_not_start_and_the_doctor_says_so() {
    let office = office().await;
    let folder = office.folder.path();
    let said = office.ends(&[]).await;
    insta::assert_snapshot!(said.error(folder, None), @r#"
    There is no ledger key. Set COUNTERSIGN_LEDGER_KEY, or COUNTERSIGN_LEDGER_KEY_FILE to the path of a file with it, or put it as `ledger_key` into the JSON file that --tokens names. Make it with `openssl rand -hex 32`.
    exit code 2
    "#);
    keep_tokens(&office, Some("too-short"));
    let said = office.ends(&[]).await;
    insta::assert_snapshot!(said.error(folder, None), @r#"
    The ledger's key is shorter than 32 characters. Make one with `openssl rand -hex 32`, and keep it as you keep a token.
    exit code 2
    "#);
    let check = async || {
        let mut command = countersign(folder, &["check", "--slack-api-url"]);
        command.arg(office.emulator.api_url()).arg("--tokens").arg(office.tokens());
        let out = ends(command).await.out;
        out.lines().find(|line| line.contains(" ledger ")).unwrap_or_default().to_owned()
    };
    insta::assert_snapshot!(check().await, @r#"WRONG    ledger         The ledger's key is shorter than 32 characters. Make one with `openssl rand -hex 32`, and keep it as you keep a token."#);
    keep_tokens(&office, Some(KEY));
    insta::assert_snapshot!(check().await, @r#"ok       ledger         Slack itself is the ledger, and there is a key for it. No file is written."#);
    let audit = ends(countersign(folder, &["audit", "verify"])).await;
    insta::assert_snapshot!(audit.error(folder, None), @r#"
    Slack itself is the ledger here ([ledger] slack = true): what happened stands in the channels, on the cards and under the requests, and nowhere else. An audit trail that can be checked, exported and copied needs a database; docs/ledgers.md compares them.
    exit code 2
    "#);
}
