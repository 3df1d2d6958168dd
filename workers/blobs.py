"""Fetching packages by digest: from a shared folder, or from the signed address a match names."""

import hashlib
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from workers.errors import BlobError
from workers.spec import AgentRef

_FETCH_SECONDS = 30


class PackageShelf:
    """The packages a worker has read lately, by digest; every byte is checked against it.

    Args:
        folder: what the site stores packages in, if this host shares it; None to fetch by address only.
        keep_bytes: how much to keep in memory.
    """

    def __init__(self, folder: Path | None, *, keep_bytes: int = 256 * 1024 * 1024) -> None:
        self._folder = folder
        self._keep_bytes = keep_bytes
        self._kept: dict[str, bytes] = {}

    def fetch(self, ref: AgentRef) -> bytes:
        """Return the bytes of an agent's package.

        Raises:
            BlobError: they cannot be had, or are not the bytes the digest promises.
        """
        known = self._kept.pop(ref.digest, None)
        content = known if known is not None else self._read(ref)
        if known is None and hashlib.sha256(content).hexdigest() != ref.digest:
            raise BlobError(f"The stored package {ref.digest[:12]} is damaged.")
        self._kept[ref.digest] = content
        while self._kept and sum(map(len, self._kept.values())) > self._keep_bytes:
            self._kept.pop(next(iter(self._kept)))
        return content

    def _read(self, ref: AgentRef) -> bytes:
        try:
            if ref.url:
                if urlsplit(ref.url).scheme not in {"http", "https"}:
                    raise BlobError("A package address must be http or https.")
                with urlopen(Request(ref.url), timeout=_FETCH_SECONDS) as answer:  # noqa: S310 - checked above
                    return bytes(answer.read())
            if self._folder is None:
                raise BlobError("This worker shares no folder with the site and the match names no address.")
            return (self._folder / "packages" / ref.digest[:2] / ref.digest).read_bytes()
        except (OSError, ValueError, HTTPException) as error:
            raise BlobError(
                f"The package {ref.digest[:12]} cannot be read: {type(error).__name__}."
            ) from error
