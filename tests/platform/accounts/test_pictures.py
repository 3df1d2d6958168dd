"""Uploaded pictures: measured before they are decoded, and only their pixels are kept."""

import io
import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from coliseum.accounts.pictures import MOST_BYTES, SIDE, drawn_picture, read_picture
from workers.refusals import RefusedError


def picture(kind, size=(40, 30), **options):
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **options)
    return out.getvalue()


def png_that_says(width, height):
    """Return a PNG of a few bytes whose header promises any size."""

    def part(name, content):
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (part(b"IHDR", head), part(b"IDAT", zlib.compress(b"")), part(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def code_of(content):
    with pytest.raises(RefusedError) as refused:
        read_picture(io.BytesIO(content))
    assert (refused.value.field, refused.value.status) == ("picture", 400)
    return refused.value.code


@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("JPEG", {}), ("WEBP", {}), ("WEBP", {"lossless": True}), ("JPEG", {"progressive": True})],
)
def test_a_picture_becomes_a_small_square_without_anything_else(kind, options):
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    kept = read_picture(io.BytesIO(picture(kind, exif=exif.tobytes(), **options)))
    with Image.open(io.BytesIO(kept)) as opened:
        assert (opened.format, opened.size) == ("WEBP", (SIDE, SIDE))
        assert not opened.getexif()
        assert opened.getpixel((SIDE // 2, SIDE // 2))[0] > 240
    assert b"home" not in kept


def test_b63_a_huge_picture_is_refused_by_its_header():
    with pytest.raises(RefusedError) as refused:
        read_picture(io.BytesIO(png_that_says(30_000, 30_000)))
    assert refused.value.code == "image.too_large"
    assert refused.value.message == "The picture has 900 megapixels; the limit is 16."
    assert code_of(png_that_says(2**31, 2**31)) == "image.too_large"
    assert code_of(b"\x89PNG\r\n\x1a\n" + bytes(MOST_BYTES)) == "image.too_large"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(20),
        picture("PNG")[:-5],
        picture("PNG")[:60],
        picture("PNG") + b"<script>alert(1)</script>",
        picture("JPEG") + b"PK\x03\x04 a zip",
        picture("JPEG")[:40] + b"\xff\xd9",
        picture("WEBP") + b"more",
        b"RIFF\x04\x00\x00\x00WAVE",
        png_that_says(0, 10),
        png_that_says(10, 10),
        b"\xff\xd8\xff",
    ],
    ids=range(13),
)
def test_b63_what_is_not_exactly_one_picture_is_refused(content):
    assert code_of(content) == "image.unsupported"


@given(st.sampled_from(["PNG", "JPEG", "WEBP"]), st.integers(0, 5000), st.binary(min_size=1, max_size=8))
def test_whatever_is_damaged_is_read_or_refused(kind, at, bytes_in):
    content = bytearray(picture(kind))
    place = at % len(content)
    content[place : place + len(bytes_in)] = bytes_in
    with suppress(RefusedError):
        assert read_picture(io.BytesIO(bytes(content))).startswith(b"RIFF")


def test_a_drawn_picture_is_a_names_own_and_holds_no_name():
    assert drawn_picture("ann") == drawn_picture("ann") != drawn_picture("bob")
    assert "<b>" not in drawn_picture("<b>")
