"""The whitelist's Lambda: what each of its events asks of AWS."""

import json
import os
import subprocess
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue

import boto3

ENVIRONMENTS, GROUPS, ROWS = ["dev"], 3, 20
DAY = 86_400


class Runtime:
    """Lambda's runtime interface, as far as one function needs it."""

    def __init__(self):
        events, answers = self.events, self.answers = Queue(), Queue()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                body = json.dumps(events.get()).encode()
                self.send_response(200)
                self.send_header("lambda-runtime-aws-request-id", "r")
                self.send_header("lambda-runtime-deadline-ms", str(int(time.time() * 1000) + 60_000))
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                answers.put((self.path.endswith("/response"), body.decode()))
                self.send_response(202)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def call(self, event):
        self.events.put(event)
        good, answer = self.answers.get(timeout=60)
        if not good:
            raise SystemExit(f"{event}: {answer}")
        return answer


def row(number, now):
    return {
        "ip_address": {"S": f"203.0.113.{number}/32"},
        "environment": {"S": "dev"},
        "description": {"S": "John office IP"},
        "added_by": {"S": "john.doe"},
        "added_at": {"N": str(now)},
        "expires_at": {"N": str(now + 7 * DAY)},
    }


def measure(aws, programs):
    """What each event asks for: a name, the counted requests, units of reading and of writing, bytes of log."""
    keys = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "emulator"}
    dynamodb = boto3.client("dynamodb", endpoint_url=aws.url, **keys)
    ec2 = boto3.client("ec2", endpoint_url=aws.url, **keys)
    attribute = lambda name: {"AttributeName": name, "AttributeType": "S"}
    key = lambda name, kind: {"AttributeName": name, "KeyType": kind}
    index = {"IndexName": "environment-index", "KeySchema": [key("environment", "HASH")], "Projection": {"ProjectionType": "ALL"}}
    dynamodb.create_table(
        TableName="whitelist",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[attribute("ip_address"), attribute("environment")],
        KeySchema=[key("ip_address", "HASH"), key("environment", "RANGE")],
        GlobalSecondaryIndexes=[index],
    )
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    for number in range(GROUPS):
        group = ec2.create_security_group(GroupName=f"web-{number}", Description="a group", VpcId=vpc)["GroupId"]
        tags = [{"Key": "WhitelistManaged", "Value": "true"}, {"Key": "Environment", "Value": "dev"}]
        ec2.create_tags(Resources=[group], Tags=tags)
    now = int(time.time())
    for number in range(ROWS):
        dynamodb.put_item(TableName="whitelist", Item=row(number, now))
    runtime, log = Runtime(), tempfile.TemporaryFile()
    environment = {
        "AWS_LAMBDA_RUNTIME_API": runtime.address,
        "AWS_LAMBDA_FUNCTION_NAME": "whitelist",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "emulator",
        "TABLE_NAME": "whitelist",
        "ENVIRONMENT": "dev",
        "SOLE_KEEPER": "true",
    }
    function = subprocess.Popen([f"{programs}/ip-whitelist-manager"], env=os.environ | environment, stdout=log, stderr=log)

    def took(name, event, prepare=lambda: None):
        prepare()
        aws.forget()
        before = os.fstat(log.fileno()).st_size
        runtime.call(event)
        return name, aws.requests.copy(), aws.reads, aws.writes, os.fstat(log.fileno()).st_size - before

    def changed(number, kind):
        keys = {name: row(number, now)[name] for name in ("ip_address", "environment")}
        image = {"INSERT": "NewImage", "REMOVE": "OldImage"}[kind]
        change = {"Keys": keys, image: row(number, now), "SequenceNumber": str(number)}
        return {"Records": [{"eventSource": "aws:dynamodb", "eventName": kind, "dynamodb": change}]}

    try:
        runtime.call({"tick": "reconcile"})
        put = lambda: dynamodb.put_item(TableName="whitelist", Item=row(200, now))
        over = {name: row(200, now)[name] for name in ("ip_address", "environment")}
        delete = lambda: dynamodb.delete_item(TableName="whitelist", Key=over)
        return [
            took("a sweep, with nothing to do", {"tick": "sweep"}),
            took("a comparison, with nothing to do", {"tick": "reconcile"}),
            took("a row comes", changed(200, "INSERT"), put),
            took("a row goes", changed(200, "REMOVE"), delete),
        ]
    finally:
        function.terminate()
