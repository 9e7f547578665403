output "lambda_arn" {
  description = "The function; the bot calls it: `[command.lambda] function = …`. Whoever may invoke it is believed what they say of people and signatures."
  value       = aws_lambda_function.manager.arn
}

output "lambda_name" {
  description = "The function's name."
  value       = aws_lambda_function.manager.function_name
}

output "table_name" {
  description = "The table. Who may write to it opens the firewall."
  value       = aws_dynamodb_table.whitelist.name
}

output "table_arn" {
  description = "The table's ARN, for policies of those who may write rows by hand."
  value       = aws_dynamodb_table.whitelist.arn
}

output "log_group_name" {
  description = "The function's log."
  value       = aws_cloudwatch_log_group.manager.name
}

output "failed_queue_url" {
  description = "The queue of what the stream gave up on."
  value       = aws_sqs_queue.failed.url
}

output "role_name" {
  description = "The function's role, for who wants to narrow it further."
  value       = aws_iam_role.manager.name
}
