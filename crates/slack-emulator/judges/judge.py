"""Slack's own SDKs drive the emulator: each app in `apps/` speaks to an emulator of its own, and people use it.

    judge.py --emulator PROGRAM [--node-modules DIR]

Runs with the Python that has slack_bolt and slack_sdk; without `--node-modules` the JavaScript app is left out.
One line for each scenario, and a line of counts at the end; exit code 1 when something failed.
"""

import argparse
import sys
import threading
import time
import traceback
from pathlib import Path

from program import Failed, Program
from scenarios import SCENARIOS
from workspace import Workspace

APPS = Path(__file__).parent / "apps"


class Report:
    """Counts, and lines that do not run into each other."""

    def __init__(self):
        self.passed = self.failed = 0
        self._lock = threading.Lock()

    def ok(self, name, seconds):
        with self._lock:
            self.passed += 1
            print(f"ok    {name} ({seconds:.1f} s)", flush=True)

    def fail(self, name, why):
        with self._lock:
            self.failed += 1
            print(f"FAIL  {name}\n      " + str(why).replace("\n", "\n      "), flush=True)


def judge(name, command, transport, options, report):
    """One app over one transport, through every scenario."""
    workspace = app = None
    try:
        workspace = Workspace(options.emulator, transport)
        app = Program(command, workspace.environment | {"NODE_MODULES": options.node_modules or ""}, marker="ready")
        workspace.meet(app.first_line())
    except Exception as wrong:
        report.fail(f"{name}: starts", wrong)
    else:
        for scenario in SCENARIOS[transport]:
            run(f"{name}: {scenario.__doc__}", scenario, workspace, app, report)
    finally:
        for program in (app, workspace):
            if program:
                program.stop()


def run(name, scenario, workspace, app, report):
    began = time.monotonic()
    try:
        scenario(workspace)
        report.ok(name, time.monotonic() - began)
    except Failed as wrong:
        report.fail(name, f"{wrong}\nThe app said:\n{app.said()}")
    except Exception:
        report.fail(name, traceback.format_exc())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--emulator", required=True)
    parser.add_argument("--node-modules")
    options = parser.parse_args()
    commands = {
        "slack_bolt": [sys.executable, APPS / "bolt_app.py"],
        "slack_sdk": [sys.executable, APPS / "sdk_app.py"],
    }
    if options.node_modules:
        commands["@slack/bolt"] = ["node", APPS / "bolt_app.mjs"]
    report = Report()
    judges = [
        threading.Thread(target=judge, args=(f"{sdk}, {transport}", command, transport, options, report))
        for sdk, command in commands.items()
        for transport in SCENARIOS
    ]
    for thread in judges:
        thread.start()
    for thread in judges:
        thread.join()
    print(f"{report.passed} passed, {report.failed} failed, 0 skipped")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
