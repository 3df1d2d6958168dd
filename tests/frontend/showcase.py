"""A small site on loopback that shows the kit under the shipped security policy."""

import gzip
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.frontend import samples, trajectories
from tests.frontend.rendering import FRONTEND, render

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"

REPLAYS = {
    "connect_four": trajectories.connect_four(),
    "long": trajectories.long_board(),
    "chess": trajectories.chess(),
    "go": trajectories.go(),
    "tictactoe": trajectories.tictactoe(),
    "lander": trajectories.lander(),
    "walkers": trajectories.walkers(),
    "panel": trajectories.panel(),
    "lake": trajectories.lake(),
    "written": trajectories.written(),
    "pictured": trajectories.pictured(),
    "endless": trajectories.endless(),
    "future": trajectories.connect_four() | {"format": 2},
    "unfit": trajectories.connect_four() | {"actors": [0]},
    "short-track": trajectories.lander() | {"rewards": [[0, 1]]},
}


class Site(ThreadingHTTPServer):
    """Counts what was asked, so that tests can wait for it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.hints = threading.Semaphore(0)
        """Released once for every `refresh` event to send."""
        self.refreshed = 0
        self.streams_refused = 0
        self.uploads: list[bytes] = []
        self.files: dict[str, bytes] = {}
        """Trajectories as they are stored, by name; they come before REPLAYS."""
        self.pictures: list[dict[str, object]] = [{"state": "absent", "seconds": 3}]
        """What the address of a state of pictures answers, in turn; the last one stays."""
        self.picture = b""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(SimpleHTTPRequestHandler):
    server: Site

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments, directory=str(FRONTEND))

    def log_message(self, *_: object) -> None:
        """Stay silent: the output belongs to the tests."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def answer(self, body: bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/static/"):
            super().do_GET()
        elif path.startswith("/replays/"):
            self.send_replay(path.removeprefix("/replays/"))
        elif path == "/embed":
            self.answer(self.embedded(urlsplit(self.path).query).encode())
        elif path == "/pair":
            self.answer(self.pair(urlsplit(self.path).query.split("&")).encode())
        elif path == "/preview":
            self.answer(self.preview(urlsplit(self.path).query).encode())
        elif path == "/own":
            self.answer(render("replays/file.html", samples.FRAME).encode())
        elif path == "/pictures":
            states = self.server.pictures
            self.answer(
                json.dumps(states.pop(0) if len(states) > 1 else states[0]).encode(), "application/json"
            )
        elif path == "/pictures.webp":
            self.answer(self.server.picture, "image/webp")
        elif path == "/live":
            self.stream()
        elif path == "/leaderboard":
            self.server.refreshed += 1
            self.answer(self.leaderboard().encode())
        elif path == "/":
            self.answer(self.page(urlsplit(self.path).query.partition("&")[0] or "connect_four").encode())
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.uploads.append(body)
        if urlsplit(self.path).path == "/pictures":
            self.do_GET()
            return
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "/?panel")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def page(self, name: str) -> str:
        replay = REPLAYS.get(name, {})
        context = samples.style_guide(f"/replays/{name}", replay.get("style", ""), replay.get("seats", 2))
        return render(
            "styleguide.html", context | {"live_url": "/live?board", "leaderboard_url": "/leaderboard"}
        )

    def replay_of(self, name: str) -> dict[str, Any]:
        """Return what the player's part takes for the replay of this name."""
        seats = REPLAYS[name]["seats"] if name in REPLAYS else 0
        context = samples.style_guide(f"/replays/{name}", "", min(2, seats))
        return context["replay"] | {
            "match_url": f"/?{name}",
            "pictures": {"state_url": "/pictures", "page_url": "/pictures"},
        }

    def embedded(self, name: str) -> str:
        context = {"replay": self.replay_of(name), "address": "/", "csrf_token": "x"}
        return render("replays/embed.html", context)

    def pair(self, names: list[str]) -> str:
        page = render("replays/file.html", samples.FRAME)
        pair = render("parts/_player_pair.html", {"pair": [self.replay_of(name) for name in names]})
        return page.replace('<div class="stack">', f'<div class="stack">{pair}', 1)

    def preview(self, name: str) -> str:
        page = render("replays/embed.html", {"replay": self.replay_of(name)}).replace(
            "replay.js", "preview.js"
        )
        part = render("parts/_preview.html", {"url": f"/replays/{name}", "title": "An episode"})
        return re.sub('<section class="player".*?</section>', part, page, flags=re.S)

    def leaderboard(self) -> str:
        context = samples.style_guide("", "")
        context["standings"][0]["rating"] = f"{2000 + self.server.refreshed}"
        return render("parts/_leaderboard.html", context | {"leaderboard_url": "/leaderboard"})

    def send_replay(self, name: str) -> None:
        if name in self.server.files:
            self.answer(self.server.files[name], "application/json", Content_Encoding="gzip")
        elif name == "cut":
            self.answer(b'{"format": 1, "scene": "bo', "application/json")
        elif name.removeprefix("bare-") in REPLAYS:
            packed = gzip.compress(json.dumps(REPLAYS[name.removeprefix("bare-")]).encode())
            encoding = {} if name.startswith("bare-") else {"Content_Encoding": "gzip"}
            self.answer(packed, "application/json", **encoding)
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def stream(self) -> None:
        if self.server.streams_refused > 0:
            self.server.streams_refused -= 1
            self.send_error(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while True:
                sent = self.server.hints.acquire(timeout=0.3)
                self.wfile.write(b"event: refresh\ndata: board\n\n" if sent else b":\n\n")
                self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            # The browser left the page.
            return


@contextmanager
def running() -> Iterator[Site]:
    """Serve the kit for the length of the block."""
    site = Site()
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()
        thread.join()
