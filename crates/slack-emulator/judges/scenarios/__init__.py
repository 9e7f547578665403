"""What happens between people and an app. Each scenario takes the workspace; its first line names it."""

from . import calls, interactions, messages, requests, sockets

ANYWHERE = messages.SCENARIOS + interactions.SCENARIOS + calls.SCENARIOS

SCENARIOS = {
    "socket": ANYWHERE + sockets.SCENARIOS,
    "http": ANYWHERE + requests.SCENARIOS,
}
