//! The whole way on an emulator of AWS: a row written with the AWS CLI, the table's stream, the Lambda, the rule.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign_engine::ports::{Clock as _, Ids as _};
use countersign_engine::system::{OsIds, SystemClock};
use ip_whitelist_manager::aws::{Aws, Discovery, DynamoTable, Ec2Firewall, create};
use ip_whitelist_manager::domain::{Environment, GroupId};
use ip_whitelist_manager::ports::{Firewall as _, Table as _};
use serde_json::{Value, json};

/// Far longer than it takes; a test that waits so long has failed.
const DEADLINE: Duration = Duration::from_secs(60);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);

/// What runs, and how to reach it.
struct World {
    endpoint: String,
    cli: PathBuf,
    aws: Arc<Aws>,
    /// A part of every name in this test.
    mark: String,
}

#[expect(clippy::disallowed_methods, reason = "the edge of this test")]
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is set by cargo xtask aws"))
}

impl World {
    fn new() -> Self {
        let endpoint = variable("COUNTERSIGN_AWS");
        let aws = Arc::new(Aws::emulator(&endpoint));
        let cli = PathBuf::from(variable("COUNTERSIGN_AWS_CLI"));
        Self { endpoint, cli, aws, mark: format!("{:08x}", OsIds.random() as u32) }
    }

    fn table(&self) -> String {
        format!("{}-ip-whitelist", self.mark)
    }

    /// Runs the AWS CLI, as somebody would by hand.
    fn aws(&self, arguments: &[&str]) -> Value {
        let output = Command::new(&self.cli)
            .args(["--endpoint-url", &self.endpoint, "--region", "us-east-1", "--output", "json"])
            .args(arguments)
            .envs([("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "emulator")])
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
    }

    fn security_group(&self) -> GroupId {
        let vpc = self.aws(&["ec2", "create-vpc", "--cidr-block", "10.0.0.0/16"]);
        let vpc = vpc["Vpc"]["VpcId"].as_str().unwrap();
        let marks = json!([{
            "ResourceType": "security-group",
            "Tags": [{"Key": "WhitelistManaged", "Value": self.mark}, {"Key": "Environment", "Value": "dev"}],
        }]);
        let made = self.aws(&[
            "ec2",
            "create-security-group",
            "--group-name",
            &self.mark,
            "--description",
            "a test",
            "--vpc-id",
            vpc,
            "--tag-specifications",
            &marks.to_string(),
        ]);
        GroupId::new(made["GroupId"].as_str().unwrap())
    }

    fn lambda(&self, folder: &Path) -> String {
        let bootstrap = folder.join("bootstrap");
        std::fs::copy(env!("CARGO_BIN_EXE_ip-whitelist-manager"), &bootstrap).unwrap();
        let python = self.cli.with_file_name("python");
        let zip = Command::new(python)
            .args(["-m", "zipfile", "-c", "l.zip", "bootstrap"])
            .current_dir(folder)
            .status();
        assert!(zip.unwrap().success());
        let name = format!("{}-ip-whitelist-manager", self.mark);
        let variables = json!({"Variables": {
            "TABLE_NAME": self.table(), "ENVIRONMENT": "dev", "SG_DISCOVERY_TAG_VALUE": self.mark,
            "AWS_ENDPOINT_URL": self.endpoint,
        }});
        self.aws(&[
            "lambda",
            "create-function",
            "--function-name",
            &name,
            "--runtime",
            "provided.al2023",
            "--handler",
            "bootstrap",
            "--role",
            "arn:aws:iam::000000000000:role/whitelist",
            "--timeout",
            "60",
            "--zip-file",
            &format!("fileb://{}", folder.join("l.zip").display()),
            "--environment",
            &variables.to_string(),
        ]);
        let table = self.aws(&["dynamodb", "describe-table", "--table-name", &self.table()]);
        let stream = table["Table"]["LatestStreamArn"].as_str().unwrap();
        self.aws(&[
            "lambda",
            "create-event-source-mapping",
            "--function-name",
            &name,
            "--event-source-arn",
            stream,
            "--starting-position",
            "TRIM_HORIZON",
            "--function-response-types",
            "ReportBatchItemFailures",
        ]);
        name
    }

    /// The document's own command, with times that are not over.
    fn put_item(&self, ip_address: &str) {
        let now = SystemClock.now().as_second();
        let item = json!({
            "ip_address": {"S": ip_address},
            "environment": {"S": "dev"},
            "description": {"S": "John office IP"},
            "added_by": {"S": "john.doe"},
            "added_at": {"N": now.to_string()},
            "expires_at": {"N": (now + 604_800).to_string()},
        });
        self.aws(&["dynamodb", "put-item", "--table-name", &self.table(), "--item", &item.to_string()]);
    }

    /// The document's own command.
    fn delete_item(&self, ip_address: &str) {
        let key = json!({"ip_address": {"S": ip_address}, "environment": {"S": "dev"}}).to_string();
        self.aws(&["dynamodb", "delete-item", "--table-name", &self.table(), "--key", &key]);
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

#[tokio::test]
#[ignore = "needs an emulator of AWS: cargo xtask aws"]
async fn a_row_becomes_a_rule_and_goes_again() {
    let world = World::new();
    create(&world.aws, &world.table()).await.unwrap();
    let group = world.security_group();
    let folder = tempfile::tempdir().unwrap();
    let function = world.lambda(folder.path());
    let tag = Some(("WhitelistManaged".to_owned(), world.mark.clone()));
    let discovery = Discovery { tag, ..Discovery::default() };
    let firewall = Ec2Firewall::new(Arc::clone(&world.aws), discovery, &world.table());
    let table = DynamoTable::new(Arc::clone(&world.aws), &world.table());
    let rules = async || {
        let rules = firewall.rules(std::slice::from_ref(&group)).await.unwrap().remove(&group).unwrap();
        rules
            .list
            .iter()
            .map(|rule| format!("{} {:?} {:?}", rule.cidr, rule.ports, rule.owner))
            .collect::<Vec<_>>()
    };
    let opened = vec!["1.2.3.4/32 Some((443, 443)) Ours".to_owned()];

    world.put_item("1.2.3.4/32");
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

    world.put_item("10.0.0.1/32");
    let dev = Environment::new("dev");
    until("the bad row is in quarantine", async || {
        let rows = table.in_environment(&dev).await.unwrap();
        rows.iter().any(|row| row.ip_address == "10.0.0.1/32" && row.quarantined.is_some())
    })
    .await;
    assert_eq!(rules().await, opened);

    let out = folder.path().join("out.json");
    for tick in ["sweep", "reconcile"] {
        let payload = json!({ "tick": tick }).to_string();
        world.aws(&[
            "lambda",
            "invoke",
            "--function-name",
            &function,
            "--payload",
            &payload,
            &out.display().to_string(),
        ]);
        println!("{tick}: {}", std::fs::read_to_string(&out).unwrap());
    }
    assert_eq!(serde_json::from_slice::<Value>(&std::fs::read(&out).unwrap()).unwrap()["behind"], 0);
    assert_eq!(rules().await, opened);

    world.delete_item("1.2.3.4/32");
    let took = until("the rule is gone", async || rules().await.is_empty()).await;
    println!("a row removed by the CLI was no rule {} ms after the CLI had ended", took.as_millis());
}
