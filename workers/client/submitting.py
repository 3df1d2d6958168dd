"""Sending an agent: the calls whose body is a file."""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace

from workers.client.answers.submission_answers import SubmissionDetail
from workers.client.calls import Calls
from workers.client.wire import Call


class Submitting(Calls):
    """Sends agents."""

    def submit(
        self,
        slug: str,
        content: bytes,
        *,
        file_name: str = "agent.py",
        facts: Mapping[str, str] | None = None,
        key: str = "",
        on_sent: Callable[[int, int], None] | None = None,
    ) -> SubmissionDetail:
        """Send an agent; sent again, it makes no second submission.

        Args:
            slug: the competition.
            content: one .py file, one .onnx model, or one .zip of either.
            file_name: what it is called; its ending tells which of them it is.
            facts: `name`, `note`, and `only_if_better` (`"true"`).
            key: the Idempotency-Key, 1 to 255 letters, digits, `-` and `_`; follows from competition and
                content where it is left out.
            on_sent: told how many bytes of how many are sent.

        Raises:
            RefusedError: what the server refused; `cli.interrupted` where no answer came.
        """
        call = _call((slug, "submissions"), file_name, content, facts or {})
        call = replace(call, key=key or key_of(slug, content), on_sent=on_sent)
        return self._understood(self._wire.send(call), SubmissionDetail)

    def rehearse(self, slug: str, content: bytes, *, file_name: str = "agent.py") -> SubmissionDetail:
        """Have an agent validated and nothing else: no version, no quota, no rating; 30 an hour.

        Args:
            slug: the competition.
            content: one .py file, one .onnx model, or one .zip of either.
            file_name: what it is called; its ending tells which of them it is.

        Raises:
            RefusedError: what the server refused; `cli.interrupted` where no answer came.
        """
        call = _call((slug, "rehearsals"), file_name, content, {})
        return self._understood(self._wire.send(call), SubmissionDetail)


def _call(place: tuple[str, str], file_name: str, content: bytes, facts: Mapping[str, str]) -> Call:
    """Return the call that sends a file to a place below a competition."""
    boundary = uuid.uuid4().hex
    body = _form(boundary, file_name, content, facts)
    return Call("POST", ("competitions", *place), body=body, kind=f"multipart/form-data; boundary={boundary}")


def key_of(slug: str, content: bytes) -> str:
    """Return the Idempotency-Key of these bytes in this competition: the same command gives the same one."""
    return hashlib.sha256(slug.encode(errors="replace") + b"\0" + content).hexdigest()


def _form(boundary: str, file_name: str, content: bytes, facts: Mapping[str, str]) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in facts.items()
    ]
    parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; ')
    parts.append(f'filename="{_quoted(file_name)}"\r\nContent-Type: application/octet-stream\r\n\r\n')
    return "".join(parts).encode(errors="replace") + content + f"\r\n--{boundary}--\r\n".encode()


def _quoted(file_name: str) -> str:
    """Return a file name that cannot end its quotes or its line."""
    return "".join(c if c.isprintable() and c not in '"\\' else "_" for c in file_name)
