"""The command line in this process, and a small site on the loopback that answers what it is told to."""

import io
import json
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from workers.cli import main

FIRST = "def agent(observation):\n    return int(observation['action_mask'].argmax())\n"


@dataclass
class Run:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        """Its one JSON object; everything it printed must be part of it."""
        assert self.out.isascii()
        return json.loads(self.out)

    @property
    def error(self):
        assert self.err == ""
        return self.json["error"]


@pytest.fixture
def config(tmp_path, monkeypatch):
    """Nobody is signed in, and no proxy stands between."""
    for name in ("COLISEUM_SERVER", "COLISEUM_TOKEN", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "home" / "config.toml"
    monkeypatch.setenv("COLISEUM_CONFIG", str(path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(FIRST)
    return path


@pytest.fixture
def coliseum(config, monkeypatch):
    """Run the command line with some arguments."""

    def run(*arguments):
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with monkeypatch.context() as patched:
            patched.setattr(sys, "argv", ["coliseum", *map(str, arguments)])
            patched.setattr(sys, "stdout", out)
            patched.setattr(sys, "stderr", err)
            with pytest.raises(SystemExit) as ended:
                main()
        texts = []
        for stream in (out, err):
            stream.flush()
            texts.append(stream.buffer.getvalue().decode())
        assert "Traceback" not in texts[1]
        return Run(int(ended.value.code or 0), *texts)

    return run


@dataclass
class Site:
    """Answers each address with what was put there; the last answer is given for ever."""

    address: str
    answers: dict = field(default_factory=dict)
    requests: list = field(default_factory=list)

    def put(self, path, *answers):
        self.answers[f"/api/v1{path}"] = list(answers)

    def refuse(self, path, status, code, message="No.", hint="Do otherwise."):
        self.put(path, (status, {"error": {"code": code, "message": message, "hint": hint}}))


class Door(BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        site = self.server.site
        site.requests.append((self.command, self.path, dict(self.headers), body))
        answers = site.answers.get(self.path) or [(404, {})]
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
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def do_PUT(self):
        self.answer()

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        server.site = Site(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.site
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def signed_in(site, monkeypatch, config):
    monkeypatch.setenv("COLISEUM_SERVER", site.address)
    monkeypatch.setenv("COLISEUM_TOKEN", "a-token")
    return site
