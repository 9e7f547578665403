"""The app that the judges drive, written with slack_bolt. TRANSPORT says whether it uses Socket Mode or HTTP."""

import os
from threading import Event

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

import requests
from calls import CALLS, word
from surfaces import answer_to, card, entered, home, modal

app = App(
    client=WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]),
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
)


def retry(request):
    """How often this was delivered before, and why again."""
    number = request.headers.get("x-slack-retry-num", ["0"])[0]
    return int(number), request.headers.get("x-slack-retry-reason", [""])[0]


@app.middleware
def break_down_the_first_time(request, body, next):
    event = body.get("event", {})
    if event.get("type") == "app_mention" and word(event) == "attempt" and retry(request)[0] == 0:
        return BoltResponse(status=500)
    return next()


@app.event("app_mention")
def mention(event, client, say, request):
    if word(event) == "card":
        say(text="A card", blocks=card(), thread_ts=event["ts"])
    elif word(event) == "attempt":
        number, reason = retry(request)
        say(text=f"attempt {number}: {reason}", thread_ts=event["ts"])
    else:
        say(text=CALLS[word(event)](client, event), thread_ts=event["ts"])


@app.event("message")
def message():
    """Other messages are acknowledged, and that is all."""


@app.event("reaction_added")
@app.event("reaction_removed")
def reaction(event, say):
    text = f"{event['type']} {event['reaction']} by {event['user']}"
    say(text=text, channel=event["item"]["channel"], thread_ts=event["item"]["ts"])


@app.event("app_home_opened")
def home_opened(event, client):
    client.views_publish(user_id=event["user"], view=home(event["user"]))


@app.command("/infra")
def infra(ack, command, respond):
    ack(f"You asked for {command['text']}")
    respond(response_type="in_channel", text=f"{command['user_name']} asked for {command['text']}")


@app.action("replace")
def replace(ack, respond):
    ack()
    respond(replace_original=True, text="Replaced")


@app.action("whisper")
def whisper(ack, respond):
    ack()
    respond(replace_original=False, response_type="ephemeral", text="Between us")


@app.action("remove")
def remove(ack, respond):
    ack()
    respond(delete_original=True)


@app.action("ask")
def ask(ack, body, client):
    ack()
    container = body["container"]
    client.views_open(trigger_id=body["trigger_id"], view=modal(f"{container['channel_id']} {container['thread_ts']}"))


@app.view("question")
def question(ack, view, body, client):
    answer = answer_to(view)
    if answer:
        return ack(**answer)
    ack()
    channel, thread = view["private_metadata"].split()
    client.chat_postMessage(channel=channel, thread_ts=thread, text=f"{body['user']['id']} sent {entered(view)}")


def dispatch(body, headers):
    """One request, through Bolt's own check of the signature and its own dispatch."""
    answer = app.dispatch(BoltRequest(body=body, headers=headers))
    return answer.status, answer.first_headers().get("content-type", "text/plain"), answer.body or ""


if os.environ["TRANSPORT"] == "socket":
    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).connect()
    print("ready", flush=True)
    Event().wait()
else:
    requests.serve(dispatch)
