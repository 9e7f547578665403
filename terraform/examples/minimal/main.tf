# A whitelist of one environment, and a load balancer's security group that follows it.
#
#   terraform init
#   terraform apply -var vpc_id=vpc-… -var alb_security_group_id=sg-…

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
  }
}

provider "aws" {
  region = var.region
}

variable "region" {
  description = "Where the VPC is."
  type        = string
  default     = "eu-west-1"
}

variable "vpc_id" {
  description = "The VPC of the environment."
  type        = string
}

variable "alb_security_group_id" {
  description = "The load balancer's security group. Its rules must be resources of their own: with `ingress` blocks in the group, Terraform takes away what the whitelist lets through."
  type        = string
}

variable "lambda_source_dir" {
  description = "The folder with the built function, `lambda.zip`."
  type        = string
  default     = "../../.."
}

module "ip_whitelist" {
  source = "../../modules/ip-whitelist"

  name              = "example-dev"
  environment       = "dev"
  vpc_id            = var.vpc_id
  lambda_source_dir = var.lambda_source_dir
}

# Where Terraform makes the group, its provider there must ignore this tag, or takes it away at the next apply; the module's
# README shows how. The group follows the whitelist from the next comparison on, within the hour; a row's change leads to it at once.
resource "aws_ec2_tag" "alb_whitelist" {
  resource_id = var.alb_security_group_id
  key         = "WhitelistManaged"
  value       = "true"
}

output "lambda_arn" {
  description = "For the bot's configuration."
  value       = module.ip_whitelist.lambda_arn
}

output "table_name" {
  description = "For rows by hand."
  value       = module.ip_whitelist.table_name
}
