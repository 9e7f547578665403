# What the module is told. The names and the defaults of the first block are the product's from the beginning; the rest
# says what they leave open.

variable "name" {
  description = "What everything here is called after: the table is `<name>-ip-whitelist`, the function `<name>-ip-whitelist-manager`."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,33}$", var.name))
    error_message = "name must have 1 to 33 letters, digits, hyphens or underscores: names of roles and schedules end at 64."
  }
}

variable "environment" {
  description = "The environment that this whitelist is for, as people write it in a sentence and in a row: `dev`."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]+$", var.environment))
    error_message = "environment must be one name of letters, digits, hyphens or underscores, like dev."
  }
}

variable "vpc_id" {
  description = "Security groups are found by their tag, and may be changed, in this VPC alone."
  type        = string

  validation {
    condition     = can(regex("^vpc-[0-9a-f]+$", var.vpc_id))
    error_message = "vpc_id must be a VPC's id, like vpc-0123456789abcdef0."
  }
}

variable "private_subnet_ids" {
  description = "Subnets of the VPC that the function runs in; they need a way to AWS's services, and to Slack if people are told. Empty: the function runs outside of the VPC, where nothing can reach it either, and no NAT gateway has to be paid. Terraform must know how many there are before it makes them."
  type        = list(string)
  default     = []
}

variable "enable_sg_discovery" {
  description = "Are security groups found by their tag?"
  type        = bool
  default     = true

  validation {
    condition     = var.enable_sg_discovery || length(var.security_group_ids) > 0
    error_message = "Name security_group_ids where enable_sg_discovery is false; else no group would follow the table."
  }
}

variable "sg_discovery_tag_key" {
  description = "The tag of security groups that follow the whitelist."
  type        = string
  default     = "WhitelistManaged"

  validation {
    condition     = can(regex("^[A-Za-z0-9_.:/=+@-]{1,128}$", var.sg_discovery_tag_key)) && !startswith(lower(var.sg_discovery_tag_key), "aws:")
    error_message = "sg_discovery_tag_key must be a tag's key of 1 to 128 characters that does not begin with aws:."
  }
}

variable "sg_discovery_tag_value" {
  description = "The value of that tag."
  type        = string
  default     = "true"

  validation {
    condition     = can(regex("^[A-Za-z0-9_.:/=+@-]{1,256}$", var.sg_discovery_tag_value))
    error_message = "sg_discovery_tag_value must be a tag's value of 1 to 256 characters, without wildcards."
  }
}

variable "lambda_source_dir" {
  description = "The folder with the built function, `lambda.zip`; the module's README says how it is built."
  type        = string

  validation {
    condition     = fileexists("${var.lambda_source_dir}/lambda.zip")
    error_message = "There is no lambda.zip in lambda_source_dir. Build it first; the module's README says how."
  }
}

variable "kms_key_arn" {
  description = "A key that the function's log is encrypted with; its policy must let CloudWatch Logs use it. Null: CloudWatch's own."
  type        = string
  default     = null
}

variable "default_ttl_days" {
  description = "How long an entry lasts if nobody says how long, in days."
  type        = number
  default     = 7

  validation {
    condition     = var.default_ttl_days >= 1 && var.default_ttl_days <= 30 && floor(var.default_ttl_days) == var.default_ttl_days
    error_message = "default_ttl_days must be a whole number between 1 and 30: nothing is let through for longer."
  }
}

variable "security_group_ids" {
  description = "Security groups of the VPC that follow the whitelist whatever their tags."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for id in var.security_group_ids : can(regex("^sg-[0-9a-f]+$", id))])
    error_message = "security_group_ids must be ids of security groups, like sg-0123456789abcdef0."
  }
}

variable "shut_untagged_groups" {
  description = "May the function take rules away in every group of the VPC, so that it can shut a group that has lost its tag, or is listed no more? It takes away its own alone, and the right opens nothing. Without it such a group stays open, and is told once an hour."
  type        = bool
  default     = true
}

variable "prefix_lists" {
  description = "Are managed prefix lists with the tag kept as well?"
  type        = bool
  default     = false
}

variable "rules_per_security_group" {
  description = "So many rules of one address family a group may have; AWS allows 60 unless asked for more."
  type        = number
  default     = 60

  validation {
    condition     = var.rules_per_security_group >= 1 && var.rules_per_security_group <= 1000 && floor(var.rules_per_security_group) == var.rules_per_security_group
    error_message = "rules_per_security_group must be a whole number between 1 and 1000."
  }
}

variable "slack_webhook_secret_arn" {
  description = "A secret of Secrets Manager that holds the address of the incoming webhook where people are told. Null: see slack_webhook_url."
  type        = string
  default     = null

  validation {
    condition     = var.slack_webhook_secret_arn == null || can(regex("^arn:[a-z-]+:secretsmanager:", var.slack_webhook_secret_arn))
    error_message = "slack_webhook_secret_arn must be the ARN of a secret in Secrets Manager."
  }
}

variable "slack_webhook_secret_kms_key_arn" {
  description = "The key of that secret, where it is one of your own. Null: Secrets Manager's."
  type        = string
  default     = null
}

variable "slack_webhook_url" {
  description = "The webhook's address itself. It is in the state of Terraform and in the function's configuration then, for whoever may read those; prefer slack_webhook_secret_arn. Both null: nobody is told, and everything is in the log."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.slack_webhook_url == null || var.slack_webhook_secret_arn == null
    error_message = "Give slack_webhook_secret_arn or slack_webhook_url, not both."
  }
}

variable "channel_environments" {
  description = "For the bot's calls: what a sentence without an environment means in a channel, by the channel's id. Everywhere else it means this whitelist's environment."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for channel, environment in var.channel_environments : can(regex("^[CGD][A-Z0-9]+=[A-Za-z0-9_-]+$", "${channel}=${environment}"))])
    error_message = "channel_environments must pair ids of channels with environments, like { C0123456789 = \"dev\" }."
  }
}

variable "most_per_person" {
  description = "For the bot's calls: so many entries one person may have at a time."
  type        = number
  default     = 20

  validation {
    condition     = var.most_per_person >= 1 && var.most_per_person <= 1000 && floor(var.most_per_person) == var.most_per_person
    error_message = "most_per_person must be a whole number between 1 and 1000."
  }
}

variable "lambda_architecture" {
  description = "What lambda.zip was built for: x86_64 or arm64."
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.lambda_architecture)
    error_message = "lambda_architecture must be x86_64 or arm64."
  }
}

variable "log_retention_days" {
  description = "How long the function's log is kept, in days."
  type        = number
  default     = 90

  validation {
    condition     = contains([0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be one of the periods that CloudWatch Logs knows, like 30, 90 or 365; 0 is for ever."
  }
}

variable "alarm_topic_arns" {
  description = "SNS topics that are told when the function stops, fails, or gives up on a record. Empty: no alarms are made."
  type        = list(string)
  default     = []
}

variable "deletion_protection" {
  description = "Keeps the table from being deleted. Without the table and the function, what is open stays open: the README says how to take a whitelist away."
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags for everything that is made here."
  type        = map(string)
  default     = {}
}
