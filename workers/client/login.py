"""Who one is: the server and the token in force, and the file they are kept in."""

import json
import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from workers.refusals import RefusedError

_PLACE = re.compile(r"(.*) \(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Login:
    """A server and a token; the token is in no text of it."""

    server: str
    token: str = field(default="", repr=False)


def config_path() -> Path:
    """Return where the login is kept: COLISEUM_CONFIG, or the user's configuration folder."""
    given = os.environ.get("COLISEUM_CONFIG")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "coliseum" / "config.toml"


def load_login(server: str = "", token: str = "") -> Login:
    """Return the login in force: what is given, then COLISEUM_SERVER and COLISEUM_TOKEN, then the kept one.

    A kept token goes to the server it was kept for and to no other.

    Raises:
        RefusedError: `cli.not_signed_in`, `cli.bad_config` for a file that cannot be read, or `cli.usage`.
    """
    token = token or os.environ.get("COLISEUM_TOKEN", "")
    address = server or os.environ.get("COLISEUM_SERVER", "")
    if not (address and token):
        kept = _read_config()
        address = check_address(address or kept.get("server", "") or _nowhere())
        if address == kept.get("server"):
            token = token or kept.get("token", "")
    return Login(check_address(address), check_token(token))


def _nowhere() -> str:
    raise RefusedError("cli.not_signed_in")


def kept_login() -> Login | None:
    """Return what `coliseum login` kept.

    Raises:
        RefusedError: `cli.bad_config`; `cli.usage` for an address or a token that cannot be one.
    """
    kept = _read_config()
    if not kept.get("server"):
        return None
    return Login(check_address(kept["server"]), check_token(kept.get("token", "")))


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
        raise no_address(address)
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


def no_address(address: str) -> RefusedError:
    """Return the refusal of what is no address of a server."""
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
        raise _unreadable(path, error) from error
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
        raise _unreadable(path, error) from error
    return path


def forget_login() -> bool:
    """Delete the kept login; say whether there was one.

    Raises:
        RefusedError: `cli.bad_config` where it cannot be deleted.
    """
    path = config_path()
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _unreadable(path, error) from error
    return True


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> RefusedError:
    problem = getattr(error, "strerror", None) or "it is no text in UTF-8"
    return RefusedError("cli.bad_config", path=str(path), problem=problem)
