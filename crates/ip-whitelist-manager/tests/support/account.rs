//! An account of an emulated AWS, worked on with the AWS CLI as somebody would by hand.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use countersign_engine::ports::Ids as _;
use countersign_engine::system::OsIds;
use ip_whitelist_manager::aws::{Aws, create};
use serde_json::{Value, json};

/// An account, and how to reach it.
pub struct Account {
    pub endpoint: String,
    pub aws: Arc<Aws>,
    /// A part of every name in this test, and the value of the tag that its groups have.
    pub mark: String,
    cli: PathBuf,
}

#[expect(clippy::disallowed_methods, reason = "the edge of this test")]
pub fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is set by cargo xtask aws"))
}

impl Account {
    /// The account that `cargo xtask aws` runs, with a table of its own.
    pub async fn open() -> Self {
        let endpoint = variable("COUNTERSIGN_AWS");
        let aws = Arc::new(Aws::emulator(&endpoint));
        let cli = PathBuf::from(variable("COUNTERSIGN_AWS_CLI"));
        let account = Self { endpoint, cli, aws, mark: format!("{:08x}", OsIds.random() as u32) };
        create(&account.aws, &account.table()).await.unwrap();
        account
    }

    pub fn table(&self) -> String {
        format!("{}-ip-whitelist", self.mark)
    }

    /// Runs the AWS CLI, as somebody would by hand.
    pub fn aws(&self, arguments: &[&str]) -> Value {
        let output = Command::new(&self.cli)
            .args(["--endpoint-url", &self.endpoint, "--region", "us-east-1", "--output", "json"])
            .args(arguments)
            .envs([("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "emulator")])
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
    }

    /// A group of the environment `dev`.
    pub fn security_group(&self) -> String {
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
        made["GroupId"].as_str().unwrap().to_owned()
    }

    /// The Lambda of this program, which follows the table; its name.
    pub fn lambda(&self, program: &Path) -> String {
        let name = format!("{}-ip-whitelist-manager", self.mark);
        let variables = json!({
            "TABLE_NAME": self.table(), "ENVIRONMENT": "dev", "SG_DISCOVERY_TAG_VALUE": self.mark,
            "AWS_ENDPOINT_URL": self.endpoint,
        });
        let function = json!({
            "FunctionName": name, "Runtime": "provided.al2023", "Handler": "bootstrap", "Timeout": 60,
            "Environment": { "Variables": variables },
        });
        self.function(program, &function);
        let mapping = json!({ "FunctionName": name, "FunctionResponseTypes": ["ReportBatchItemFailures"] });
        self.follow(&self.table(), &mapping);
        name
    }

    /// Makes a function of this program; `told` is what `create-function` is told besides.
    pub fn function(&self, program: &Path, told: &Value) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(program, folder.path().join("bootstrap")).unwrap();
        let python = self.cli.with_file_name("python");
        let zip = Command::new(python)
            .args(["-m", "zipfile", "-c", "l.zip", "bootstrap"])
            .current_dir(&folder)
            .status();
        assert!(zip.unwrap().success());
        self.aws(&[
            "lambda",
            "create-function",
            "--role",
            "arn:aws:iam::000000000000:role/whitelist",
            "--zip-file",
            &format!("fileb://{}", folder.path().join("l.zip").display()),
            "--cli-input-json",
            &told.to_string(),
        ]);
    }

    /// Has a function follow a table's stream; `told` is what `create-event-source-mapping` is told besides.
    pub fn follow(&self, table: &str, told: &Value) {
        let table = self.aws(&["dynamodb", "describe-table", "--table-name", table]);
        let stream = table["Table"]["LatestStreamArn"].as_str().unwrap();
        self.aws(&[
            "lambda",
            "create-event-source-mapping",
            "--event-source-arn",
            stream,
            "--starting-position",
            "TRIM_HORIZON",
            "--cli-input-json",
            &told.to_string(),
        ]);
    }
}
