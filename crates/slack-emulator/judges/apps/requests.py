"""A small server on 127.0.0.1 for the Python apps: it hands each request to a function and sends back what that says."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def serve(answer):
    """Prints where it listens, then serves forever. `answer(body, headers)` gives status, content type and text."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, kind, text = answer(body, headers)
            data = text.encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            """Requests are no news."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"ready http://127.0.0.1:{server.server_port}/slack/events", flush=True)
    server.serve_forever()
