"""Stored bytes: uploads and ledger pages by their digest, trajectories by match; immutable once written."""

import gzip
import hashlib
import os
import secrets
import zlib
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage


class AtomicFileStorage(FileSystemStorage):
    """A folder in which a file is there whole or not at all, whatever is killed when."""

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        with draft.open("wb") as out:
            for chunk in content.chunks():
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, target)
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return the name itself: keys are digests or ids, so a second write holds the same bytes."""
        return name


def package_key(digest: str) -> str:
    """Return where the bytes with this SHA-256 are kept."""
    return f"packages/{digest[:2]}/{digest}"


def put_package(content: File, digest: str) -> None:  # type: ignore[type-arg]
    """Keep an upload under its digest; a second put of the same bytes changes nothing."""
    key = package_key(digest)
    if default_storage.exists(key):
        return
    content.seek(0)
    default_storage.save(key, content)


def read_package(digest: str) -> bytes:
    """Return the bytes of an upload.

    Raises:
        FileNotFoundError: nothing is stored under this digest.
        ValueError: the stored bytes have another digest.
    """
    with default_storage.open(package_key(digest)) as stored:
        content: bytes = stored.read()
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError(f"The stored package {digest[:12]} is damaged.")
    return content


def open_package(digest: str) -> File:  # type: ignore[type-arg]
    """Return an upload's file opened for reading, for who needs a part of it only.

    Raises:
        FileNotFoundError: nothing is stored under this digest.
    """
    return default_storage.open(package_key(digest))


def delete_package(digest: str) -> None:
    """Delete the bytes of an upload; doing it twice is once."""
    default_storage.delete(package_key(digest))


def put_ledger_page(content: bytes) -> str:
    """Keep lines of a ledger under their SHA-256 and return it; the same lines again change nothing."""
    digest = hashlib.sha256(content).hexdigest()
    key = _ledger_key(digest)
    if not default_storage.exists(key):
        # Without a time of writing, the same lines give the same bytes.
        default_storage.save(key, ContentFile(gzip.compress(content, mtime=0)))
    return digest


def read_ledger_page(digest: str) -> bytes:
    """Return lines of a ledger.

    Raises:
        FileNotFoundError: nothing is stored under this digest.
        ValueError: the stored bytes have another digest.
    """
    with default_storage.open(_ledger_key(digest)) as stored:
        packed: bytes = stored.read()
    try:
        content = gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"The stored ledger page {digest[:12]} is damaged.") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError(f"The stored ledger page {digest[:12]} is damaged.")
    return content


def _ledger_key(digest: str) -> str:
    return f"ledgers/{digest[:2]}/{digest}.jsonl.gz"


def package_folder() -> Path:
    """Return the folder that match workers on this machine read packages from."""
    return Path(settings.MEDIA_ROOT)


def put_trajectory(match: str, index: int, content: bytes) -> str:
    """Keep one episode's trajectory; return its key."""
    key = f"trajectories/{match[:5]}/{match}-{index}.json.gz"
    return default_storage.save(key, ContentFile(content))


def drop_trajectories(keys: Sequence[str]) -> None:
    """Remove trajectories that no episode names any more."""
    for key in keys:
        default_storage.delete(key)


def put_pictures(match: str, index: int, content: bytes) -> str:
    """Keep one episode's pictures; return their key."""
    return default_storage.save(f"pictures/{match[:5]}/{match}-{index}.webp", ContentFile(content))


def read_trajectory(key: str) -> bytes:
    """Return a trajectory as it was stored, gzip-compressed.

    Raises:
        FileNotFoundError: it is gone; it can be made again from the action log.
    """
    with default_storage.open(key) as stored:
        content: bytes = stored.read()
    return content
