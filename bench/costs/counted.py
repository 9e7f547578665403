"""An emulated AWS that counts what it is asked for, and what DynamoDB would charge for it."""

import json
import math
import threading
from collections import Counter

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

# Each index holds a copy of the rows that have its keys: a write is counted once more for it.
WITH_INDEX = 2
KIB = 1024


class Counted:
    """moto on 127.0.0.1; `requests` by their names, and DynamoDB's units of reading and writing."""

    def __init__(self):
        self._inner = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, self._count, threaded=True, request_handler=Silent)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.forget()
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def forget(self):
        self.requests, self.reads, self.writes = Counter(), 0.0, 0.0

    def _count(self, environ, start_response):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = Body(body)
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        if target.startswith("DynamoDB"):
            name = target.rsplit(".")[-1]
            self.requests[name] += 1
            reads, writes = units(name, json.loads(body))
            self.reads += reads
            self.writes += writes
        elif body.startswith(b"Action="):
            self.requests[body.split(b"&")[0].decode().removeprefix("Action=")] += 1
        return self._inner(environ, start_response)


class Silent(WSGIRequestHandler):
    def log_request(self, *_):
        pass


class Body:
    """A request's body, read once more."""

    def __init__(self, content):
        self._content = content

    def read(self, size=-1):
        end = len(self._content) if size is None or size < 0 else size
        part, self._content = self._content[:end], self._content[end:]
        return part

    def readline(self, size=-1):
        return self.read(size)


def units(name, asked):
    """Units of a request, from above: what is written is as long as its JSON, what is read is a page of 4 KB."""

    def written(what):
        return WITH_INDEX * math.ceil(len(json.dumps(what)) / KIB)

    match name:
        case "Query" | "GetItem":
            return (1.0 if asked.get("ConsistentRead") else 0.5), 0
        case "BatchGetItem":
            return sum(len(one["Keys"]) for one in asked["RequestItems"].values()), 0
        case "PutItem" | "UpdateItem" | "DeleteItem":
            return 0, written(asked)
        case "TransactWriteItems":
            return 0, 2 * sum(written(one) for one in asked["TransactItems"])
        case _:
            return 0, 0
