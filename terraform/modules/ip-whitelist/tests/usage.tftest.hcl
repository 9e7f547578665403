# The module as the product has described it from the beginning, and what it makes of it. Nothing is asked of AWS.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { region = "eu-west-1" }
  }
  mock_resource "aws_dynamodb_table" {
    defaults = {
      arn        = "arn:aws:dynamodb:eu-west-1:111122223333:table/docustack-dev-ip-whitelist"
      stream_arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/docustack-dev-ip-whitelist/stream/2026-11-26T00:00:00.000"
    }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-west-1:111122223333:function:docustack-dev-ip-whitelist-manager" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/docustack-dev-ip-whitelist-manager" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/docustack-dev-ip-whitelist-manager" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-west-1:111122223333:docustack-dev-ip-whitelist-manager-failed" }
  }
}

variables {
  name                   = "docustack-dev"
  environment            = "dev"
  vpc_id                 = "vpc-0123456789abcdef0"
  private_subnet_ids     = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  enable_sg_discovery    = true
  sg_discovery_tag_key   = "WhitelistManaged"
  sg_discovery_tag_value = "true"
  lambda_source_dir      = "./tests/function"
  kms_key_arn            = "arn:aws:kms:eu-west-1:111122223333:key/0f3c1a2e-0000-4000-8000-000000000000"
  default_ttl_days       = 7
}

run "as_described" {
  assert {
    condition = (
      aws_dynamodb_table.whitelist.name == "docustack-dev-ip-whitelist"
      && aws_dynamodb_table.whitelist.hash_key == "ip_address"
      && aws_dynamodb_table.whitelist.range_key == "environment"
      && aws_dynamodb_table.whitelist.billing_mode == "PAY_PER_REQUEST"
      && aws_dynamodb_table.whitelist.stream_view_type == "NEW_AND_OLD_IMAGES"
      && one(aws_dynamodb_table.whitelist.ttl).attribute_name == "expires_at"
      && one(aws_dynamodb_table.whitelist.global_secondary_index).name == "environment-index"
    )
    error_message = "The table is not the one that rows are written to."
  }

  assert {
    condition     = aws_lambda_function.manager.function_name == "docustack-dev-ip-whitelist-manager"
    error_message = "The function has another name."
  }

  assert {
    condition = (
      aws_cloudwatch_log_group.manager.name == "/aws/lambda/docustack-dev-ip-whitelist-manager"
      && aws_cloudwatch_log_group.manager.kms_key_id == var.kms_key_arn
    )
    error_message = "The function's log has another name, or is not encrypted with the key."
  }

  assert {
    condition = (
      one(aws_lambda_function.manager.vpc_config).subnet_ids == toset(var.private_subnet_ids)
      && aws_security_group.manager[0].vpc_id == var.vpc_id
      && length(aws_vpc_security_group_egress_rule.https) == 1
    )
    error_message = "The function does not run in the subnets, or something else than HTTPS leaves it."
  }

  assert {
    condition = (
      aws_lambda_event_source_mapping.stream.event_source_arn == aws_dynamodb_table.whitelist.stream_arn
      && aws_lambda_event_source_mapping.stream.function_response_types == toset(["ReportBatchItemFailures"])
      && aws_lambda_event_source_mapping.stream.maximum_retry_attempts == 5
    )
    error_message = "The stream does not lead to the function, or a record that fails could block it."
  }

  assert {
    condition = { for name, tick in aws_scheduler_schedule.tick : name => [tick.schedule_expression, one(tick.target).input] } == {
      sweep     = ["rate(1 minute)", "{\"tick\":\"sweep\"}"]
      reconcile = ["rate(1 hour)", "{\"tick\":\"reconcile\"}"]
    }
    error_message = "The clock does not call the function as it should."
  }

  assert {
    condition     = output.lambda_arn == aws_lambda_function.manager.arn && output.table_name == "docustack-dev-ip-whitelist"
    error_message = "The outputs are wrong."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.whitelist) == 0
    error_message = "Alarms are made that nobody would be told of."
  }
}

run "with_everything" {
  variables {
    name                             = "a-name-that-is-as-long-as-it-may-"
    environment                      = "qa"
    sg_discovery_tag_key             = "Follows"
    sg_discovery_tag_value           = "whitelist"
    security_group_ids               = ["sg-0123456789abcdef0", "sg-0123456789abcdef1"]
    default_ttl_days                 = 3
    prefix_lists                     = true
    rules_per_security_group         = 120
    slack_webhook_secret_arn         = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:whitelist-webhook-AbCdEf"
    slack_webhook_secret_kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/0f3c1a2e-0000-4000-8000-000000000001"
    channel_environments             = { C0123456789 = "qa", C9876543210 = "dev" }
    most_per_person                  = 5
    alarm_topic_arns                 = ["arn:aws:sns:eu-west-1:111122223333:on-call"]
    log_retention_days               = 30
    lambda_architecture              = "arm64"
    deletion_protection              = false
  }

  assert {
    condition = aws_lambda_function.manager.environment[0].variables == tomap({
      TABLE_NAME               = "a-name-that-is-as-long-as-it-may--ip-whitelist"
      ENVIRONMENT              = "qa"
      SOLE_KEEPER              = "true"
      VPC_ID                   = "vpc-0123456789abcdef0"
      SG_DISCOVERY             = "true"
      SG_DISCOVERY_TAG_KEY     = "Follows"
      SG_DISCOVERY_TAG_VALUE   = "whitelist"
      SECURITY_GROUP_IDS       = "sg-0123456789abcdef0,sg-0123456789abcdef1"
      PREFIX_LISTS             = "true"
      RULES_PER_SECURITY_GROUP = "120"
      DEFAULT_TTL_DAYS         = "3"
      CHANNEL_ENVIRONMENTS     = "C0123456789=qa,C9876543210=dev"
      MOST_PER_PERSON          = "5"
      SLACK_WEBHOOK_SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:whitelist-webhook-AbCdEf"
    })
    error_message = "The function is told something else."
  }

  assert {
    condition = alltrue([
      for name in concat(
        [aws_lambda_function.manager.function_name, aws_iam_role.manager.name, aws_iam_role.scheduler.name],
        [for tick in aws_scheduler_schedule.tick : tick.name],
      ) : length(name) <= 64
    ])
    error_message = "A name is longer than AWS takes."
  }

  assert {
    condition = (
      toset(keys(aws_cloudwatch_metric_alarm.whitelist)) == toset(["silent", "failing", "in-trouble", "given-up"])
      && aws_cloudwatch_metric_alarm.whitelist["in-trouble"].metric_name == one(aws_cloudwatch_log_metric_filter.troubles[0].metric_transformation).name
    )
    error_message = "An alarm is missing."
  }

  assert {
    condition = (
      aws_lambda_function.manager.architectures == tolist(["arm64"])
      && aws_cloudwatch_log_group.manager.retention_in_days == 30
      && !aws_dynamodb_table.whitelist.deletion_protection_enabled
    )
    error_message = "An input is not passed on."
  }
}

run "with_the_least" {
  variables {
    private_subnet_ids   = []
    shut_untagged_groups = false
    kms_key_arn          = null
    slack_webhook_url    = "https://hooks.slack.com/services/T0/B0/example"
  }

  assert {
    condition     = length(aws_lambda_function.manager.vpc_config) == 0 && length(aws_security_group.manager) == 0
    error_message = "Without subnets the function must be outside of the VPC."
  }

  assert {
    condition     = aws_lambda_function.manager.environment[0].variables["SLACK_WEBHOOK_URL"] == var.slack_webhook_url
    error_message = "The webhook's address does not reach the function."
  }
}
