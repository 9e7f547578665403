# Where the function runs in the VPC: nothing reaches it, and it reaches HTTPS alone.

resource "aws_security_group" "manager" {
  count = length(var.private_subnet_ids) > 0 ? 1 : 0

  name        = local.lambda_name
  description = "The function that keeps the IP whitelist; nothing comes in"
  vpc_id      = var.vpc_id
  tags        = var.tags

  # Lambda takes its interfaces away with the role's rights, and only then the group can go.
  depends_on = [aws_iam_role_policy.manager]
}

resource "aws_vpc_security_group_egress_rule" "https" {
  count = length(var.private_subnet_ids) > 0 ? 1 : 0

  security_group_id = aws_security_group.manager[0].id
  description       = "AWS services and Slack"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
  tags              = var.tags
}
