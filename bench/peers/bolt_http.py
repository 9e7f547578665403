"""Bolt for Python on aiohttp: acknowledges every event and does nothing else. PORT, SIGNING_SECRET."""

import os

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult


async def authorize(**_):
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-bench", bot_id="B1", bot_user_id="UBOT")


app = AsyncApp(signing_secret=os.environ["SIGNING_SECRET"], authorize=authorize)


@app.event("message")
async def hear(event):
    pass


async def ready(_):
    print("ready", flush=True)


server = app.server(port=int(os.environ["PORT"]), host="127.0.0.1")
server.web_app.on_startup.append(ready)
web.run_app(server.web_app, host="127.0.0.1", port=int(os.environ["PORT"]), print=None)
