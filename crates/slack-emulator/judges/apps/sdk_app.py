"""The app that the judges drive, written with slack_sdk alone: its SocketModeClient, or its SignatureVerifier."""

import json
import os
from threading import Event, Thread
from urllib.parse import parse_qsl

from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.webhook import WebhookClient

import requests
from calls import CALLS, word
from surfaces import answer_to, card, entered, home, modal

bot = WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
BOT_USER = bot.auth_test()["user_id"]


class NotTaken(Exception):
    """The app breaks down before it acknowledges."""


def acknowledge(payload, attempt):
    """What the app says in its acknowledgement; `None` for an empty one."""
    event = payload.get("event", {})
    if event.get("type") == "app_mention" and word(event) == "attempt" and attempt == 0:
        raise NotTaken
    if payload.get("type") == "view_submission":
        return answer_to(payload["view"])
    if "command" in payload:
        return {"text": f"You asked for {payload['text']}"}
    return None


def work(payload, attempt, reason):
    """What the app does after its acknowledgement."""
    kind = payload.get("type")
    if kind == "event_callback":
        hear(payload["event"], attempt, reason)
    elif kind == "block_actions":
        press(payload)
    elif kind == "view_submission" and not answer_to(payload["view"]):
        channel, thread = payload["view"]["private_metadata"].split()
        text = f"{payload['user']['id']} sent {entered(payload['view'])}"
        bot.chat_postMessage(channel=channel, thread_ts=thread, text=text)
    elif "command" in payload:
        text = f"{payload['user_name']} asked for {payload['text']}"
        respond(payload, response_type="in_channel", text=text)


def hear(event, attempt, reason):
    kind = event["type"]
    if event.get("user") == BOT_USER:
        return
    if kind == "app_mention":
        answer_mention(event, attempt, reason)
    elif kind.startswith("reaction_"):
        item = event["item"]
        text = f"{kind} {event['reaction']} by {event['user']}"
        bot.chat_postMessage(channel=item["channel"], thread_ts=item["ts"], text=text)
    elif kind == "app_home_opened":
        bot.views_publish(user_id=event["user"], view=home(event["user"]))


def answer_mention(event, attempt, reason):
    blocks = None
    if word(event) == "card":
        text, blocks = "A card", card()
    elif word(event) == "attempt":
        text = f"attempt {attempt}: {reason}"
    else:
        text = CALLS[word(event)](bot, event)
    bot.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text=text, blocks=blocks)


def press(payload):
    name = payload["actions"][0]["action_id"]
    if name == "replace":
        respond(payload, replace_original=True, text="Replaced")
    elif name == "whisper":
        respond(payload, replace_original=False, response_type="ephemeral", text="Between us")
    elif name == "remove":
        respond(payload, delete_original=True)
    elif name == "ask":
        container = payload["container"]
        view = modal(f"{container['channel_id']} {container['thread_ts']}")
        bot.views_open(trigger_id=payload["trigger_id"], view=view)


def respond(payload, **message):
    answer = WebhookClient(payload["response_url"]).send(**message)
    if answer.status_code != 200:
        raise RuntimeError(f"the response URL answers {answer.status_code} {answer.body}")


def take(client, request):
    attempt = request.retry_attempt or 0
    try:
        answer = acknowledge(request.payload, attempt)
    except NotTaken:
        return
    client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=answer))
    work(request.payload, attempt, request.retry_reason)


def serve_socket():
    client = SocketModeClient(app_token=os.environ["SLACK_APP_TOKEN"], web_client=bot)
    client.socket_mode_request_listeners.append(take)
    client.connect()
    print("ready", flush=True)
    Event().wait()


VERIFIER = SignatureVerifier(os.environ["SLACK_SIGNING_SECRET"])


def dispatch(body, headers):
    """One request: the signature first, and the work after the answer."""
    if not VERIFIER.is_valid_request(body, headers):
        return 401, "text/plain", "not signed by Slack"
    payload = read(body, headers["content-type"])
    if payload.get("type") == "url_verification":
        return 200, "text/plain", payload["challenge"]
    attempt = int(headers.get("x-slack-retry-num", 0))
    try:
        answer = acknowledge(payload, attempt)
    except NotTaken:
        return 500, "text/plain", ""
    Thread(target=work, args=(payload, attempt, headers.get("x-slack-retry-reason")), daemon=True).start()
    return (200, "application/json", json.dumps(answer)) if answer else (200, "text/plain", "")


def read(body, kind):
    """Events are JSON; slash commands are a form, and interactions JSON inside a form."""
    if kind.startswith("application/json"):
        return json.loads(body)
    form = dict(parse_qsl(body, keep_blank_values=True))
    return json.loads(form["payload"]) if "payload" in form else form


if __name__ == "__main__":
    if os.environ["TRANSPORT"] == "socket":
        serve_socket()
    else:
        requests.serve(dispatch)
