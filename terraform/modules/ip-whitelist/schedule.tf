# The clock: what is over is shut within a minute, and everything is compared once an hour.

locals {
  ticks = {
    sweep     = "rate(1 minute)"
    reconcile = "rate(1 hour)"
  }
}

resource "aws_scheduler_schedule" "tick" {
  for_each = local.ticks

  name                = "${local.lambda_name}-${each.key}"
  schedule_expression = each.value

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.manager.arn
    role_arn = aws_iam_role.scheduler.arn
    input    = jsonencode({ tick = each.key })

    # One that comes late is of no use: the next one is on its way.
    retry_policy {
      maximum_event_age_in_seconds = 60
      maximum_retry_attempts       = 1
    }
  }
}
