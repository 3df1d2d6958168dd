"""Signing in a program without a browser: a short code that a person confirms elsewhere (RFC 8628)."""

from collections.abc import Mapping
from time import monotonic, sleep
from typing import Final, TypeVar
from urllib.parse import urlencode

import msgspec

from workers.client.wire import Call, Wire
from workers.refusals import Exit, RefusedError

_CLIENT: Final = "coliseum-cli"
_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
_SLOWER_SECONDS: Final = 5
_MOST_SECONDS: Final = 3600

T = TypeVar("T")


class Device(msgspec.Struct, frozen=True):
    """A pair of codes: one for the person, one for the program."""

    device_code: str
    user_code: str
    verification_uri: str
    expires_in: int
    verification_uri_complete: str = ""
    interval: int = 5


class _Granted(msgspec.Struct, frozen=True):
    access_token: str


def ask_for_codes(wire: Wire, scopes: str) -> Device:
    """Begin a sign-in.

    Args:
        wire: to the server; its login needs no token.
        scopes: what the token shall allow, as `read submit`.

    Raises:
        RefusedError: as `Wire.send`.
    """
    try:
        return _understood(wire, _posted(wire, "code", {"client_id": _CLIENT, "scope": scopes}), Device)
    except RefusedError as error:
        if error.status == 400 and error.code == "invalid_scope":
            problem = f"The server gives no token for {scopes!r}; there are read, submit and host."
            raise RefusedError("cli.usage", problem=problem) from error
        raise


def wait_for_token(wire: Wire, device: Device, name: str) -> str:
    """Wait until the person has confirmed, and return the API token.

    Args:
        wire: to the server.
        device: what `ask_for_codes` gave.
        name: what the token is called in the person's settings.

    Raises:
        RefusedError: `cli.sign_in_denied`, `cli.sign_in_expired`, or as `Wire.send`.
    """
    pause = float(min(max(device.interval, 1), 60))
    end = monotonic() + min(device.expires_in, _MOST_SECONDS)
    asked = {"client_id": _CLIENT, "device_code": device.device_code, "grant_type": _GRANT, "name": name}
    while monotonic() < end:
        sleep(pause)
        try:
            return _understood(wire, _posted(wire, "token", asked), _Granted).access_token
        except RefusedError as error:
            if error.code == "slow_down":
                pause += _SLOWER_SECONDS
            elif error.code in {"access_denied", "invalid_grant", "expired_token"}:
                code = "denied" if error.code == "access_denied" else "expired"
                raise RefusedError(f"cli.sign_in_{code}") from error
            elif error.code != "authorization_pending" and error.exit_code != Exit.TROUBLE:
                raise
    raise RefusedError("cli.sign_in_expired")


def _posted(wire: Wire, place: str, form: Mapping[str, str]) -> bytes:
    kind = "application/x-www-form-urlencoded"
    body = urlencode(form, errors="replace").encode()
    return wire.send(Call("POST", (place,), body=body, kind=kind, root="/device"))


def _understood(wire: Wire, content: bytes, form: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=form)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError("cli.bad_answer", host=wire.host) from error
