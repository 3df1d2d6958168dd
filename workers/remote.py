"""Talking to a site from the command line: who one is, and the few calls there are."""

import json
import os
import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from workers.refusals import REFUSALS, RefusedError

_SECONDS = 60
_MOST_BYTES = 256 * 1024 * 1024


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
        RefusedError: `cli.not_signed_in`, or `cli.bad_config` for a file that cannot be read.
    """
    kept = _read_config()
    address = server or os.environ.get("COLISEUM_SERVER") or kept.get("server", "")
    token = os.environ.get("COLISEUM_TOKEN") or kept.get("token", "")
    if not address:
        raise RefusedError("cli.not_signed_in")
    return Login(check_address(address), token)


def check_address(address: str) -> str:
    """Return a server address without a trailing slash.

    Raises:
        RefusedError: `cli.usage` for what is no http or https address.
    """
    parts = urlsplit(address if "://" in address else f"http://{address}")
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise RefusedError(
            "cli.usage", problem=f"{address!r} is not an address like https://coliseum.example."
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _read_config() -> dict[str, str]:
    path = config_path()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RefusedError("cli.bad_config", path=str(path), problem=str(error)) from error
    return {key: value for key, value in content.items() if isinstance(value, str)}


def keep_login(login: Login) -> Path:
    """Write the login into a file that only its owner can read; return its path."""
    path = config_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(f"server = {json.dumps(login.server)}\ntoken = {json.dumps(login.token)}\n")
    draft.replace(path)
    return path


class Remote:
    """The site's API as the command line needs it.

    Args:
        login: where, and as whom.
    """

    def __init__(self, login: Login) -> None:
        self._login = login

    def get(self, path: str) -> Any:  # Any: JSON of the server; callers pick fields with care
        """Read one resource.

        Raises:
            RefusedError: what the server refused, or `cli.unreachable`.
        """
        return self._call(Request(self._url(path), headers=self._headers()))  # noqa: S310 - address checked

    def post_file(
        self, path: str, *, file_name: str, content: bytes, fields: Mapping[str, str], key: str
    ) -> Any:  # Any: as above
        """Send a file; the same `key` sent again makes no second submission.

        Raises:
            RefusedError: what the server refused, or `cli.unreachable`.
        """
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        quoted = file_name.replace("\\", "_").replace('"', "_")
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
        parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", content]
        parts.append(f"\r\n--{boundary}--\r\n".encode())
        headers = {
            **self._headers(),
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Idempotency-Key": key,
        }
        return self._call(Request(self._url(path), data=b"".join(parts), headers=headers))  # noqa: S310

    def _url(self, path: str) -> str:
        return f"{self._login.server}/api/v1{path}"

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json", "User-Agent": "coliseum"}
        return headers | ({"Authorization": f"Bearer {self._login.token}"} if self._login.token else {})

    def _call(self, request: Request) -> Any:  # Any: as above
        host = urlsplit(self._login.server).netloc
        try:
            with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - http or https by check_address
                return json.loads(answer.read(_MOST_BYTES))
        except HTTPError as error:
            raise _refusal(error, host) from error
        except (URLError, TimeoutError, ConnectionError) as error:
            problem = str(getattr(error, "reason", error)) or type(error).__name__
            raise RefusedError("cli.unreachable", host=host, problem=problem) from error
        except json.JSONDecodeError as error:
            raise RefusedError("cli.bad_answer", host=host) from error


class ServerRefusedError(RefusedError):
    """A refusal that the server worded; shown as it came."""

    def __init__(self, code: str, message: str, hint: str, status: int) -> None:
        Exception.__init__(self, message)
        self.code, self.message, self.hint, self.status = code, message, hint, status
        self.field, self.retry_after, self.headers, self.values = "", None, {}, {}
        known = REFUSALS.get(code) or REFUSALS["internal"]
        self.exit_code = known.exit_code


def _refusal(error: HTTPError, host: str) -> RefusedError:
    try:
        body = json.loads(error.read(_MOST_BYTES))["error"]
        return ServerRefusedError(str(body["code"]), str(body["message"]), str(body["hint"]), error.code)
    except (json.JSONDecodeError, KeyError, TypeError, OSError):
        return RefusedError("cli.bad_answer", host=host)
