"""Pictures of people: an uploaded one is measured before it is decoded, and only its pixels are kept."""

import hashlib
import io
import struct
from collections.abc import Iterator
from typing import IO

from PIL import Image, ImageOps

from workers.refusals import RefusedError

MOST_BYTES = 4 * 1024 * 1024
MOST_MEGAPIXELS = 16
SIDE = 256
"""Pixels of the kept picture, each way."""
_FORMATS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG", b"RIFF": "WEBP"}


def read_picture(upload: IO[bytes]) -> bytes:
    """Return an uploaded picture as a small square WebP that holds nothing but its pixels.

    Raises:
        RefusedError: `image.unsupported` for what is not exactly one PNG, JPEG or WebP; `image.too_large`.
    """
    content = upload.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise RefusedError("image.too_large", limit_bytes=f"{MOST_BYTES // 2**20} MB", field="picture")
    kind = next((name for start, name in _FORMATS.items() if content.startswith(start)), "")
    try:
        width, height = {"PNG": _png, "JPEG": _jpeg, "WEBP": _webp}[kind](content)
    except (KeyError, ValueError, IndexError, struct.error) as error:
        raise RefusedError("image.unsupported", field="picture") from error
    if width * height > MOST_MEGAPIXELS * 1_000_000:
        megapixels = round(width * height / 1_000_000)
        raise RefusedError("image.too_large", megapixels=megapixels, limit=MOST_MEGAPIXELS, field="picture")
    return _small(content, kind, (width, height))


def _small(content: bytes, kind: str, size: tuple[int, int]) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as opened:
            if opened.size != size:
                raise ValueError("The header says another size.")
            opened.draft("RGB", (2 * SIDE, 2 * SIDE))
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
        square = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
        plain = Image.new("RGBA", square.size, "white")
        plain.alpha_composite(square)
        out = io.BytesIO()
        plain.convert("RGB").save(out, "WEBP", quality=82)
    # Pillow's decoders raise these for damaged files, and SyntaxError for a broken header.
    except (OSError, ValueError, SyntaxError, EOFError, struct.error) as error:
        raise RefusedError("image.unsupported", field="picture") from error
    return out.getvalue()


def _png(content: bytes) -> tuple[int, int]:
    """Return width and height of a PNG that ends where its last part does."""
    at = 8
    while content[at + 4 : at + 8] != b"IEND":
        (length,) = struct.unpack_from(">I", content, at)
        at += 12 + length
        if at >= len(content):
            raise ValueError("The file is cut off.")
    if at + 12 != len(content) or content[12:16] != b"IHDR":
        raise ValueError("Something follows the picture.")
    width, height = struct.unpack_from(">II", content, 16)
    return _measured(width, height)


def _webp(content: bytes) -> tuple[int, int]:
    """Return width and height of a WebP that is as long as it says."""
    (length,) = struct.unpack_from("<I", content, 4)
    if content[8:12] != b"WEBP" or length + 8 != len(content):
        raise ValueError("This is another file in the same wrapping.")
    kind = content[12:16]
    if kind == b"VP8X":
        wide = int.from_bytes(content[24:27], "little") + 1
        return _measured(wide, int.from_bytes(content[27:30], "little") + 1)
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return _measured((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, 26)
        return _measured(width & 0x3FFF, height & 0x3FFF)
    raise ValueError("No picture comes first.")


def _jpeg(content: bytes) -> tuple[int, int]:
    """Return width and height of a JPEG that ends with its end mark."""
    if not content.endswith(b"\xff\xd9"):
        raise ValueError("Something follows the picture.")
    for mark, at in _segments(content):
        if 0xC0 <= mark <= 0xCF and mark not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return _measured(width, height)
    raise ValueError("The file has no frame.")


def _segments(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield mark and place of each part of a JPEG before its scan."""
    at = 2
    while content[at] == 0xFF and content[at + 1] != 0xDA:
        mark = content[at + 1]
        if mark == 0xFF:
            at += 1
            continue
        yield mark, at
        (length,) = struct.unpack_from(">H", content, at + 2)
        at += 2 + length


def _measured(width: int, height: int) -> tuple[int, int]:
    if not (width and height):
        raise ValueError("The picture is empty.")
    return width, height


def drawn_picture(name: str) -> str:
    """Return an SVG that is always the same for a name: five by five fields, mirrored, in one hue."""
    digest = hashlib.sha256(name.encode()).digest()
    hue = digest[0] * 360 // 256
    fields = [
        f'<rect x="{column}" y="{row}" width="1" height="1"/>'
        for row in range(5)
        for place in range(3)
        if digest[1 + 3 * row + place] % 2
        for column in sorted({place, 4 - place})
    ]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 7 7" shape-rendering="crispEdges">'
        f'<rect x="-1" y="-1" width="7" height="7" fill="hsl({hue} 45% 90%)"/>'
        f'<g fill="hsl({hue} 55% 42%)">{"".join(fields)}</g></svg>'
    )
