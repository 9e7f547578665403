"""A runbook server for Countersign: the standard library alone. `docs/runbook-protocol` tells the protocol.

    RUNBOOK_SECRET=… python3 runbook_server.py 8080

It keeps trials in memory. What it has done it remembers by operation, in one step with doing it; a real runbook writes
both in one transaction of its database.
"""
import hashlib, hmac, json, os, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

SECRET, MOST = os.environ["RUNBOOK_SECRET"].strip().encode(), 1024 * 1024
LOCK, TRIALS, DONE, GIVEN_UP = Lock(), {"acme": 0, "globex": 30}, {}, {}


def plan(request):
    name, days = request["args"]["subdomain"], request["args"]["days"]
    if name not in TRIALS:
        return {"answer": "refused", "sentence": f"There is no account called {name}."}
    change = {"of": name, "field": "trial days", "before": str(TRIALS[name]), "after": str(days)}
    steps = [{"title": f"Set the trial of {name}", "changes": [change]}]
    return {"answer": "planned", "plan": {"steps": steps, "payload": {"was": TRIALS[name]}}}


def apply(request):
    operation, name = request["operation"], request["args"]["subdomain"]
    if operation in DONE:  # The same operation is done once, however often it is asked for.
        return {"answer": "done", "report": DONE[operation]}
    if request["fence"] <= GIVEN_UP.get(operation, 0):
        return {"answer": "failed", "reason": "this claim was given up for dead"}
    if TRIALS.get(name) != request["plan"]["payload"]["was"]:
        return {"answer": "refused", "sentence": f"The trial of {name} has changed since it was signed."}
    TRIALS[name] = request["args"]["days"]
    DONE[operation] = {"summary": f"The trial of {name} has {TRIALS[name]} days."}
    return {"answer": "done", "report": DONE[operation]}


def interrupted(request):
    operation = request["operation"]
    if operation in DONE:
        return {"answer": "interrupted", "became": "done", "report": DONE[operation]}
    # From now on a run under this claim has no effect, however late it comes.
    GIVEN_UP[operation] = max(request["fence"], GIVEN_UP.get(operation, 0))
    return {"answer": "interrupted", "became": "not_done"}


def answer(request):
    calls = {"plan": plan, "apply": apply, "interrupted": interrupted, "ready": lambda _: {"answer": "ready"}}
    if request.get("version") != 1:
        said = {"answer": "failed", "reason": "this runbook speaks version 1"}
    elif request.get("runbook") != "set-trial" or request.get("call") not in calls:
        said = {"answer": "failed", "reason": "there is no such runbook, or no such call, here"}
    else:
        with LOCK:
            said = calls[request["call"]](request)
    return {"version": 1, **{key: request[key] for key in ("operation", "fingerprint") if key in request}, **said}


class Runbooks(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("content-length", MOST + 1))
        body = self.rfile.read(length) if length <= MOST else b""
        seconds = self.headers.get("x-countersign-timestamp", "")
        mac = hmac.new(SECRET, b"v1:" + seconds.encode() + b":" + body, hashlib.sha256).hexdigest()
        fresh = seconds.isdigit() and abs(time.time() - int(seconds)) <= 300
        same = hmac.compare_digest("v1=" + mac, self.headers.get("x-countersign-signature", ""))
        said = json.dumps(answer(json.loads(body))).encode() if fresh and same else b""
        self.send_response(200 if said else 401)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Runbooks)
    print(server.server_port, flush=True)
    server.serve_forever()
