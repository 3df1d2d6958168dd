"""Files as answers: attachments that may be fetched in parts and are not sent twice."""

import hashlib
import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from workers.refusals import RefusedError

BYTES: Final = "application/octet-stream"
_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def file_answer(
    request: HttpRequest, content: bytes, *, name: str, kind: str, is_public: bool = False
) -> HttpResponse:
    """Return a file that never changes, or the part of it that was asked for.

    Args:
        request: may have Range and If-Range.
        content: the whole file.
        name: what it is called when it is kept; letters, digits, dots and dashes.
        kind: its media type.
        is_public: whether everybody may see it, so that shared caches may keep it.

    Raises:
        RefusedError: `request.bad_range`.
    """
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    start, end = _part(request, len(content), etag)
    whole = (start, end) == (0, len(content))
    answer = HttpResponse(content[start:end], content_type=kind, status=200 if whole else 206)
    if not whole:
        answer["Content-Range"] = f"bytes {start}-{end - 1}/{len(content)}"
    answer["ETag"] = etag
    answer["Accept-Ranges"] = "bytes"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "public, max-age=31536000, immutable" if is_public else "private, no-cache"
    # Whoever has it already is told so; the part of a file is sent as it was asked for.
    return (get_conditional_response(request, etag=etag, response=answer) if whole else None) or answer


def _part(request: HttpRequest, size: int, etag: str) -> tuple[int, int]:
    """Return first byte and end of what is to be sent; a header that cannot be read means everything."""
    found = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if found is None or request.headers.get("If-Range", etag) != etag:
        return 0, size
    first, last = found.groups()
    if not first:
        start, end = (max(0, size - int(last)), size) if last else (0, size)
        is_there = bool(last) and int(last) > 0
    else:
        start, end = int(first), min(size, int(last) + 1 if last else size)
        is_there = start < end
    if not is_there:
        if not (first or last) or (first and last and int(last) < int(first)):
            return 0, size
        raise RefusedError("request.bad_range", size=size, headers={"Content-Range": f"bytes */{size}"})
    return start, end
