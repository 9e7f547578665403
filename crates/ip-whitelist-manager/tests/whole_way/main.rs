//! The whole way on an emulator of AWS: a row written with the AWS CLI, the table's stream, the Lambda, the rule. Once with
//! what the program sets up, once with what the Terraform module says.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test does not find fails it; clippy's own exception does not reach a test's helpers"
)]

#[path = "../support/account.rs"]
mod account;
mod module;

use std::path::Path;
use std::time::{Duration, Instant};

use account::Account;
use countersign_engine::ports::Clock as _;
use countersign_engine::system::SystemClock;
use ip_whitelist_manager::aws::{Discovery, DynamoTable, Ec2Firewall};
use ip_whitelist_manager::domain::{Environment, GroupId, Rule};
use ip_whitelist_manager::ports::{Firewall as _, Table as _};
use serde_json::{Value, json};

/// Far longer than it takes; a test that waits so long has failed.
const DEADLINE: Duration = Duration::from_secs(60);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);

impl Account {
    /// The document's own command, with times that are not over.
    fn put_item(&self, table: &str, ip_address: &str) {
        let now = SystemClock.now().as_second();
        let item = json!({
            "ip_address": {"S": ip_address},
            "environment": {"S": "dev"},
            "description": {"S": "John office IP"},
            "added_by": {"S": "john.doe"},
            "added_at": {"N": now.to_string()},
            "expires_at": {"N": (now + 604_800).to_string()},
        });
        self.aws(&["dynamodb", "put-item", "--table-name", table, "--item", &item.to_string()]);
    }

    /// The document's own command.
    fn delete_item(&self, table: &str, ip_address: &str) {
        let key = json!({"ip_address": {"S": ip_address}, "environment": {"S": "dev"}}).to_string();
        self.aws(&["dynamodb", "delete-item", "--table-name", table, "--key", &key]);
    }

    /// Calls the function, and gives its answer.
    fn invoke(&self, function: &str, payload: &Value) -> Value {
        let folder = tempfile::tempdir().unwrap();
        let (out, payload) = (folder.path().join("out.json"), payload.to_string());
        let out_path = out.display().to_string();
        self.aws(&["lambda", "invoke", "--function-name", function, "--payload", &payload, &out_path]);
        serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap()
    }
}

/// Looks until it holds; how long that took.
async fn until(what: &str, holds: impl AsyncFn() -> bool) -> Duration {
    let began = Instant::now();
    let mut looks = tokio::time::interval(LOOK);
    while !holds().await {
        assert!(began.elapsed() < DEADLINE, "waited in vain until {what}");
        looks.tick().await;
    }
    began.elapsed()
}

/// The rules of a group: their networks, their ports, and whose they are.
async fn rules(firewall: &Ec2Firewall, group: &GroupId) -> Vec<String> {
    let rules = firewall.rules(std::slice::from_ref(group)).await.unwrap().remove(group).unwrap();
    let said = |rule: &Rule| format!("{} {:?} {:?}", rule.cidr, rule.ports, rule.owner);
    rules.list.iter().map(said).collect()
}

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn a_row_becomes_a_rule_and_goes_again() {
    let world = Account::open().await;
    let group = GroupId::new(world.security_group());
    let function = world.lambda(Path::new(env!("CARGO_BIN_EXE_ip-whitelist-manager")));
    let tag = Some(("WhitelistManaged".to_owned(), world.mark.clone()));
    let discovery = Discovery { tag, ..Discovery::default() };
    let firewall = Ec2Firewall::new(world.aws.clone(), discovery, &world.table());
    let table = DynamoTable::new(world.aws.clone(), &world.table());
    let rules = async || rules(&firewall, &group).await;
    let opened = vec!["1.2.3.4/32 Some((443, 443)) Ours".to_owned()];

    world.put_item(&world.table(), "1.2.3.4/32");
    let took = until("the rule is there", async || rules().await == opened).await;
    println!("a row written by the CLI was a rule {} ms after the CLI had ended", took.as_millis());

    let listed = world.aws(&[
        "dynamodb",
        "query",
        "--table-name",
        &world.table(),
        "--index-name",
        "environment-index",
        "--key-condition-expression",
        "environment = :env",
        "--expression-attribute-values",
        r#"{":env":{"S":"dev"}}"#,
    ]);
    assert_eq!(listed["Items"][0]["ip_address"]["S"], "1.2.3.4/32");
    assert_eq!(listed["Items"][0]["added_by"]["S"], "john.doe");

    world.put_item(&world.table(), "10.0.0.1/32");
    let dev = Environment::new("dev");
    until("the bad row is in quarantine", async || {
        let rows = table.in_environment(&dev).await.unwrap();
        rows.iter().any(|row| row.ip_address == "10.0.0.1/32" && row.quarantined.is_some())
    })
    .await;
    assert_eq!(rules().await, opened);

    for tick in ["sweep", "reconcile"] {
        let answer = world.invoke(&function, &json!({ "tick": tick }));
        assert_eq!(answer.as_object().unwrap().values().filter(|count| **count != 0).count(), 0, "{answer}");
    }
    assert_eq!(rules().await, opened);
    let ready = world.invoke(&function, &ready("whitelist.add"));
    assert_eq!((&ready["answer"], &ready["only_reads"]), (&json!("ready"), &json!(false)));

    world.delete_item(&world.table(), "1.2.3.4/32");
    let took = until("the rule is gone", async || rules().await.is_empty()).await;
    println!("a row removed by the CLI was no rule {} ms after the CLI had ended", took.as_millis());
}

/// The shortest call of the runbook protocol.
fn ready(runbook: &str) -> Value {
    json!({
        "version": 1, "call": "ready", "runbook": runbook,
        "now": "2026-11-20T09:00:00Z", "deadline": "2026-11-20T09:00:30Z", "budget_ms": 30_000,
    })
}
