"""Bodies of requests that end before their announced length are noticed, not taken for whole."""

from typing import Any

from django.http import HttpRequest

from workers.package import megabytes
from workers.refusals import RefusedError


class Meter:
    """A body stream that says so when it ends too early."""

    def __init__(self, stream: Any, expected: int) -> None:  # Any: the server's own stream
        self._stream = stream
        self._expected = expected
        self._received = 0

    def read(self, size: int = -1) -> bytes:
        """Return what is there.

        Raises:
            RefusedError: `upload.incomplete`; or what `cut_off` of a subclass says.
        """
        try:
            piece: bytes = self._stream.read(size)
        except OSError as error:
            raise self.cut_off() from error
        self._received += len(piece)
        if self._received < self._expected and (size < 0 or (size and not piece)):
            raise self.cut_off()
        return piece

    def cut_off(self) -> Exception:
        """Return what is raised."""
        received, expected = megabytes(self._received), megabytes(self._expected)
        return RefusedError("upload.incomplete", received=received, expected=expected)

    def __getattr__(self, name: str) -> Any:  # Any: whatever else the stream offers
        return getattr(self._stream, name)


def announced_bytes(length: str | None) -> int:
    """Return what a Content-Length says; 0 for none, and for what is no length."""
    return int(length) if length and length.isdecimal() and len(length) < 20 else 0


def discard_upload(request: HttpRequest) -> None:
    """Delete what was staged of an upload that came to nothing."""
    for handler in request.upload_handlers:
        handler.upload_interrupted()
