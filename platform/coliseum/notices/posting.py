"""One signed request to an address of somebody else: a few seconds, a few bytes, no redirects."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from standardwebhooks.webhooks import Webhook as Signer

from coliseum.notices.targets import Target
from workers.refusals import printable

SECONDS: Final = 5.0
"""For everything: connecting, sending, the whole answer."""
READ_BYTES: Final = 4096
"""So much of an answer is read, then the line is dropped."""
SHOWN: Final = 200
"""Characters of the answer that are kept."""

Connect = Callable[[str, int, float], socket.socket]
"""Opens a stream to an address and port."""


class PostError(Exception):
    """There is no answer; the message says why, as a sentence."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    beginning: str
    """Printable."""

    @property
    def is_good(self) -> bool:
        """Say whether the message was taken."""
        return 200 <= self.status < 300


def signed_headers(*, secret: str, message: str, body: str, at: datetime) -> dict[str, str]:
    """Return the headers of Standard Webhooks.

    Args:
        secret: `whsec_...`.
        message: its id, the same in every try.
        body: what is sent.
        at: when it is sent; receivers refuse what is older than five minutes.

    Source:
        https://www.standardwebhooks.com, version 1.0.
    """
    at = at.astimezone(UTC)
    return {
        "content-type": "application/json",
        "user-agent": "Coliseum-Webhooks/1",
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Signer(secret).sign(message, at, body),
    }


def open_stream(address: str, port: int, seconds: float) -> socket.socket:
    """Connect to exactly this address."""
    return socket.create_connection((address, port), timeout=seconds)


@dataclass(slots=True)
class _Line:
    """The open connection, so that it can be cut when the time is over."""

    seconds: float
    stream: socket.socket | None = None
    is_over: bool = False
    began: float = field(default_factory=time.monotonic)

    def cut(self) -> None:
        self.is_over = True
        if self.stream is not None:
            with suppress(OSError):
                self.stream.shutdown(socket.SHUT_RDWR)


def post(
    target: Target,
    *,
    body: str,
    headers: dict[str, str],
    seconds: float = SECONDS,
    connect: Connect = open_stream,
    trust: ssl.SSLContext | None = None,
) -> Answer:
    """Send a message to the first address of a target and return how it answers.

    Args:
        target: whose addresses were checked.
        body: JSON.
        headers: those of `signed_headers`.
        seconds: for everything.
        connect: opens the stream.
        trust: whose certificates are believed; the system's by default.

    Raises:
        PostError: nobody there, no valid certificate, too slow, or no HTTP.
    """
    line = _Line(seconds)
    # A timeout of the socket begins anew with every byte; somebody who drips would hold the line for hours.
    timer = threading.Timer(seconds, line.cut)
    timer.daemon = True
    timer.start()
    try:
        return _exchange(line, target, body, headers, connect, trust)
    except ssl.SSLCertVerificationError as error:
        raise PostError(
            f"The certificate is not valid: {printable(error.verify_message, limit=100)}."
        ) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        if line.is_over or isinstance(error, TimeoutError):
            raise PostError(f"No answer within {seconds:g} s.") from error
        raise PostError(f"The connection failed: {type(error).__name__}.") from error
    finally:
        timer.cancel()
        if line.stream is not None:
            line.stream.close()


def _exchange(
    line: _Line,
    target: Target,
    body: str,
    headers: dict[str, str],
    connect: Connect,
    trust: ssl.SSLContext | None,
) -> Answer:
    line.stream = connect(target.addresses[0], target.port, line.seconds)
    if target.scheme == "https":
        context = trust or ssl.create_default_context()
        # The handshake begins once the line can be cut.
        line.stream = context.wrap_socket(
            line.stream, server_hostname=target.host, do_handshake_on_connect=False
        )
        line.stream.do_handshake()
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = line.stream
    connection.request("POST", target.path, body.encode(), {"host": target.authority, **headers})
    with connection.getresponse() as response:
        text = response.read(READ_BYTES).decode("utf-8", "replace")
        if line.is_over:
            raise TimeoutError
        return Answer(response.status, printable(text, limit=SHOWN))
