// What the whitelist's function asks of AWS, and what nobody in its place may.
export const account = "111122223333";

const here = `eu-west-1:${account}`;
const table = `arn:aws:dynamodb:${here}:table/docustack-dev-ip-whitelist`;
const lambda = `arn:aws:lambda:${here}:function:docustack-dev-ip-whitelist-manager`;
const queue = `arn:aws:sqs:${here}:docustack-dev-ip-whitelist-manager-failed`;
const log = `arn:aws:logs:${here}:log-group:/aws/lambda/docustack-dev-ip-whitelist-manager:log-stream:2026`;
const secret = `arn:aws:secretsmanager:${here}:secret:whitelist-webhook-AbCdEf`;
const key = `arn:aws:kms:${here}:key/0f3c1a2e-0000-4000-8000-000000000001`;
const ec2 = (what) => `arn:aws:ec2:${here}:${what}`;

const vpc = { "ec2:Vpc": ec2("vpc/vpc-0123456789abcdef0") };
const elsewhere = { "ec2:Vpc": ec2("vpc/vpc-0fedcba9876543210") };
const tagged = { "aws:ResourceTag/WhitelistManaged": "true" };
const follows = { "aws:ResourceTag/Follows": "whitelist" };
const environment = (named) => ({ "aws:ResourceTag/Environment": named });
const marks = {
  "aws:RequestTag/ManagedBy": "countersign",
  "aws:RequestTag/CountersignTable": "docustack-dev-ip-whitelist",
  "aws:TagKeys": ["ManagedBy", "CountersignTable"],
};
const otherTable = { ...marks, "aws:RequestTag/CountersignTable": "docustack-prod-ip-whitelist" };
const authorise = "ec2:AuthorizeSecurityGroupIngress";
const revoke = "ec2:RevokeSecurityGroupIngress";
const web = ec2("security-group/sg-0aaaaaaaaaaaaaaaa");
const listed = ec2("security-group/sg-0123456789abcdef0");
const rule = ec2("security-group-rule/*");
const list = ec2("prefix-list/pl-0123456789abcdef0");
const creates = (action) => ({ "ec2:CreateAction": action });

const ask = (may, run) => (what, action, resource, context) => ({ role: "manager", may, run, what, action, resource, context });
const may = ask(true, "as_described");
const mayNot = ask(false, "as_described");
const withAll = ask(true, "with_everything");
const notWithAll = ask(false, "with_everything");
const notWithLeast = ask(false, "with_the_least");
const clock = (request) => ({ ...request, role: "scheduler" });

