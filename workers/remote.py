"""Talking to a site from the command line: who one is, and the few calls there are."""

import json
import os
import re
import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage, IncompleteRead, InvalidURL
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import msgspec

from workers.refusals import REFUSALS, Exit, RefusedError

_SECONDS = 60
_MOST_BYTES = 256 * 1024 * 1024
_PLACE = re.compile(r"(.*) \(at line (\d+), column \d+\)")

Answer = TypeVar("Answer", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Login:
    """A server and a token."""

    server: str
    token: str


def config_path() -> Path:
    """Return where the login is kept: COLISEUM_CONFIG, or the user's configuration folder."""
    given = os.environ.get("COLISEUM_CONFIG")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "coliseum" / "config.toml"


def load_login(server: str | None = None) -> Login:
    """Return the login in force: COLISEUM_SERVER and COLISEUM_TOKEN before the kept one.

    Raises:
        RefusedError: `cli.not_signed_in`, `cli.bad_config` for a file that cannot be read, or `cli.usage`.
    """
    kept = _read_config()
    address = server or os.environ.get("COLISEUM_SERVER") or kept.get("server", "")
    token = os.environ.get("COLISEUM_TOKEN") or kept.get("token", "")
    if not address:
        raise RefusedError("cli.not_signed_in")
    return Login(check_address(address), check_token(token))


def check_address(address: str) -> str:
    """Return a server address without a trailing slash.

    Raises:
        RefusedError: `cli.usage` for what is no http or https address.
    """
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        is_good = _is_address(parts)
    except ValueError:
        is_good = False
    if not is_good:
        raise _no_address(address)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _is_address(parts: SplitResult) -> bool:
    """Say whether it is an address; a port that is no number raises ValueError."""
    rest = parts.netloc + parts.path
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and (parts.port is None or parts.port > 0)
        and rest.isprintable()
        and not set(rest) & set(" @\\")
        and not (parts.query or parts.fragment)
    )


def _no_address(address: str) -> RefusedError:
    return RefusedError("cli.usage", problem=f"{address!r} is not an address like https://coliseum.example.")


def check_token(token: str) -> str:
    """Return a token as it is.

    Raises:
        RefusedError: `cli.usage` for what cannot be sent as one.
    """
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise RefusedError("cli.usage", problem="A token is one word of plain letters, digits and signs.")
    return token


def _read_config() -> dict[str, str]:
    path = config_path()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.fullmatch(str(error))
        if not found:
            raise RefusedError("cli.bad_config", path=str(path), problem=str(error)) from error
        problem, line = found.groups()
        raise RefusedError("cli.bad_config", path=str(path), line=int(line), problem=problem) from error
    except (OSError, UnicodeDecodeError) as error:
        problem = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise RefusedError("cli.bad_config", path=str(path), problem=problem) from error
    return {key: value for key, value in content.items() if isinstance(value, str)}


def keep_login(login: Login) -> Path:
    """Write the login into a file that only its owner can read; return its path.

    Raises:
        RefusedError: `cli.bad_config` where it cannot be written.
    """
    path = config_path()
    draft = path.with_suffix(".new")
    server, token = (json.dumps(text, ensure_ascii=False) for text in (login.server, login.token))
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Made anew: a draft that was left behind may be readable by others.
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(f"server = {server}\ntoken = {token}\n")
        draft.replace(path)
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise RefusedError("cli.bad_config", path=str(path), problem=problem) from error
    return path


class _SameHost(HTTPRedirectHandler):
    """Follows a redirect on the same host only: a token is shown to nobody else."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Return the next request, or None: then the redirect itself is the answer."""
        here, there = urlsplit(req.full_url), urlsplit(newurl)
        if here.netloc != there.netloc or there.scheme not in {here.scheme, "https"}:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_opener = build_opener(_SameHost)


