"""How a request goes out: redirects on the same host only, and answers that come before all was sent."""

from functools import cache
from http.client import HTTPConnection, HTTPMessage, HTTPResponse, HTTPSConnection
from typing import IO, Any, Final
from urllib.parse import urlsplit
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
)

SAFE: Final = frozenset({"GET", "HEAD"})


def open_request(request: Request, seconds: float) -> HTTPResponse:
    """Send a request and return the opened answer.

    Args:
        request: to an http or https address.
        seconds: to wait for a connection, and for each next byte.

    Raises:
        HTTPError: the answer is 300 or more.
        URLError: no connection.
        OSError: the connection broke.
        HTTPException: what came is no HTTP.
        ValueError: the address is none.
    """
    opened: HTTPResponse = _opener().open(request, timeout=seconds)
    return opened


@cache
def _opener() -> OpenerDirector:
    return build_opener(_SameHost, _Http, _Https)


class _SameHost(HTTPRedirectHandler):
    """Follows a redirect of a read on the same host only."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Return the next request, or None: then the redirect itself is the answer."""
        here, there = urlsplit(req.full_url), urlsplit(newurl)
        if here.netloc != there.netloc or there.scheme not in {here.scheme, "https"}:
            return None
        if req.get_method() not in SAFE:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Hearing(HTTPConnection):
    """Listens to a server that had enough before all was sent: it has said why."""

    _pieces = 0
    _has_hung_up = False

    def send(self, data: Any) -> None:  # Any: as in the library
        """Send a piece, the head first; after the server hung up, nothing."""
        if self._has_hung_up:
            return
        try:
            super().send(data)
        except (BrokenPipeError, ConnectionResetError):
            if not self._pieces:
                raise
            self._has_hung_up = True
        self._pieces += 1


class _HearingSafely(_Hearing, HTTPSConnection):
    """The same over TLS."""


class _Http(HTTPHandler):
    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_Hearing, req)


class _Https(HTTPSHandler):
    def https_open(self, req: Request) -> HTTPResponse:
        # The library's own keyword; the context checks certificates and names.
        return self.do_open(_HearingSafely, req, context=self._context)  # type: ignore[attr-defined]
