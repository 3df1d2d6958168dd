"""One site for all documents, started as they say, and a person with a browser beside it."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

from tests.documents.reading import ROOT
from tests.faults.stack import free_port

SECONDS = 240.0
_LINK = re.compile(r"one time: (http\S+)")
_FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Person:
    """A browser without scripts: cookies, pages, forms."""

    def __init__(self) -> None:
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()), ProxyHandler({}))

    def get(self, address: str) -> str:
        """Return a page."""
        with self._opener.open(address, timeout=60) as answer:
            return str(answer.read().decode())

    def press(self, address: str, **fields: str) -> str:
        """Open a page and press the button of its form."""
        found = _FORM_TOKEN.search(self.get(address))
        assert found, f"{address} has no form"
        body = urlencode({**fields, "csrfmiddlewaretoken": found[1]}).encode()
        # The form stands on a page of the site itself.
        with self._opener.open(Request(address, body, {"Referer": address}), timeout=60) as answer:
            return str(answer.read().decode())


class Site:
    """`make run` in a folder of its own, and the administrator it makes, signed in by the link it prints."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        self.visitor = Person()
        self._log = home / "make-run.txt"
        environment = {name: text for name, text in os.environ.items() if not name.startswith("COLISEUM_")}
        # The league comes to rest after a few matches, so that nothing plays on beside other tests.
        environment |= {"COLISEUM_HOME": str(home), "COLISEUM_PORT": str(self.port)}
        environment |= {"COLISEUM_LEAGUE_TARGET_MATCHES": "6", "COLISEUM_LEAGUE_MATCHES_AHEAD": "1"}
        with self._log.open("wb") as log:
            # Whoever runs tests has installed everything: make shall not look for something newer.
            self._process = subprocess.Popen(
                ["make", "--old-file=.venv/.setup", f"BIN={Path(sys.executable).parent}", "run"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def sign_in(self) -> None:
        """Wait until the site is up, and follow the link that it prints."""
        link = self.wait(lambda: _LINK.search(self._log.read_text()), "the link of the administrator")
        self.visitor.press(link[1])

    def asked(self, path: str) -> Any:
        """Return what the API answers the administrator."""
        return json.loads(self.visitor.get(f"{self.address}/api/v1{path}"))

    def wait(self, found: Callable[[], Any], what: str) -> Any:
        """Return what is found, as soon as it is."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if answer := found():
                return answer
            assert self._process.poll() is None, self._log.read_text()
            time.sleep(0.1)
        raise AssertionError(f"no {what} within {SECONDS:g} s: {self._log.read_text()[-3000:]}")

    def stop(self) -> None:
        """Press Ctrl-C."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGINT)
            self._process.wait(40)


def new_folder() -> Path:
    """Return a folder with a short path: sockets below it may not have long ones."""
    return Path(tempfile.mkdtemp(prefix="cd-"))
