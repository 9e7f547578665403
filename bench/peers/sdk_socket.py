"""slack_sdk's own Socket Mode client: acknowledges every envelope and does nothing else. API_URL."""

import os
import threading

from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web import WebClient

client = SocketModeClient(app_token="xapp-bench", web_client=WebClient(base_url=os.environ["API_URL"]))
client.socket_mode_request_listeners.append(
    lambda client, request: client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
)
client.connect()
print("ready", flush=True)
threading.Event().wait()
