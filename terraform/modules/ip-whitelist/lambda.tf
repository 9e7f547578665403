# The function: it follows the table's stream, sweeps, compares, and answers the bot.

locals {
  lambda_name = "${var.name}-ip-whitelist-manager"
  lambda_zip  = "${var.lambda_source_dir}/lambda.zip"

  # What is empty is left out: the function has the same defaults.
  lambda_variables = {
    TABLE_NAME               = aws_dynamodb_table.whitelist.name
    ENVIRONMENT              = var.environment
    SOLE_KEEPER              = "true"
    VPC_ID                   = var.vpc_id
    SG_DISCOVERY             = tostring(var.enable_sg_discovery)
    SG_DISCOVERY_TAG_KEY     = var.sg_discovery_tag_key
    SG_DISCOVERY_TAG_VALUE   = var.sg_discovery_tag_value
    SECURITY_GROUP_IDS       = join(",", var.security_group_ids)
    PREFIX_LISTS             = tostring(var.prefix_lists)
    RULES_PER_SECURITY_GROUP = tostring(var.rules_per_security_group)
    DEFAULT_TTL_DAYS         = tostring(var.default_ttl_days)
    CHANNEL_ENVIRONMENTS     = join(",", [for channel, environment in var.channel_environments : "${channel}=${environment}"])
    MOST_PER_PERSON          = tostring(var.most_per_person)
    SLACK_WEBHOOK_SECRET_ARN = var.slack_webhook_secret_arn == null ? "" : var.slack_webhook_secret_arn
  }
}

resource "aws_lambda_function" "manager" {
  function_name    = local.lambda_name
  description      = "Keeps the security groups of ${var.environment} as the table ${local.table_name} says."
  role             = aws_iam_role.manager.arn
  runtime          = "provided.al2023"
  architectures    = [var.lambda_architecture]
  handler          = "bootstrap"
  filename         = local.lambda_zip
  source_code_hash = filebase64sha256(local.lambda_zip)
  memory_size      = 128
  timeout          = 60
  tags             = var.tags

  environment {
    variables = merge(
      { for name, value in local.lambda_variables : name => value if value != "" },
      # Apart, so that a plan shows the others.
      nonsensitive(var.slack_webhook_url == null) ? {} : { SLACK_WEBHOOK_URL = var.slack_webhook_url },
    )
  }

  dynamic "vpc_config" {
    for_each = length(var.private_subnet_ids) > 0 ? [true] : []
    content {
      subnet_ids         = var.private_subnet_ids
      security_group_ids = aws_security_group.manager[*].id
    }
  }

  # Without them the function would make a log of its own that is kept for ever, or begin without its rights.
  depends_on = [aws_cloudwatch_log_group.manager, aws_iam_role_policy.manager]
}

resource "aws_cloudwatch_log_group" "manager" {
  name              = "/aws/lambda/${local.lambda_name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}

# A call that failed is made again once: the next one comes in a minute anyway.
resource "aws_lambda_function_event_invoke_config" "manager" {
  function_name                = aws_lambda_function.manager.function_name
  maximum_retry_attempts       = 1
  maximum_event_age_in_seconds = 300
}
