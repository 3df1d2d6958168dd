"""The door before Django: a body over the limit never reaches the disk."""

import asyncio
import gc
import json

import pytest

from coliseum.asgi import application, limit_requests, settled

MIB = 1024 * 1024


def call(application, pieces, *, length=None, **head):
    """Send a body in pieces; return status, error code and how many pieces were taken."""
    sent, taken = [], 0

    async def receive():
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": pieces[taken - 1], "more_body": taken < len(pieces)}

    async def send(message):
        sent.append(message)

    headers = [] if length is None else [(b"content-length", str(length).encode())]
    scope = {"type": "http", "headers": headers} | head
    asyncio.run(limit_requests(application)(scope, receive, send))
    body = sent[1]["body"]
    return sent[0]["status"], json.loads(body)["error"] if body else None, taken


LONG_ADDRESS = {"raw_path": b"/" * 8000, "query_string": b"q" * 300}
LONG_HEADER = {"headers": [(b"cookie", b"c" * 17_000)]}
MANY_HEADERS = {"headers": [(b"x-%d" % number, b"x" * 1000) for number in range(70)]}


@pytest.mark.parametrize(
    ("head", "status", "message"),
    [
        (LONG_ADDRESS, 414, "The address is longer than 8 kB."),
        (LONG_HEADER, 431, "A header is longer than 16 kB."),
        (MANY_HEADERS, 431, "A header is longer than 16 kB."),
    ],
    ids=["address", "header", "headers"],
)
def test_b79_a_long_address_and_long_headers_are_refused_before_anything_is_read(head, status, message):
    answer, error, taken = call(reader, [b""], **head)
    assert (answer, error["code"], error["message"], taken) == (status, "request.too_large", message, 0)
    fitting = {"raw_path": b"/" * 8000, "headers": [(b"cookie", b"c" * 16_000)]}
    assert call(reader, [b""], **fitting) == (200, None, 1)


async def reader(scope, receive, send):
    """Read the whole body, as Django does, and agree."""
    while (await receive())["more_body"]:
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def test_what_is_announced_too_large_is_refused_unread(settings):
    settings.UPLOAD_MAX_BYTES = 2 * MIB
    status, error, taken = call(reader, [b"x"], length=61 * MIB)
    assert (status, error["code"], taken) == (413, "upload.too_large", 0)
    assert error["message"] == "The file is 61.0 MB. The limit for this arena is 2 MB."


@pytest.mark.parametrize("length", [None, 10])
def test_what_grows_too_large_is_refused_on_the_way(settings, length):
    settings.UPLOAD_MAX_BYTES = 2 * MIB
    status, error, taken = call(reader, [bytes(MIB)] * 100, length=length)
    assert (status, error["code"], taken) == (413, "upload.too_large", 4)


def test_what_fits_goes_through(settings):
    settings.UPLOAD_MAX_BYTES = 2 * MIB
    assert call(reader, [bytes(MIB)] * 3, length=3 * MIB) == (200, None, 3)


def test_a_full_disk_is_said_so():
    async def full(scope, receive, send):
        raise OSError(28, "No space left on device")

    status, error, _ = call(full, [b""])
    assert (status, error["code"]) == (507, "storage.full")


def test_what_is_there_at_the_start_is_kept_from_the_garbage_collector():
    frozen, made = gc.get_freeze_count(), [[] for _ in range(1000)]
    assert settled(application) is application
    assert gc.get_freeze_count() >= frozen + len(made)
