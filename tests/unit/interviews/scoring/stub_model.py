"""A language model's server on this machine: says what a test wants, or fails the way real ones do."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answering = Callable[[dict[str, Any]], Any]


def chat(content: str, *, finish: str = "stop", tokens: int | None = 100) -> dict[str, Any]:
    """Return a chat completion."""
    usage = {} if tokens is None else {"usage": {"total_tokens": tokens}}
    return {"choices": [{"message": {"content": content}, "finish_reason": finish}], **usage}


def asked_codes(request: dict[str, Any]) -> list[str]:
    """Return the criteria a request asks about: those its prompt lists."""
    listed = request["messages"][0]["content"].split("Criteria:\n")[1].split("\n\nRules:")[0]
    return [line.split()[0] for line in listed.splitlines()]


def given_words(request: dict[str, Any]) -> str:
    """Return the candidate's words as the model is given them."""
    return request["messages"][1]["content"]


@contextmanager
def stub(answer: Answering) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Serve `answer(request)` and yield the address and all requests.

    It may return a chat completion, (status, headers, body), or a function that gets the raw socket file.
    """
    requests: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            requests.append(request | {"authorization": self.headers.get("Authorization")})
            reply = answer(request)
            if callable(reply):
                reply(self)
                return
            status, headers, body = (
                reply if isinstance(reply, tuple) else (200, {}, json.dumps(reply).encode())
            )
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: Any) -> None:
            pass  # who hung up on us did so on purpose

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", requests
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then, for as long as anybody listens (ten seconds at most)."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def hanging(handler: BaseHTTPRequestHandler) -> None:
    """Say nothing."""
    time.sleep(3)
