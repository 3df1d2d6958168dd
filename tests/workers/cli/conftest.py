"""The command line in this process, and a small site on the loopback that answers what it is told to."""

import io
import json
import sys
from dataclasses import dataclass

import pytest

from tests.workers.door import open_site
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
    # Who waits before a second try waits for nothing here.
    for module in ("workers.client.wire", "workers.client.device", "workers.cli.following"):
        monkeypatch.setattr(f"{module}.sleep", lambda _: None)
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


@pytest.fixture
def site():
    with open_site() as opened:
        yield opened


@pytest.fixture
def signed_in(site, monkeypatch, config):
    monkeypatch.setenv("COLISEUM_SERVER", site.address)
    monkeypatch.setenv("COLISEUM_TOKEN", "a-token")
    return site
