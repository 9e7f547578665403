"""moto's DynamoDB on a free port of 127.0.0.1, one request at a time; prints its address.

Between threads moto's transactions are not atomic: of several that race, more than one can win. DynamoDB's are.
"""

import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

moto = DomainDispatcherApplication(create_backend_app)
turn = threading.Lock()


def one_at_a_time(environ, start_response):
    with turn:
        return moto(environ, start_response)


server = make_server("127.0.0.1", 0, one_at_a_time, threaded=True)
print(f"Running on http://127.0.0.1:{server.port}", flush=True)
server.serve_forever()
