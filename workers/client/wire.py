"""One call and its answer: where it goes, what may come back, and when it is sent again.

A call is repeated after a fault of the network or of the server (5xx, or 429 with a short wait) if that
cannot do anything twice: reading, and writing with an Idempotency-Key. Redirects are followed on the same
host only, and for reading only, so that a token is shown to nobody else.
"""

import random
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPException, HTTPResponse, IncompleteRead, InvalidURL
from time import sleep
from typing import BinaryIO, Final, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request

from workers.client.connection import SAFE, open_request
from workers.client.login import Login, no_address
from workers.client.refused import refusal_of
from workers.refusals import Exit, RefusedError

API: Final = "/api/v1"
MIB: Final = 1024 * 1024
MOST_JSON: Final = 64 * MIB
"""Bytes of an answer that is read into memory."""
MOST_FILE: Final = 8 * 1024 * MIB
"""Bytes of an answer that goes into a file."""
_MOST_ERROR: Final = MIB
_PIECE: Final = 64 * 1024
_KEPT_ANSWERS: Final = 32
_TOO_MANY: Final = 429

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a call is tried, and how long is waited in between."""

    tries: int = 4
    first_seconds: float = 0.3
    """Before the second try; three times as long before each later one, each shortened by up to a half."""
    most_seconds: float = 20.0
    """A server that asks for a longer wait is not waited for."""
    answer_seconds: float = 60.0
    """For the next byte of an answer."""

    def waits(self) -> Iterator[float]:
        """Yield the seconds before each further try."""
        for number in range(self.tries - 1):
            # Drawn, so that many clients do not come back in the same moment; nothing secret.
            yield min(self.first_seconds * 3**number, self.most_seconds) * random.uniform(0.5, 1)  # noqa: S311


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent."""

    method: str
    place: tuple[str, ...]
    """Parts of the path below `/api/v1`; each is quoted."""
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    kind: str = ""
    """Content-Type of the body."""
    key: str = ""
    """Idempotency-Key: sent again, the call does nothing twice."""
    accept: str = "application/json"
    root: str = API
    on_sent: Callable[[int, int], None] | None = None
    """Told how many bytes of how many are sent."""

    @property
    def may_repeat(self) -> bool:
        """Say whether it may be sent again."""
        return self.method in SAFE or bool(self.key)


class _TroubleError(Exception):
    """A fault that may pass."""

    def __init__(self, refusal: RefusedError) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


