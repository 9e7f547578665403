# What the function may do, and the clock: no more than the code asks for. It may not tag a security group, or it could
# open any of them.

data "aws_caller_identity" "here" {}
data "aws_partition" "here" {}
data "aws_region" "here" {}

locals {
  ec2 = "arn:${data.aws_partition.here.partition}:ec2:${data.aws_region.here.region}:${data.aws_caller_identity.here.account_id}"

  # A VPC that another account shares is named with that account.
  in_vpc = { "ec2:Vpc" = "arn:${data.aws_partition.here.partition}:ec2:${data.aws_region.here.region}:*:vpc/${var.vpc_id}" }

  has_tag = { "aws:ResourceTag/${var.sg_discovery_tag_key}" = var.sg_discovery_tag_value }

  # A group names one environment or several, separated by commas or blanks; one that names none is for this one.
  for_environment = {
    "aws:ResourceTag/Environment" = flatten([for before in ["", "*,", "* "] : [for after in ["", ",*", " *"] : "${before}${var.environment}${after}"]])
  }

  # What a rule of ours is marked with; the function knows its own by it.
  marks = {
    "aws:RequestTag/ManagedBy"        = "countersign"
    "aws:RequestTag/CountersignTable" = local.table_name
  }

  rule_changes = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"]

  # A list of statements with nothing in place of those that are not needed.
  statements = [
    {
      Sid      = "Rows"
      Effect   = "Allow"
      Action   = ["dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
      Resource = aws_dynamodb_table.whitelist.arn
    },
    {
      Sid      = "Index"
      Effect   = "Allow"
      Action   = "dynamodb:Query"
      Resource = "${aws_dynamodb_table.whitelist.arn}/index/environment-index"
    },
    {
      Sid      = "Stream"
      Effect   = "Allow"
      Action   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
      Resource = aws_dynamodb_table.whitelist.stream_arn
    },
    {
      # AWS cannot narrow these; none reads a row or changes a rule.
      Sid      = "Look"
      Effect   = "Allow"
      Action   = ["dynamodb:ListStreams", "ec2:DescribeSecurityGroups", "ec2:DescribeSecurityGroupRules"]
      Resource = "*"
    },
    var.enable_sg_discovery ? {
      Sid       = "TaggedGroups"
      Effect    = "Allow"
      Action    = local.rule_changes
      Resource  = "${local.ec2}:security-group/*"
      Condition = { StringEquals = local.has_tag, StringLikeIfExists = local.for_environment, ArnLike = local.in_vpc }
    } : null,
    length(var.security_group_ids) > 0 ? {
      Sid       = "ListedGroups"
      Effect    = "Allow"
      Action    = local.rule_changes
      Resource  = [for id in var.security_group_ids : "${local.ec2}:security-group/${id}"]
      Condition = { ArnLike = local.in_vpc }
    } : null,
    var.shut_untagged_groups ? {
      Sid       = "ShutUntaggedGroups"
      Effect    = "Allow"
      Action    = "ec2:RevokeSecurityGroupIngress"
      Resource  = "${local.ec2}:security-group/*"
      Condition = { ArnLike = local.in_vpc }
    } : null,
    # The marks tell the function which rules are its own. AWS asks for this right only where a request has marks: somebody
    # with the function's credentials could make rules without any, in the groups above.
    {
      Sid       = "MarkedRules"
      Effect    = "Allow"
      Action    = "ec2:AuthorizeSecurityGroupIngress"
      Resource  = "${local.ec2}:security-group-rule/*"
      Condition = { StringEquals = local.marks }
    },
    {
      Sid       = "MarksOnNewRules"
      Effect    = "Allow"
      Action    = "ec2:CreateTags"
      Resource  = "${local.ec2}:security-group-rule/*"
      Condition = { StringEquals = merge(local.marks, { "ec2:CreateAction" = "AuthorizeSecurityGroupIngress" }) }
    },
    var.prefix_lists ? {
      Sid      = "LookAtPrefixLists"
      Effect   = "Allow"
      Action   = "ec2:DescribeManagedPrefixLists"
      Resource = "*"
    } : null,
    var.prefix_lists ? {
      Sid       = "TaggedPrefixLists"
      Effect    = "Allow"
      Action    = ["ec2:GetManagedPrefixListEntries", "ec2:ModifyManagedPrefixList"]
      Resource  = "${local.ec2}:prefix-list/*"
      Condition = { StringEquals = local.has_tag, StringLike = local.for_environment }
    } : null,
    {
      Sid      = "Log"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.manager.arn}:*"
    },
    {
      Sid      = "GivenUp"
      Effect   = "Allow"
      Action   = "sqs:SendMessage"
      Resource = aws_sqs_queue.failed.arn
    },
    var.slack_webhook_secret_arn != null ? {
      Sid      = "Webhook"
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = var.slack_webhook_secret_arn
    } : null,
    var.slack_webhook_secret_kms_key_arn != null ? {
      Sid       = "WebhookKey"
      Effect    = "Allow"
      Action    = "kms:Decrypt"
      Resource  = var.slack_webhook_secret_kms_key_arn
      Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${data.aws_region.here.region}.amazonaws.com" } }
    } : null,
    length(var.private_subnet_ids) > 0 ? {
      Sid      = "NetworkInterfaces"
      Effect   = "Allow"
      Action   = local.network_interfaces
      Resource = "*"
    } : null,
    # Lambda makes the interfaces with the function's rights; the function's own code may not (Lambda's guide to VPCs).
    length(var.private_subnet_ids) > 0 ? {
      Sid       = "NetworkInterfacesAreLambdas"
      Effect    = "Deny"
      Action    = local.network_interfaces
      Resource  = "*"
      Condition = { ArnEquals = { "lambda:SourceFunctionArn" = local.lambda_arn } }
    } : null,
  ]

  network_interfaces = [
    "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
  ]

  lambda_arn = "arn:${data.aws_partition.here.partition}:lambda:${data.aws_region.here.region}:${data.aws_caller_identity.here.account_id}:function:${local.lambda_name}"
}

resource "aws_iam_role" "manager" {
  name               = local.lambda_name
  description        = "What the function that keeps the IP whitelist of ${var.environment} may do"
  assume_role_policy = jsonencode(local.lambda_trust)
  tags               = var.tags
}

resource "aws_iam_role_policy" "manager" {
  name   = "whitelist"
  role   = aws_iam_role.manager.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [for statement in local.statements : statement if statement != null] })
}

resource "aws_iam_role" "scheduler" {
  name               = "${local.lambda_name}-scheduler"
  description        = "Lets the clock call the function that keeps the IP whitelist of ${var.environment}"
  assume_role_policy = jsonencode(local.scheduler_trust)
  tags               = var.tags
}

resource "aws_iam_role_policy" "scheduler" {
  name = "call"
  role = aws_iam_role.scheduler.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Call", Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.manager.arn }]
  })
}

locals {
  lambda_trust = {
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  }

  # Schedules of other accounts cannot borrow it.
  scheduler_trust = {
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.here.account_id } }
    }]
  }
}
