"""A small site on the loopback that answers what it is told to, and remembers what it was asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Site:
    """Answers each address with what was put there; the last answer is given for ever.

    An answer is a JSON value, `(status, value or bytes, *headers)`, a function that makes one, or None: then
    the connection breaks. An address without a query answers for all queries.
    """

    address: str
    answers: dict[str, list[Any]] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def put(self, path: str, *answers: Any) -> None:
        """Say what is answered below /api/v1, first to last."""
        self.answers[f"/api/v1{path}"] = list(answers)

    def put_page(self, path: str, *answers: Any) -> None:
        """Say what is answered elsewhere."""
        self.answers[path] = list(answers)

    def refuse(self, path: str, status: int, code: str, message: str = "No.", hint: str = "Do so.") -> None:
        """Answer with a refusal."""
        self.put(path, (status, {"error": {"code": code, "message": message, "hint": hint}}))


class Door(BaseHTTPRequestHandler):
    """One request."""

    server: Any

    def answer(self) -> None:
        """Answer what was put there."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        site = self.server.site
        site.requests.append((self.command, self.path, dict(self.headers), body))
        answers = site.answers.get(self.path) or site.answers.get(self.path.partition("?")[0]) or [(404, {})]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if callable(answer):
            answer = answer()
        if answer is None:
            self.close_connection = True
            return
        status, content, *headers = answer if isinstance(answer, tuple) else (200, answer)
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if "Content-Length" not in dict(headers):
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        with suppress(ConnectionError):
            # Who asked may have had enough.
            self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - the library's names

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def open_site() -> Iterator[Site]:
    """Run a site for as long as the block lasts."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        server.site = Site(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.site
        finally:
            server.shutdown()
            thread.join()
