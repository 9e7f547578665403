# From the table to the function: every change leads to a comparison within a second or so.

resource "aws_lambda_event_source_mapping" "stream" {
  event_source_arn  = aws_dynamodb_table.whitelist.stream_arn
  function_name     = aws_lambda_function.manager.arn
  starting_position = "TRIM_HORIZON"
  batch_size        = 10
  tags              = var.tags

  # The function names the records that have to come again; one that never succeeds must not hold up the others.
  function_response_types        = ["ReportBatchItemFailures"]
  bisect_batch_on_function_error = true
  maximum_retry_attempts         = 5
  maximum_record_age_in_seconds  = 3600
  parallelization_factor         = 1

  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.failed.arn
    }
  }
}

# What the stream gave up on. Nothing is lost by it: the hourly comparison repairs what was missed.
resource "aws_sqs_queue" "failed" {
  name                      = "${local.lambda_name}-failed"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}
