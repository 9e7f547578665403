"""A Lambda in Python with boto3: its runtime client is this loop over AWS's documented interface."""

import json
import os
import urllib.request

import boto3

client = boto3.client("dynamodb")
base = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
while True:
    with urllib.request.urlopen(f"{base}/next") as event:
        request, payload = event.headers["lambda-runtime-aws-request-id"], json.load(event)
    if "query" in payload:
        client.query(
            TableName="t", KeyConditionExpression="k = :k", ExpressionAttributeValues={":k": {"S": "k"}}
        )
    answer = urllib.request.Request(f"{base}/{request}/response", data=b"{}", method="POST")
    urllib.request.urlopen(answer).close()
