"""Bad uploads and their exact answers, through the real door and the real inspection."""

import hashlib
import json
import os
import stat
import threading
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import OperationalError, connection, connections
from django.http import HttpResponse
from django.test.client import ClientHandler

from coliseum import clock, faults
from coliseum.competitions.models import Competition
from coliseum.competitions.services import move_competition
from coliseum.submissions.models import Submission
from coliseum.submissions.services import deactivate_submission
from tests.platform.api.conftest import ROOT, refusal
from tests.workers.zips import AGENT, Entry, handmade, ordinary

MIB = 1024 * 1024
TOP = Entry(b"agent.py", AGENT)


@pytest.fixture
def api(caller, ann, entry):
    """Return ann with a token that may submit."""
    return caller(ann, "submit")


CASES = {
    "b02": (b"", "agent.py", 400, "upload.empty", "The file agent.py is empty."),
    "b04": (
        b"#" * (5 * MIB),
        "agent.py",
        413,
        "upload.too_large",
        "A single Python file may be at most 1 MB; this one has 5.0 MB. Put data files into a zip.",
    ),
    "b05": (
        b"\x1f\x8b\x08".ljust(600),
        "agent.tar.gz",
        415,
        "upload.unsupported_type",
        "Upload one Python file (.py) or one zip archive (.zip). This looks like a tar file.",
    ),
    "b06": (b"hello", "agent.zip", 400, "archive.corrupt", "This file is not a readable zip archive."),
    "b07": (
        ordinary({"agent.py": AGENT})[:60],
        "agent.zip",
        400,
        "archive.corrupt",
        "The zip archive is damaged: its directory of files is missing.",
    ),
    "b08": (
        handmade(TOP, Entry(b"bbbb.py", b"x", local_name=b"aaaa.py")),
        "agent.zip",
        400,
        "archive.corrupt",
        "The zip archive is inconsistent at bbbb.py. Create it again with an ordinary zip tool.",
    ),
    "b09": (
        handmade(TOP, Entry(b"x.py", b"x", flags=1)),
        "agent.zip",
        400,
        "archive.encrypted",
        "The archive is password-protected (x.py). Upload it without a password.",
    ),
    "b10": (
        handmade(TOP, Entry(b"../../x.py", b"x")),
        "agent.zip",
        400,
        "archive.unsafe_path",
        "The archive holds a file outside its own folder: '../../x.py'.",
    ),
    "b11": (
        handmade(TOP, Entry(b"link.py", b"x", mode=stat.S_IFLNK | 0o777)),
        "agent.zip",
        400,
        "archive.special_file",
        "link.py is a symbolic link. Only ordinary files and folders are allowed.",
    ),
    "b12": (
        handmade(TOP, Entry(b"Agent.PY", b"x")),
        "agent.zip",
        400,
        "archive.duplicate_name",
        "Two files have the same name: agent.py and Agent.PY.",
    ),
    "b13": (
        handmade(TOP, Entry("agent\u202eyp.exe".encode(), b"x")),
        "agent.zip",
        400,
        "archive.bad_name",
        "The file name 'agent\\u202eyp.exe' has characters that are not allowed.",
    ),
    "b14": (
        ordinary({"agent.py": AGENT} | {f"f{number}": b"" for number in range(2000)}),
        "agent.zip",
        400,
        "archive.too_many_files",
        "The archive holds 2,001 files; the limit is 2,000.",
    ),
    "b15": (
        ordinary({"agent.py": AGENT, "d/" * 33 + "x": b""}),
        "agent.zip",
        400,
        "archive.too_deep",
        "Folders are nested 33 deep; the limit is 32.",
    ),
    "b16": (
        ordinary({"agent.py": AGENT, "zeros": bytes(40 * MIB)}),
        "agent.zip",
        400,
        "archive.too_large_unpacked",
        "The archive unpacks to more than 200 times its size.",
    ),
    "b17": (
        ordinary({"main.txt": b"x"}),
        "agent.zip",
        400,
        "archive.no_agent",
        "There is no agent.py at the top of the archive. Found: main.txt.",
    ),
    "b18": (
        ordinary({"my_agent/agent.py": AGENT, "readme": b""}),
        "agent.zip",
        400,
        "archive.no_agent",
        "agent.py is inside my_agent/. Zip the files themselves, not the folder.",
    ),
    "b19": (
        b"class Agent:\n    def act(self, observation)\n        return 0\n",
        "agent.py",
        400,
        "source.syntax_error",
        "agent.py, line 2, column 31: expected ':'.",
    ),
    "b20": (
        b"# \xff\xfe\n",
        "agent.py",
        400,
        "source.not_text",
        "agent.py is not UTF-8 text (byte 3 of line 1).",
    ),
    "b21": (
        b"\x7fELF" + bytes(60),
        "agent.py",
        400,
        "source.not_text",
        "agent.py is not a text file (it holds a zero byte at position 5).",
    ),
    "b22": (
        b"# coding: utf-7\n" + AGENT,
        "agent.py",
        400,
        "source.bad_encoding",
        "agent.py declares the encoding utf-7. Use UTF-8.",
    ),
    "b23": (
        b"x = " + b"(" * 20_000 + b")" * 20_000,
        "agent.py",
        400,
        "source.syntax_error",
        "agent.py is nested too deeply to be read.",
    ),
    "b24": (
        b"def helper(): pass\ndef main(): pass\n",
        "agent.py",
        400,
        "source.no_entry_point",
        "No agent found. Define class Agent with act(self, observation), or a function"
        " agent(observation). Found: helper, main.",
    ),
    "b25": (
        b"class Agent:\n    def act(self):\n        return 0\n",
        "agent.py",
        422,
        "source.bad_signature",
        "Agent.act must accept an observation: found act(self), wanted act(self, observation).",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_bad_file_gets_its_exact_answer(api, case):
    content, file_name, status, code, message = CASES[case]
    answer = api.upload(content, file_name)
    assert refusal(answer) == (status, code, message)
    assert answer.json()["error"]["field"] == "file"
    assert not Submission.objects.exists()


def test_b01_no_file_part(api):
    answer = api.client.post(f"{ROOT}/competitions/c4/submissions", {"name": "x"}, headers=api.headers)
    assert refusal(answer) == (400, "upload.missing_file", "Choose a file to upload.")


def test_b03_too_large_is_refused_while_streaming(api, settings):
    settings.UPLOAD_MAX_BYTES = 2 * MIB
    answer = api.upload(b"PK\x03\x04" + os.urandom(3 * MIB), "agent.zip")
    message = "The file is 3.0 MB. The limit for this arena is 2 MB."
    assert refusal(answer) == (413, "upload.too_large", message)
    assert not list(settings.FILE_UPLOAD_TEMP_DIR.iterdir())


def test_b26_requirements_name_what_is_there(api):
    answer = api.upload(ordinary({"agent.py": AGENT, "requirements.txt": b"torch"}), "agent.zip")
    status, code, message = refusal(answer)
    assert (status, code) == (400, "package.requirements_not_supported")
    assert message.startswith("Packages are not installed from requirements.txt. Available: numpy 2.")


def test_b29_identical_content(api, submission, agent_source):
    message = "This is the same content as your submission v1."
    assert refusal(api.upload(agent_source)) == (409, "submission.duplicate", message)


def test_b30_over_the_daily_quota(api, submission, competition):
    Competition.objects.update(daily_submissions=1)
    answer = api.upload(AGENT)
    tomorrow = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%d")
    message = f"You have used 1 of 1 submission today. Next one at {tomorrow} 00:00 UTC."
    assert refusal(answer) == (429, "submission.quota", message)
    assert 0 < int(answer["Retry-After"]) <= 86_401


def test_b30_failed_validations_do_not_count(api, entry, submission):
    Competition.objects.update(daily_submissions=1)
    deactivate_submission(submission=submission)
    Submission.objects.update(state="rejected")
    assert api.upload(AGENT).status_code == 201


def test_b31_over_the_cap_of_active_submissions(api, submission):
    Competition.objects.update(active_submissions=1)
    message = "You have 1 active submission, the limit here. Deactivate one first."
    assert refusal(api.upload(AGENT)) == (409, "submission.too_many_active", message)


def test_b32_after_the_deadline(api):
    Competition.objects.update(closes_at=clock.now() - timedelta(seconds=1))
    closed_at = Competition.objects.get().closes_at.strftime("%Y-%m-%d %H:%M UTC")
    message = f"This competition closed on {closed_at}."
    assert refusal(api.upload(AGENT)) == (403, "competition.closed", message)


def test_b33_before_it_opens(api):
    Competition.objects.update(opens_at=clock.now() + timedelta(hours=1))
    opens_at = Competition.objects.get().opens_at.strftime("%Y-%m-%d %H:%M UTC")
    message = f"This competition opens on {opens_at}."
    assert refusal(api.upload(AGENT)) == (403, "competition.not_open", message)


def test_while_it_is_paused(api, competition, host):
    move_competition(competition=competition, to="paused", actor=host)
    assert refusal(api.upload(AGENT))[:2] == (409, "competition.wrong_state")


def test_b34_not_joined(caller, eve, competition):
    message = "Join the competition and accept its rules first."
    assert refusal(caller(eve, "submit").upload(AGENT)) == (403, "competition.not_joined", message)


@pytest.mark.parametrize("point", ["before_object_put", "after_object_put"])
def test_b35_a_full_disk_saves_nothing(api, monkeypatch, point):
    monkeypatch.setattr(faults, "_WANTED", f"{point}:error")
    answer = api.upload(AGENT)
    message = "The server has no space for uploads now. Nothing was saved; try again later."
    assert refusal(answer) == (507, "storage.full", message)
    assert not Submission.objects.exists()
    monkeypatch.setattr(faults, "_WANTED", "")
    assert api.upload(AGENT).status_code == 201


def test_b36_a_database_that_is_down(api):
    def down(*_):
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(down):
        answer = api.upload(AGENT)
    message = "The service is restarting. Nothing was saved; try again in a minute."
    assert refusal(answer) == (503, "service.unavailable", message)
    assert int(answer["Retry-After"]) > 0


def test_b37_a_body_that_was_cut_off(api):
    boundary = b"--x\r\n"
    head = b'Content-Disposition: form-data; name="file"; filename="agent.py"\r\n\r\n'
    sent = boundary + head + AGENT + b"#" * (3 * MIB)
    answer = _send_raw(api, sent, length=10 * MIB)
    message = "The upload was cut off after 3.0 MB of 10.0 MB."
    error = json.loads(answer.content)["error"]
    assert (answer.status_code, error["code"], error["message"]) == (400, "upload.incomplete", message)
    assert not Submission.objects.exists()


def _send_raw(api, body: bytes, *, length: int) -> HttpResponse:
    """Send a body that is shorter than its announced length, as a broken connection does."""
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": f"{ROOT}/competitions/c4/submissions",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": str(length),
        "HTTP_AUTHORIZATION": api.headers["Authorization"],
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    return ClientHandler()(environ)


def test_b38_a_checksum_that_differs(api):
    answer = api.upload(AGENT, headers={"X-Content-SHA256": "0" * 64})
    message = "The file arrived damaged (checksum differs). Send it again."
    assert refusal(answer) == (422, "upload.checksum_mismatch", message)
    right = hashlib.sha256(AGENT).hexdigest().upper()
    assert api.upload(AGENT, headers={"X-Content-SHA256": right}).status_code == 201


def test_b39_one_key_for_two_requests(api):
    key = {"Idempotency-Key": "one-key"}
    first = api.upload(AGENT, headers=key)
    again = api.upload(AGENT, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["id"] == first.json()["id"]
    message = "This Idempotency-Key was used for a different request."
    other = api.upload(AGENT + b"# other\n", headers=key)
    assert refusal(other) == (409, "request.idempotency_conflict", message)


@pytest.mark.parametrize("key", ["x" * 256, "two words", "ünï", "a/b"])
def test_b40_a_bad_idempotency_key(api, key):
    answer = api.upload(AGENT, headers={"Idempotency-Key": key})
    message = "Idempotency-Key must be 1 to 255 letters, digits, '-' or '_'."
    assert refusal(answer) == (400, "request.bad_idempotency_key", message)


@pytest.mark.django_db(transaction=True)
def test_parallel_uploads_with_one_key_make_one_submission(api, settings):
    answers = []

    def send() -> None:
        try:
            answers.append(api.upload(AGENT, headers={"Idempotency-Key": "k"}))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Submission.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_uploads_of_one_file_make_one_submission(api):
    answers = []

    def send() -> None:
        try:
            answers.append(api.upload(AGENT))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert {refusal(answer)[1] for answer in answers if answer.status_code == 409} == {"submission.duplicate"}
