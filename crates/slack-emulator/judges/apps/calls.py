"""What both Python apps do with slack_sdk's WebClient when somebody asks; each returns a sentence."""

import math
import time

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler


def whoami(client: WebClient, event):
    me = client.auth_test()
    person = client.users_info(user=event["user"])["user"]
    groups = {group["handle"]: group["id"] for group in client.usergroups_list()["usergroups"]}
    members = client.usergroups_users_list(usergroup=groups["support"])["users"]
    return f"{me['user_id']} {me['team_id']}, {person['real_name']} {person['team_id']}, {','.join(members)}"


def react(client: WebClient, event):
    errors = []
    for method in (client.reactions_add, client.reactions_remove):
        for _ in range(2):
            try:
                method(channel=event["channel"], timestamp=event["ts"], name="hourglass")
            except SlackApiError as error:
                errors.append(error.response["error"])
    return ", ".join(errors)


def pages(client: WebClient, event):
    people = [page["members"] for page in client.users_list(limit=2)]
    # One page is too many when the last is full; the iterator must end by the cursor.
    if len(people) != math.ceil(len(sum(people, [])) / 2):
        return f"{len(people)} pages"
    history = [page["messages"] for page in client.conversations_history(channel=event["channel"], limit=3)]
    return f"{len(sum(people, []))} people, {len(sum(history, []))} messages"


def ratelimited(client: WebClient, event):
    patient = WebClient(token=client.token, base_url=client.base_url)
    patient.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    began = time.monotonic()
    answer = patient.users_info(user=event["user"])
    waited = time.monotonic() - began
    return f"{answer['user']['id']} after a second" if waited >= 1 else f"too early: {waited}"


def upload(client: WebClient, event):
    client.files_upload_v2(
        channel=event["channel"],
        thread_ts=event["ts"],
        filename="report.txt",
        title="The report",
        content="first line\nsecond line ✓\n",
    )
    return "uploaded"


def scopes(client: WebClient, event):
    try:
        client.users_lookupByEmail(email="ben@acme.example")
    except SlackApiError as error:
        answer = error.response
        return f"{answer['error']}: needs {answer['needed']}, has {answer['provided']}"
    return "nothing is missing"


CALLS = {
    "hello": lambda client, event: f"Hello <@{event['user']}>!",
    "whoami": whoami,
    "react": react,
    "pages": pages,
    "ratelimited": ratelimited,
    "upload": upload,
    "scopes": scopes,
}


def word(event):
    """The word after the mention."""
    return event["text"].split()[-1]
