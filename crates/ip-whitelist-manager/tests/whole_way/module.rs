//! The Terraform module: what its own tests made of it, set up on an emulator, does the same as what the program sets up.

use std::path::{Path, PathBuf};

use ip_whitelist_manager::aws::{Discovery, Ec2Firewall};
use ip_whitelist_manager::domain::GroupId;
use serde_json::{Map, Value, json};

use super::account::{Account, variable};
use super::{rules, until};

/// What a run of the module's tests made.
struct Made(Value);

impl Made {
    fn by(run: &str) -> Self {
        let file = PathBuf::from(variable("COUNTERSIGN_TERRAFORM")).join(format!("{run}.json"));
        Self(serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap())
    }

    /// The resources of a kind.
    fn all(&self, kind: &str) -> Vec<&Value> {
        let all = self.0["resources"].as_array().unwrap().iter();
        all.filter(|one| one["type"] == kind).map(|one| &one["values"]).collect()
    }

    /// The only resource of a kind.
    fn one(&self, kind: &str) -> &Value {
        let all = self.all(kind);
        assert_eq!(all.len(), 1, "{kind}");
        all[0]
    }

    /// The table, as `create-table` is told.
    fn table(&self) -> Value {
        let table = self.one("aws_dynamodb_table");
        let attributes = table["attribute"].as_array().unwrap().iter();
        let attributes: Vec<Value> = attributes
            .map(|one| json!({ "AttributeName": one["name"], "AttributeType": one["type"] }))
            .collect();
        let index = &table["global_secondary_index"][0];
        json!({
            "TableName": table["name"],
            "BillingMode": table["billing_mode"],
            "AttributeDefinitions": attributes,
            "KeySchema": [
                { "AttributeName": table["hash_key"], "KeyType": "HASH" },
                { "AttributeName": table["range_key"], "KeyType": "RANGE" },
            ],
            "GlobalSecondaryIndexes": [{
                "IndexName": index["name"],
                "KeySchema": [{ "AttributeName": index["hash_key"], "KeyType": "HASH" }],
                "Projection": { "ProjectionType": index["projection_type"] },
            }],
            "StreamSpecification": {
                "StreamEnabled": table["stream_enabled"], "StreamViewType": table["stream_view_type"],
            },
        })
    }

    /// The function, as `create-function` is told, with these variables in place of its own.
    fn function(&self, instead: &Value) -> Value {
        let function = self.one("aws_lambda_function");
        let own = function["environment"][0]["variables"].as_object().unwrap().clone();
        let variables: Map<String, Value> =
            own.into_iter().chain(instead.as_object().unwrap().clone()).collect();
        json!({
            "FunctionName": function["function_name"],
            "Runtime": function["runtime"],
            "Handler": function["handler"],
            "Architectures": function["architectures"],
            "MemorySize": function["memory_size"],
            "Timeout": function["timeout"],
            "Environment": { "Variables": variables },
        })
    }

    /// What leads from the table to the function, as `create-event-source-mapping` is told.
    fn mapping(&self) -> Value {
        let mapping = self.one("aws_lambda_event_source_mapping");
        json!({
            "FunctionName": self.one("aws_lambda_function")["function_name"],
            "BatchSize": mapping["batch_size"],
            "FunctionResponseTypes": mapping["function_response_types"],
            "BisectBatchOnFunctionError": mapping["bisect_batch_on_function_error"],
            "MaximumRetryAttempts": mapping["maximum_retry_attempts"],
            "MaximumRecordAgeInSeconds": mapping["maximum_record_age_in_seconds"],
            "ParallelizationFactor": mapping["parallelization_factor"],
        })
    }
}

impl Account {
    /// A security group of a VPC, and the VPC; tagged as `aws_ec2_tag` does, after it was made.
    fn tagged_group(&self, key: &str, value: &str) -> (String, String) {
        let vpc = self.aws(&["ec2", "create-vpc", "--cidr-block", "10.0.0.0/16"]);
        let vpc = vpc["Vpc"]["VpcId"].as_str().unwrap().to_owned();
        let name = ["--group-name", "alb", "--description", "a load balancer"];
        let made = self.aws(&[&["ec2", "create-security-group", "--vpc-id", &vpc], name.as_slice()].concat());
        let group = made["GroupId"].as_str().unwrap().to_owned();
        let tag = format!("Key={key},Value={value}");
        self.aws(&["ec2", "create-tags", "--resources", &group, "--tags", &tag]);
        (group, vpc)
    }

    /// What makes a table what it is, without its name.
    fn shape(&self, table: &str) -> Value {
        let described = self.aws(&["dynamodb", "describe-table", "--table-name", table]);
        let described = &described["Table"];
        let index = &described["GlobalSecondaryIndexes"][0];
        json!([
            described["KeySchema"],
            described["StreamSpecification"],
            described["BillingModeSummary"]["BillingMode"],
            index["IndexName"],
            index["KeySchema"],
            index["Projection"],
        ])
    }
}

#[tokio::test]
#[ignore = "needs an emulator of AWS and Terraform: cargo xtask aws"]
async fn what_the_module_makes_does_the_same() {
    let world = Account::open().await;
    let made = Made::by("as_described");
    let table = "docustack-dev-ip-whitelist";
    world.aws(&["dynamodb", "create-table", "--cli-input-json", &made.table().to_string()]);
    assert_eq!(world.shape(table), world.shape(&world.table()));

    let (group, vpc) = world.tagged_group("WhitelistManaged", "true");
    let function = made.function(&json!({ "VPC_ID": vpc, "AWS_ENDPOINT_URL": world.endpoint }));
    world.function(Path::new(env!("CARGO_BIN_EXE_ip-whitelist-manager")), &function);
    world.follow(table, &made.mapping());
    let (firewall, group) =
        (Ec2Firewall::new(world.aws.clone(), Discovery::default(), table), GroupId::new(group));

    world.put_item(table, "1.2.3.4/32");
    until("the rule is there", async || {
        rules(&firewall, &group).await == ["1.2.3.4/32 Some((443, 443)) Ours"]
    })
    .await;
    let ticks = made.all("aws_scheduler_schedule");
    assert_eq!(ticks.len(), 2);
    for tick in ticks {
        let input = serde_json::from_str(tick["target"][0]["input"].as_str().unwrap()).unwrap();
        let answer = world.invoke("docustack-dev-ip-whitelist-manager", &input);
        assert!(answer.get("errorMessage").is_none(), "{input}: {answer}");
    }
    world.delete_item(table, "1.2.3.4/32");
    until("the rule is gone", async || rules(&firewall, &group).await.is_empty()).await;
}
