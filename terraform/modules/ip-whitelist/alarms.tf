# Who has to know when the whitelist is kept no more: then nothing that is open ends.

locals {
  metrics = "Countersign/${local.lambda_name}"

  alarms = {
    silent = {
      description = "The whitelist of ${var.environment} has not been swept for five minutes: entries do not end."
      namespace   = "AWS/Lambda"
      metric      = "Invocations"
      dimensions  = { FunctionName = local.lambda_name }
      comparison  = "LessThanThreshold"
      threshold   = 1
      missing     = "breaching"
    }
    failing = {
      description = "The whitelist of ${var.environment} fails; its log says why."
      namespace   = "AWS/Lambda"
      metric      = "Errors"
      dimensions  = { FunctionName = local.lambda_name }
      comparison  = "GreaterThanOrEqualToThreshold"
      # A comparison comes once an hour, and is tried twice.
      threshold = 2
      missing   = "notBreaching"
    }
    in-trouble = {
      description = "The whitelist of ${var.environment} could not do something, like shut a group; its log says what."
      namespace   = local.metrics
      metric      = "Troubles"
      dimensions  = {}
      comparison  = "GreaterThanOrEqualToThreshold"
      threshold   = 1
      missing     = "notBreaching"
    }
    given-up = {
      description = "The whitelist of ${var.environment} gave up on a change of its table; the queue ${local.lambda_name}-failed says which."
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesVisible"
      dimensions  = { QueueName = aws_sqs_queue.failed.name }
      comparison  = "GreaterThanOrEqualToThreshold"
      threshold   = 1
      missing     = "notBreaching"
    }
  }
}

# Each line of the log that says that something went wrong.
resource "aws_cloudwatch_log_metric_filter" "troubles" {
  count = length(var.alarm_topic_arns) > 0 ? 1 : 0

  name           = "troubles"
  log_group_name = aws_cloudwatch_log_group.manager.name
  pattern        = "{ $.level = \"ERROR\" }"

  metric_transformation {
    namespace = local.metrics
    name      = "Troubles"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "whitelist" {
  for_each = length(var.alarm_topic_arns) > 0 ? local.alarms : {}

  alarm_name          = "${local.lambda_name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.namespace == "AWS/SQS" ? "Maximum" : "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  treat_missing_data  = each.value.missing
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
  tags                = var.tags
}
