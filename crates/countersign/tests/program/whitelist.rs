//! The whitelist of an AWS account: kept by the bot itself, and behind a Lambda.
//!
//! The account is an emulator's at `COUNTERSIGN_AWS`, which `cargo xtask aws` starts.

use std::path::Path;

use crate::account::Account;
use crate::serve::office::Office;
use crate::workspace::{DEVELOPERS, Thread};

const DEMO: &str = include_str!("../../src/dev/demo.toml");
const ADD: &str = "<@U0BOT> whitelist add 203.0.113.7 \"the office\" dev for 3d";

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn the_bot_keeps_it_itself() {
    let (office, account) = (Office::new().await, Account::open().await);
    let group = account.security_group();
    let whitelist = format!(
        "[whitelist]\ntable = \"{}\"\nendpoint = \"{}\"\nchannel = \"backoffice-developers\"\n\
         tag = [\"WhitelistManaged\", \"{}\"]\n",
        account.table(),
        account.endpoint,
        account.mark
    );
    let config = DEMO.replace("\"sandbox.whitelist.", "\"whitelist.");
    std::fs::write(office.folder.path().join("countersign.toml"), format!("{config}\n{whitelist}")).unwrap();
    let checked = office.check(&[]).await;
    assert!(
        checked.out.contains(&format!("{} is there, and is a whitelist's.", account.table())),
        "{}",
        checked.out
    );
    assert!(
        checked.out.contains(&format!("1 follows the whitelist: {} ({group}) for dev.", account.mark)),
        "{}",
        checked.out
    );
    is_let_through(&office, &account, (&group, &format!("{config}\n{whitelist}"))).await;
}

#[tokio::test]
#[ignore = "needs an emulator of AWS that runs Lambdas: cargo xtask aws"]
async fn a_lambda_keeps_it() {
    let (office, account) = (Office::new().await, Account::open().await);
    let group = account.security_group();
    // Both programs are built together, into one folder.
    let program = Path::new(env!("CARGO_BIN_EXE_countersign")).with_file_name("ip-whitelist-manager");
    let function = account.lambda(&program);
    let lambda =
        |line: &str| match line.strip_prefix("runbook = \"sandbox.").map(|rest| rest.trim_end_matches('"')) {
            Some(runbook) => format!(
                "lambda = {{ function = \"{function}\", runbook = \"{runbook}\", region = \"us-east-1\", \
             endpoint = \"{}\", only_reads = {} }}",
                account.endpoint,
                ["list", "mine", "my-ip"].iter().any(|reads| runbook.ends_with(reads))
            ),
            None => line.to_owned(),
        };
    let config: Vec<String> = DEMO.lines().map(lambda).collect();
    is_let_through(&office, &account, (&group, &config.join("\n"))).await;
}

/// A sentence, a signature, a row, and a rule.
async fn is_let_through(office: &Office, account: &Account, (group, config): (&str, &str)) {
    std::fs::write(office.folder.path().join("countersign.toml"), config).unwrap();
    let program = office.serves(&[]).await;
    let said = office.workspace.says("chloe", DEVELOPERS, ADD).await;
    let waits = |thread: &Thread| thread.says("Waiting for signatures");
    office.workspace.thread_that(DEVELOPERS, &said, waits).await;
    office.workspace.signs("chloe", DEVELOPERS, &said).await;
    let thread = office.workspace.thread_that(DEVELOPERS, &said, Thread::is_done).await;
    assert!(thread.says("203.0.113.7/32 is on the whitelist of dev until"), "{:?}", thread.answers);
    let rules = account.aws(&[
        "ec2",
        "describe-security-group-rules",
        "--filters",
        &format!("Name=group-id,Values={group}"),
    ]);
    let opened = |rule: &serde_json::Value| rule["CidrIpv4"] == "203.0.113.7/32" && rule["FromPort"] == 443;
    assert_eq!(
        rules["SecurityGroupRules"].as_array().unwrap().iter().filter(|rule| opened(rule)).count(),
        1,
        "{rules}"
    );
    let key = r#"{"ip_address":{"S":"203.0.113.7/32"},"environment":{"S":"dev"}}"#;
    let row = account.aws(&["dynamodb", "get-item", "--table-name", &account.table(), "--key", key]);
    assert_eq!(
        (&row["Item"]["description"]["S"], &row["Item"]["added_by"]["S"]),
        (&"the office".into(), &"Chloe Chen".into())
    );
    assert!(program.stops().await.1.success());
}
