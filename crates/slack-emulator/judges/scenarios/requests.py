import hashlib
import hmac
import json
import time

from workspace import SIGNING_SECRET, expect, post


def send(w, body, kind, secret=SIGNING_SECRET, age=0):
    """Posts to the app as Slack would, or as somebody would who is not Slack; the status and the text."""
    stamp = str(int(time.time()) - age)
    signature = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={signature}",
    }
    return post(w.app_url, body.encode(), headers)


CHALLENGE = json.dumps({"type": "url_verification", "token": "x", "challenge": "echo this"})


def challenge(w):
    "the address is verified by a challenge"
    status, text = send(w, CHALLENGE, "application/json")
    expect("the status", status, 200)
    expect("the challenge comes back", "echo this" in text, True)


def forged(w):
    "the SDK refuses what Slack has not signed, and what is old"
    expect("another secret", send(w, CHALLENGE, "application/json", secret="somebody's")[0], 401)
    expect("an old request", send(w, CHALLENGE, "application/json", age=3600)[0], 401)


def wrongly_signed(w):
    "an event with a wrong signature is refused, and comes again rightly signed"
    w.control("faults", http={"bad_signature": 1})
    asked = w.asks("hello")
    w.answer(asked, "Hello <@U0ANA>!")
    w.settled()
    expect("the answers", w.texts(asked), ["Hello <@U0ANA>!"])


def twice(w):
    "an event that comes twice at once is answered twice, and nothing is left over"
    w.control("faults", http={"deliver_twice": 2})
    asked = w.asks("hello")
    w.until("two answers", lambda: w.texts(asked) == ["Hello <@U0ANA>!"] * 2)
    w.settled()


def back(w):
    "the app moves to sockets that nobody opens, and back; what was said meanwhile arrives"
    w.control("transport", mode="socket")
    asked = w.asks("hello", "ben")
    w.control("transport", mode="http", url=w.app_url)
    w.answer(asked, "Hello <@U0BEN>!")
    w.settled()


SCENARIOS = [challenge, forged, wrongly_signed, twice, back]