export const requests = [
  may("read rows of one network", "dynamodb:Query", table),
  may("list rows", "dynamodb:Query", `${table}/index/environment-index`),
  may("read rows by their keys", "dynamodb:BatchGetItem", table),
  may("begin a row", "dynamodb:PutItem", table),
  may("change a row", "dynamodb:UpdateItem", table),
  may("end a row", "dynamodb:DeleteItem", table),
  may("follow the stream", "dynamodb:GetRecords", `${table}/stream/2026-11-26T00:00:00.000`),
  may("find its place in the stream", "dynamodb:GetShardIterator", `${table}/stream/2026-11-26T00:00:00.000`),
  may("look at the stream", "dynamodb:DescribeStream", `${table}/stream/2026-11-26T00:00:00.000`),
  may("find the stream", "dynamodb:ListStreams", "*"),
  mayNot("read another table", "dynamodb:Query", table.replace("dev", "prod")),
  mayNot("write to another table", "dynamodb:PutItem", table.replace("dev", "prod")),
  mayNot("delete the table", "dynamodb:DeleteTable", table),
  mayNot("read the whole table at once", "dynamodb:Scan", table),

  may("find groups", "ec2:DescribeSecurityGroups", "*"),
  may("find rules", "ec2:DescribeSecurityGroupRules", "*"),
  may("open a group with the tag", authorise, web, { ...vpc, ...tagged }),
  may("make a rule with its marks", authorise, rule, marks),
  may("mark a rule that it makes", "ec2:CreateTags", rule, { ...marks, ...creates("AuthorizeSecurityGroupIngress") }),
  may("shut a group with the tag", revoke, web, { ...vpc, ...tagged }),
  mayNot("open a group without the tag", authorise, web, vpc),
  mayNot("open a group with another value of the tag", authorise, web, { ...vpc, "aws:ResourceTag/WhitelistManaged": "false" }),
  mayNot("open a group of another VPC", authorise, web, { ...elsewhere, ...tagged }),
  ...["dev", "dev, staging", "staging,dev", "qa dev prod"].map((named) =>
    may(`open a group for ${named}`, authorise, web, { ...vpc, ...tagged, ...environment(named) })),
  ...["prod", "prod, staging", "dev2", "my-dev", "predev,prod"].map((named) =>
    mayNot(`open a group for ${named}`, authorise, web, { ...vpc, ...tagged, ...environment(named) })),
  may("shut a group that has lost its tag", revoke, web, vpc),
  mayNot("shut a group of another VPC", revoke, web, { ...elsewhere, ...tagged }),
  mayNot("make a rule that another whitelist would believe is its own", authorise, rule, otherTable),
  mayNot("mark a rule that is there", "ec2:CreateTags", ec2("security-group-rule/sgr-0123456789abcdef0"), marks),
  mayNot("tag a group", "ec2:CreateTags", web, { ...vpc, "aws:RequestTag/WhitelistManaged": "true", "aws:TagKeys": ["WhitelistManaged"] }),
  mayNot("tag a group that it makes", "ec2:CreateTags", web, { ...vpc, ...marks, ...creates("CreateSecurityGroup") }),
  mayNot("take a tag away", "ec2:DeleteTags", web, { ...vpc, ...tagged }),
  mayNot("let something out of a group", "ec2:AuthorizeSecurityGroupEgress", web, { ...vpc, ...tagged }),
  mayNot("change a prefix list where it keeps none", "ec2:ModifyManagedPrefixList", list, tagged),

  may("write its log", "logs:PutLogEvents", log),
  may("begin a log", "logs:CreateLogStream", log),
  mayNot("delete its log", "logs:DeleteLogStream", log),
  may("say what was given up", "sqs:SendMessage", queue),
  mayNot("read what was given up", "sqs:ReceiveMessage", queue),
  may("have an interface in the subnets made by Lambda", "ec2:CreateNetworkInterface", ec2("network-interface/*")),
  may("have it looked for", "ec2:DescribeNetworkInterfaces", "*"),
  may("have the subnets looked at", "ec2:DescribeSubnets", "*"),
  may("have an interface taken away", "ec2:DeleteNetworkInterface", ec2("network-interface/*")),
  may("have an address given to it", "ec2:AssignPrivateIpAddresses", ec2("network-interface/*")),
  may("have an address taken from it", "ec2:UnassignPrivateIpAddresses", ec2("network-interface/*")),
  mayNot("make an interface itself", "ec2:CreateNetworkInterface", ec2("network-interface/*"), { "lambda:SourceFunctionArn": lambda }),
  mayNot("read secrets where it has none", "secretsmanager:GetSecretValue", secret),
  mayNot("call itself", "lambda:InvokeFunction", lambda),
  mayNot("become somebody else", "sts:AssumeRole", `arn:aws:iam::${account}:role/admin`),

  withAll("open a group that is listed", authorise, listed, vpc),
  withAll("shut a group that is listed", revoke, listed, vpc),
  withAll("find prefix lists", "ec2:DescribeManagedPrefixLists", "*"),
  withAll("read a prefix list with the tag", "ec2:GetManagedPrefixListEntries", list, { ...follows, ...environment("qa") }),
  withAll("change a prefix list with the tag", "ec2:ModifyManagedPrefixList", list, { ...follows, ...environment("qa") }),
  withAll("read the webhook's address", "secretsmanager:GetSecretValue", secret),
  withAll("decrypt it on the way", "kms:Decrypt", key, { "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com" }),
  notWithAll("open a group that has lost its tag", authorise, web, vpc),
  notWithAll("open a listed group of another VPC", authorise, listed, elsewhere),
  notWithAll("change a prefix list without the tag", "ec2:ModifyManagedPrefixList", list, environment("qa")),
  notWithAll("change a prefix list of another environment", "ec2:ModifyManagedPrefixList", list, { ...follows, ...environment("prod") }),
  notWithAll("change a prefix list that names no environment", "ec2:ModifyManagedPrefixList", list, follows),
  notWithAll("read another secret", "secretsmanager:GetSecretValue", secret.replace("webhook", "database")),
  notWithAll("decrypt something else", "kms:Decrypt", key, { "kms:ViaService": "dynamodb.eu-west-1.amazonaws.com" }),

  notWithLeast("make an interface in a VPC", "ec2:CreateNetworkInterface", ec2("network-interface/*")),
  notWithLeast("shut a group without the tag", revoke, web, vpc),

  clock(may("call the function", "lambda:InvokeFunction", lambda)),
  clock(mayNot("call another function", "lambda:InvokeFunction", lambda.replace("dev", "prod"))),
  clock(mayNot("change the function", "lambda:UpdateFunctionCode", lambda)),
];

// What Lambda itself asks for with the function's rights; and what the code has for who sets a table up, or checks it.
const streams = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"];
const interfaces = [
  "CreateNetworkInterface", "DeleteNetworkInterface", "DescribeNetworkInterfaces", "DescribeSubnets",
  "AssignPrivateIpAddresses", "UnassignPrivateIpAddresses",
];
const setUp = ["CreateTable", "UpdateTimeToLive", "DescribeTable", "DescribeTimeToLive"];
const folder = "crates/ip-whitelist-manager/src";
export const code = [
  { service: "dynamodb", folder, others: { byAws: streams, byHand: setUp } },
  { service: "ec2", folder, others: { byAws: ["CreateTags", ...interfaces], byHand: [] } },
  { service: "secretsmanager", folder, others: { byAws: [], byHand: [] } },
];