class Remote:
    """The site's API as the command line needs it.

    Args:
        login: where, and as whom.
    """

    def __init__(self, login: Login) -> None:
        self._login = login
        self.host = urlsplit(login.server).netloc

    def get(self, *place: str) -> dict[str, Any]:  # Any: JSON of the server; `understood` types it
        """Read one resource, by the parts of its path.

        Raises:
            RefusedError: what the server refused, `cli.unreachable` or `cli.bad_answer`.
        """
        request = Request(self._url(place), headers=self._headers())  # noqa: S310 - address checked
        try:
            return self._call(request)
        except (OSError, IncompleteRead) as error:
            raise self._unreachable(error) from error

    def post_json(self, *place: str, content: Mapping[str, Any]) -> dict[str, Any]:  # Any: JSON
        """Send a JSON object.

        Raises:
            RefusedError: what the server refused, `cli.unreachable` or `cli.bad_answer`.
        """
        return self._send("POST", place, json.dumps(content).encode(), "application/json")

    def put_text(self, *place: str, content: bytes, kind: str) -> dict[str, Any]:  # Any: JSON
        """Send a text to where it shall stand; sent again it changes nothing.

        Args:
            place: the parts of its path.
            content: the text.
            kind: its Content-Type.

        Raises:
            RefusedError: what the server refused, `cli.unreachable` or `cli.bad_answer`.
        """
        return self._send("PUT", place, content, kind)

    def _send(self, method: str, place: tuple[str, ...], body: bytes, kind: str) -> dict[str, Any]:
        headers = {**self._headers(), "Content-Type": kind}
        request = Request(self._url(place), data=body, headers=headers, method=method)  # noqa: S310 - as above
        try:
            return self._call(request)
        except (OSError, IncompleteRead) as error:
            raise self._unreachable(error) from error

    def post_file(
        self, *place: str, file_name: str, content: bytes, fields: Mapping[str, str], key: str
    ) -> dict[str, Any]:  # Any: as above
        """Send a file; the same `key` sent again makes no second submission.

        Raises:
            RefusedError: what the server refused, `cli.unreachable` or `cli.bad_answer`; `cli.interrupted`
                where the file was sent and no answer came.
        """
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; ')
        parts.append(f'filename="{_quoted(file_name)}"\r\nContent-Type: application/octet-stream\r\n\r\n')
        head = "".join(parts).encode(errors="replace")
        headers = {
            **self._headers(),
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Idempotency-Key": key,
        }
        body = head + content + f"\r\n--{boundary}--\r\n".encode()
        try:
            return self._call(Request(self._url(place), data=body, headers=headers))  # noqa: S310 - as above
        except (OSError, IncompleteRead) as error:
            # All of it was out: whether the server took it, only the same command again can tell.
            refusal = RefusedError("cli.interrupted", doing=f"waiting for the answer of {self.host}")
            refusal.exit_code = Exit.TROUBLE
            raise refusal from error

    def understood(self, answer: Mapping[str, Any], form: type[Answer]) -> Answer:
        """Return an answer in the form that is expected of it; unknown fields are ignored.

        Raises:
            RefusedError: `cli.bad_answer` where it has another form.
        """
        try:
            return msgspec.convert(answer, form, strict=False)
        except msgspec.ValidationError as error:
            raise RefusedError("cli.bad_answer", host=self.host) from error

    def _url(self, place: tuple[str, ...]) -> str:
        path = "/".join(quote(part, safe="", errors="replace") for part in place)
        return f"{self._login.server}/api/v1/{path}"

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json", "User-Agent": "coliseum"}
        return headers | ({"Authorization": f"Bearer {self._login.token}"} if self._login.token else {})

    def _call(self, request: Request) -> dict[str, Any]:  # Any: as above
        """Send a request and return the JSON object that came back.

        Raises:
            RefusedError: the server refused, could not be connected to, or did not answer with an object.
            OSError: the connection broke after the request was sent.
            IncompleteRead: the answer is cut off.
        """
        try:
            with _opener.open(request, timeout=_SECONDS) as answer:
                content = answer.read(_MOST_BYTES)
        except HTTPError as error:
            raise _refusal(error, self.host) from error
        except URLError as error:
            problem = error.reason if isinstance(error.reason, OSError) else error
            raise self._unreachable(problem) from error
        except (ValueError, InvalidURL) as error:
            raise _no_address(self._login.server) from error
        except HTTPException as error:
            if isinstance(error, OSError | IncompleteRead):
                raise
            raise RefusedError("cli.bad_answer", host=self.host) from error
        try:
            found = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise RefusedError("cli.bad_answer", host=self.host) from error
        if not isinstance(found, dict):
            raise RefusedError("cli.bad_answer", host=self.host)
        return found

    def _unreachable(self, error: Exception) -> RefusedError:
        problem = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return RefusedError("cli.unreachable", host=self.host, problem=problem)


def _quoted(file_name: str) -> str:
    """Return a file name that cannot end its quotes or its line."""
    return "".join(c if c.isprintable() and c not in '"\\' else "_" for c in file_name)


class ServerRefusedError(RefusedError):
    """A refusal that the server worded; shown as it came."""

    def __init__(self, code: str, message: str, hint: str, status: int) -> None:
        Exception.__init__(self, message)
        self.code, self.message, self.hint, self.status = code, message, hint, status
        self.field, self.retry_after, self.headers, self.values = "", None, {}, {}
        known = REFUSALS.get(code)
        self.exit_code = known.exit_code if known else Exit.TROUBLE if status >= 500 else Exit.REFUSED


def _refusal(error: HTTPError, host: str) -> RefusedError:
    try:
        body = json.loads(error.read(_MOST_BYTES))["error"]
        return ServerRefusedError(
            str(body["code"]), str(body["message"]), str(body.get("hint") or ""), error.code
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError, HTTPException):
        return RefusedError("cli.bad_answer", host=host)