@cache
def version() -> str:
    """Return the version of this package."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as version_of

    try:
        return version_of("coliseum-rl")
    except PackageNotFoundError:
        return "0"


class Wire:
    """Sends calls to one server as one person.

    Args:
        login: where, and as whom.
        patience: for how long.
    """

    def __init__(self, login: Login, patience: Patience) -> None:
        self.login = login
        self.host = urlsplit(login.server).netloc
        self.patience = patience
        self._headers = {"User-Agent": f"coliseum/{version()}"}
        if login.token:
            self._headers["Authorization"] = f"Bearer {login.token}"
        self._kept: OrderedDict[str, tuple[str, bytes]] = OrderedDict()

    def send(self, call: Call) -> bytes:
        """Return the body of the answer.

        Raises:
            RefusedError: what the server refused, `cli.unreachable`, `cli.bad_answer`; `cli.interrupted`
                where a write was sent and no answer came.
        """
        return self._patiently(call, self._read)

    def fetch(self, call: Call, file: BinaryIO) -> int:
        """Write the body of the answer into a file, and return its length in bytes.

        Raises:
            RefusedError: as `send`.
        """
        with closing(self._patiently(call, self._open)) as answer:
            length = 0
            try:
                while piece := answer.read(_PIECE):
                    length += len(piece)
                    if length > MOST_FILE:
                        raise RefusedError("cli.bad_answer", host=self.host, most="8 GiB")
                    file.write(piece)
            except (IncompleteRead, ConnectionError, TimeoutError) as error:
                raise self._unreachable(error) from error
            if answer.length:
                raise self._unreachable(IncompleteRead(b"", answer.length))
            return length

    def _patiently(self, call: Call, attempt: Callable[[Call], T]) -> T:
        for wait in (*(self.patience.waits() if call.may_repeat else ()), None):
            try:
                return attempt(call)
            except _TroubleError as trouble:
                asked = trouble.refusal.retry_after or 0
                if wait is None or asked > self.patience.most_seconds:
                    raise trouble.refusal from trouble
            sleep(max(wait, asked))
        raise AssertionError("the last try returns or raises")

    def _read(self, call: Call) -> bytes:
        """Try once; an answer that has not changed since is taken from the last ones kept."""
        url = self._url(call)
        kept = self._kept.get(url) if call.method == "GET" else None
        try:
            with closing(self._open(call, {"If-None-Match": kept[0]} if kept else None)) as answer:
                content = answer.read(MOST_JSON + 1)
                if answer.length and len(content) <= MOST_JSON:
                    raise IncompleteRead(content, answer.length)
                tag = answer.headers.get("ETag")
        except _UnchangedError:
            assert kept is not None
            return kept[1]
        except (OSError, HTTPException) as error:
            raise self._broken(call, error) from error
        if len(content) > MOST_JSON:
            raise RefusedError("cli.bad_answer", host=self.host, most="64 MiB")
        if tag and call.method == "GET":
            self._kept[url] = (tag, content)
            while len(self._kept) > _KEPT_ANSWERS:
                self._kept.popitem(last=False)
        return content

    def _open(self, call: Call, more: Mapping[str, str] | None = None) -> HTTPResponse:
        """Try once; return the opened answer.

        Raises:
            RefusedError: the server refused, or it is none of ours.
            _TroubleError: a fault that may pass.
            _UnchangedError: the answer is the one the caller keeps.
        """
        request = self._request(call, more or {})
        try:
            return open_request(request, self.patience.answer_seconds)
        except HTTPError as error:
            raise self._refused(call, error) from error
        except URLError as error:
            problem = error.reason if isinstance(error.reason, OSError) else error
            raise _TroubleError(self._unreachable(problem)) from error
        except (ValueError, InvalidURL) as error:
            raise no_address(self.login.server) from error
        except (OSError, HTTPException) as error:
            raise self._broken(call, error) from error

    def _request(self, call: Call, more: Mapping[str, str]) -> Request:
        headers = {**self._headers, "Accept": call.accept, **more}
        if call.key:
            headers["Idempotency-Key"] = call.key
        content = None
        if call.body is not None:
            headers |= {"Content-Type": call.kind, "Content-Length": str(len(call.body))}
            content = _pieces(call.body, call.on_sent)
        return Request(self._url(call), data=content, headers=headers, method=call.method)  # noqa: S310 - address checked

    def _url(self, call: Call) -> str:
        path = "/".join(quote(part, safe="", errors="replace") for part in call.place)
        query = urlencode({name: value for name, value in call.query.items() if value}, errors="replace")
        return f"{self.login.server}{call.root}/{path}{'?' if query else ''}{query}"

    def _refused(self, call: Call, error: HTTPError) -> Exception:
        with error:
            if error.code == 304:
                return _UnchangedError()
            try:
                content = error.read(_MOST_ERROR)
            except (OSError, HTTPException):
                content = b""
        refusal = refusal_of(content, error.code, error.headers.get("Retry-After"), self.host)
        is_passing = (
            error.code >= 500
            or (error.code == _TOO_MANY and refusal.retry_after is not None)
            # The first try of a write with a key is still at work; its answer is the answer.
            or refusal.code == "request.in_progress"
        )
        return _TroubleError(refusal) if is_passing else refusal

    def _broken(self, call: Call, error: Exception) -> _TroubleError | RefusedError:
        """Return what to raise where a connection broke after the call went out."""
        if isinstance(error, HTTPException) and not isinstance(error, OSError | IncompleteRead):
            return RefusedError("cli.bad_answer", host=self.host)
        if call.method in SAFE:
            return _TroubleError(self._unreachable(error))
        # All of it was out: whether the server took it, only asking it again can tell.
        refusal = RefusedError("cli.interrupted", doing=f"waiting for the answer of {self.host}")
        refusal.exit_code = Exit.TROUBLE
        return _TroubleError(refusal)

    def _unreachable(self, error: BaseException) -> RefusedError:
        problem = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return RefusedError("cli.unreachable", host=self.host, problem=problem)


class _UnchangedError(Exception):
    """The answer is the one that is kept."""


def _pieces(body: bytes, on_sent: Callable[[int, int], None] | None) -> Iterator[bytes]:
    """Yield a body in pieces; a piece has been sent when the next one is asked for."""
    for start in range(0, len(body), _PIECE):
        yield body[start : start + _PIECE]
        if on_sent:
            on_sent(min(start + _PIECE, len(body)), len(body))
