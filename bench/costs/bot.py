"""The bot on Socket Mode with its ledger in DynamoDB: what it asks of AWS while nobody speaks, and for a command."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "crates/slack-emulator/judges"))
from workspace import Workspace  # noqa: E402

SENTENCE = "<@U0BOT> set acme trial remaining to {days} days"
BACKOFFICE = "C0BACKOFFICE"
COMMANDS = 5


def resident(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def processor(process):
    ticks = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")


def folder(programs):
    """A folder as `countersign dev` leaves it: the demo's configuration and database."""
    made = Path(tempfile.mkdtemp(prefix="countersign-costs-"))
    dev = subprocess.Popen([f"{programs}/countersign", "dev", "--port", "0", "--no-browser", "--data", "."], cwd=made, stdout=subprocess.PIPE, text=True)
    for line in dev.stdout:
        if "Countersign runs" in line:
            break
    dev.terminate()
    dev.wait()
    return made


def wait_until(what, holds):
    end = time.monotonic() + 60
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(f"waited in vain until {what}")
        time.sleep(0.1)


def measure(aws, programs, minutes):
    """Two rows like the whitelist's (an hour of silence, a command), and the bot's memory and processor time."""
    home = folder(programs)
    config = next(home.rglob("countersign.toml"))
    table = f'[ledger]\ndynamodb = {{ table = "countersign", region = "us-east-1", endpoint = "{aws.url}" }}\n'
    config.write_text(config.read_text() + "\n" + table)
    workspace = Workspace(f"{programs}/slack-emulator", "socket")
    tokens = config.parent / "tokens.json"
    tokens.write_text(json.dumps({"bot_token": "xoxb-backoffice", "app_token": "xapp-backoffice", "signing_secret": "x" * 32}))
    tokens.chmod(0o600)
    command = [f"{programs}/countersign"]
    subprocess.run([*command, "ledger", "create"], cwd=config.parent, check=True, stdout=subprocess.DEVNULL)
    serve = [*command, "serve", "--slack-api-url", f"{workspace.url}/api/", "--tokens", str(tokens)]
    log = open(home / "bot.log", "wb+")
    bot = subprocess.Popen(serve, cwd=config.parent, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        bot.stdout.readline()
        time.sleep(5)
        size = lambda: os.fstat(log.fileno()).st_size
        aws.forget()
        before, used = size(), processor(bot)
        time.sleep(minutes * 60)
        share = 60 / minutes
        hour = ({name: count * share for name, count in aws.requests.items()}, aws.reads * share, aws.writes * share)
        idle = ("an hour of silence", *hour, (size() - before) * share)
        idle_cpu = (processor(bot) - used) / (minutes * 60)
        aws.forget()
        before = size()
        for days in range(COMMANDS):
            said = workspace.call("ana", "chat.postMessage", channel=BACKOFFICE, text=SENTENCE.format(days=14 + days))["ts"]
            replies = lambda: workspace.call("ana", "conversations.replies", channel=BACKOFFICE, ts=said)["messages"]
            wait_until("the card is there", lambda: "Waiting for signatures" in json.dumps(replies()))
            for person in ("ana", "ben"):
                time.sleep(1.2)
                workspace.call(person, "reactions.add", channel=BACKOFFICE, timestamp=said, name="white_check_mark")
            wait_until("it is done", lambda: "white_check_mark" in json.dumps(replies()) and "Done" in json.dumps(replies()))
        per = {name: count / COMMANDS for name, count in aws.requests.items()}
        command = ("a command with two signatures", per, aws.reads / COMMANDS, aws.writes / COMMANDS, (size() - before) / COMMANDS)
        return [idle, command], resident(bot), idle_cpu
    finally:
        bot.terminate()
        workspace.stop()
