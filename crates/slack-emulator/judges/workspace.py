"""The emulator as a program, and the people in it: they act through the Web API with tokens of their own."""

import json
import time
import urllib.error
import urllib.request

from program import Failed, Program

BACKOFFICE = "C0BACKOFFICE"
SIGNING_SECRET = "backoffice-signing-secret"

# No answer of a loopback server is far away; a proxy that is meant for others is not asked.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def post(url, body, headers):
    """Posts bytes; the status and the text of the answer."""
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with OPENER.open(request, timeout=15) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


class Workspace:
    """One emulator of its own. `transport` is "socket" or "http"; `app_url` is where the app listens over HTTP."""

    def __init__(self, emulator, transport):
        self.transport = transport
        self.app_url = None
        self._program = Program([emulator, "--port", "0", "--no-rate-limits"])
        self.url = self._program.first_line().split()[-1]

    @property
    def environment(self):
        """What an app needs to know."""
        return {
            "SLACK_API_URL": f"{self.url}/api/",
            "SLACK_BOT_TOKEN": "xoxb-backoffice",
            "SLACK_APP_TOKEN": "xapp-backoffice",
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "TRANSPORT": self.transport,
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }

    def meet(self, ready):
        """Takes the app's first line: `ready`, and over HTTP where it listens."""
        if self.transport == "http":
            self.app_url = ready.split()[1]
            self.control("transport", mode="http", url=self.app_url)

    def stop(self):
        self._program.stop()

    def try_call(self, name, method, /, **arguments):
        """Calls a Web API method with a person's token."""
        headers = {"Authorization": f"Bearer xoxp-{name}", "Content-Type": "application/json; charset=utf-8"}
        return json.loads(post(f"{self.url}/api/{method}", json.dumps(arguments).encode(), headers)[1])

    def call(self, name, method, /, **arguments):
        """Calls a method that must succeed."""
        answer = self.try_call(name, method, **arguments)
        if not answer["ok"]:
            raise Failed(f"{method} by {name}: {answer}")
        return answer

    def try_control(self, path, /, **body):
        """Asks `/emulator/…`."""
        headers = {"Content-Type": "application/json"}
        return json.loads(post(f"{self.url}/emulator/{path}", json.dumps(body).encode(), headers)[1])

    def control(self, path, /, **body):
        """Asks `/emulator/…` for something that must succeed."""
        answer = self.try_control(path, **body)
        if not answer["ok"]:
            raise Failed(f"/emulator/{path}: {answer}")
        return answer

    def state(self):
        return self.control("state")

    def until(self, what, probe, seconds=12):
        """Asks `probe` again and again until it answers something; never longer than the deadline."""
        deadline = time.monotonic() + seconds
        while True:
            found = probe()
            if found:
                return found
            if time.monotonic() > deadline:
                raise Failed(f"{what} did not happen in {seconds} seconds")
            time.sleep(0.02)

    def says(self, name, text):
        """A person posts in #backoffice; the message's ts."""
        return self.call(name, "chat.postMessage", channel=BACKOFFICE, text=text)["ts"]

    def asks(self, word, name="ana"):
        """A person mentions the app with a word that it knows."""
        return self.says(name, f"@Backoffice Bot {word}")

    def thread(self, ts):
        """The answers in a thread, oldest first."""
        answer = self.call("ana", "conversations.replies", channel=BACKOFFICE, ts=ts, limit=100)
        return [message for message in answer["messages"] if message["ts"] != ts]

    def texts(self, ts):
        return [message["text"] for message in self.thread(ts)]

    def answer(self, ts, fits, seconds=12):
        """Waits for an answer in the thread whose text fits: a text, or a function that says so."""
        accepts = fits if callable(fits) else lambda text: text == fits
        try:
            return self.until(
                f"an answer {fits!r}", lambda: next((m for m in self.thread(ts) if accepts(m["text"])), None), seconds
            )
        except Failed as late:
            raise Failed(f"{late}; the thread holds {self.texts(ts)}") from None

    def whispers(self, name, text):
        """Waits for an ephemeral message to a person."""
        user = f"U0{name.upper()}"

        def found():
            fitting = [one for one in self.state()["ephemeral"] if one["text"] == text]
            if any(one["user"] != user for one in fitting):
                raise Failed(f"{text!r} is shown to somebody else: {fitting}")
            return fitting

        return self.until(f"an ephemeral message {text!r}", found)

    def view(self, what, fits):
        """Waits for a modal or home tab that fits."""
        return self.until(what, lambda: next((one for one in self.state()["views"] if fits(one)), None))

    def settled(self):
        """Waits until no event is undelivered."""
        self.until("the delivery of every event", lambda: self.state()["undelivered_events"] == 0)


def expect(what, found, wanted):
    """Fails with both values where they differ."""
    if found != wanted:
        raise Failed(f"{what}: {found!r} instead of {wanted!r}")
