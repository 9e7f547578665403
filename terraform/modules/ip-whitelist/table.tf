# The table: who may reach what, until when. The program makes the same one for who runs it without this module.

locals {
  table_name = "${var.name}-ip-whitelist"
}

resource "aws_dynamodb_table" "whitelist" {
  name                        = local.table_name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "ip_address"
  range_key                   = "environment"
  stream_enabled              = true
  stream_view_type            = "NEW_AND_OLD_IMAGES"
  deletion_protection_enabled = var.deletion_protection
  tags                        = var.tags

  attribute {
    name = "ip_address"
    type = "S"
  }

  attribute {
    name = "environment"
    type = "S"
  }

  global_secondary_index {
    name            = "environment-index"
    hash_key        = "environment"
    projection_type = "ALL"
  }

  # The backstop: the sweep ends an entry within a minute, DynamoDB within two days.
  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }

  # A table that is lost leaves everything open that was open.
  point_in_time_recovery {
    enabled = true
  }
}
