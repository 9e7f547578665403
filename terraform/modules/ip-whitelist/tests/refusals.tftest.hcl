# What the module does not take: a plan with one of these says what to write instead.

mock_provider "aws" {}

variables {
  name              = "docustack-dev"
  environment       = "dev"
  vpc_id            = "vpc-0123456789abcdef0"
  lambda_source_dir = "./tests/function"
}

run "everything_is_wrong_in_one_way" {
  command = plan

  variables {
    name                     = "a-name-that-is-one-letter-too-long"
    environment              = "dev,staging"
    vpc_id                   = "main"
    sg_discovery_tag_key     = "aws:cloudformation:stack-name"
    sg_discovery_tag_value   = "*"
    lambda_source_dir        = "./tests"
    default_ttl_days         = 31
    security_group_ids       = ["web"]
    rules_per_security_group = 0
    slack_webhook_secret_arn = "https://hooks.slack.com/services/T0/B0/example"
    lambda_architecture      = "riscv"
    most_per_person          = 1.5
    channel_environments     = { general = "dev" }
    log_retention_days       = -1
  }

  expect_failures = [
    var.name, var.environment, var.vpc_id, var.sg_discovery_tag_key, var.sg_discovery_tag_value, var.lambda_source_dir,
    var.default_ttl_days, var.security_group_ids, var.rules_per_security_group, var.slack_webhook_secret_arn,
    var.lambda_architecture, var.most_per_person, var.channel_environments, var.log_retention_days,
  ]
}

run "and_in_another" {
  command = plan

  variables {
    name                     = ""
    environment              = ""
    enable_sg_discovery      = false
    default_ttl_days         = 0
    rules_per_security_group = 2.5
    slack_webhook_url        = "https://hooks.slack.com/services/T0/B0/example"
    slack_webhook_secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:whitelist-webhook-AbCdEf"
    most_per_person          = 0
    channel_environments     = { C0123456789 = "dev staging" }
  }

  expect_failures = [
    var.name, var.environment, var.enable_sg_discovery, var.default_ttl_days, var.rules_per_security_group,
    var.slack_webhook_url, var.most_per_person, var.channel_environments,
  ]
}
