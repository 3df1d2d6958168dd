"""Every command of the documents is executed on a real site, or parsed by its own program for a reason."""

import os
import re
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import yaml
from standardwebhooks.webhooks import Webhook

from tests.documents.following import Followed, Reader, remove
from tests.documents.installation import Site, new_folder
from tests.documents.left_out import REASONS, TRIED_APART
from tests.documents.parsing import UnknownCommandError, check_understood, is_name
from tests.documents.reading import (
    LANGUAGES,
    ROOT,
    SHELL,
    Block,
    commands_of,
    documents,
    looks_like,
    parts,
    parts_of,
)
from tests.faults.stack import free_port
from workers.cli import _COMMANDS

BLOCKS = [(name, part) for name in documents() for part in parts(name) if isinstance(part, Block)]


@pytest.fixture(scope="module")
def followed() -> Iterator[dict[str, Followed]]:
    """What became of each document: all of them are followed in the order in which one would read them."""
    home, folder = new_folder(), new_folder()
    site = Site(home)
    try:
        site.sign_in()
        reader = Reader(site, folder)
        yield {document: reader.follow(document) for document in documents()}
    finally:
        site.stop()
        remove(folder)
        remove(home)


@pytest.mark.slow
@pytest.mark.parametrize("document", documents())
def test_what_a_document_says_to_type_works(document: str, followed: dict[str, Followed]) -> None:
    assert followed[document].problems == []


@pytest.mark.slow
def test_every_command_of_ours_is_typed_somewhere_or_left_out_for_a_reason(
    followed: dict[str, Followed],
) -> None:
    typed = {line for found in followed.values() for line in (*found.executed, *found.parsed)}
    missing = [
        name for name in _COMMANDS if not any(re.search(rf"\bcoliseum {name}\b", line) for line in typed)
    ]
    assert missing == []


def test_every_block_says_in_which_language_it_is() -> None:
    unknown = [
        f"{name}:{block.line}"
        for name, block in BLOCKS
        if block.language not in LANGUAGES and not block.language.startswith("{")
    ]
    assert unknown == []


def test_every_reason_is_still_one_of_a_command() -> None:
    typed = {
        command.text for name, block in BLOCKS if block.language in SHELL for command in commands_of(block)
    }
    typed |= {part.text for name in documents() for part in parts(name) if not isinstance(part, Block)}
    assert [reason.pattern for reason in REASONS if not any(reason.covers(text) for text in typed)] == []


def test_every_document_stands_in_the_menu_of_the_site_of_documents() -> None:
    menu = (ROOT / "docs" / "index.md").read_text(encoding="utf-8").split()
    names = {path.stem for path in (ROOT / "docs").glob("*.md")} - {"index"}
    assert names - set(menu) == set()


def test_the_workflow_and_the_services_that_are_shown_are_the_real_ones() -> None:
    shown = [yaml.safe_load(block.text) for _, block in BLOCKS if block.language == "yaml"]
    (workflow,), (override,) = ([each for each in shown if key in each] for key in ("jobs", "services"))
    action = yaml.safe_load((ROOT / ".github/actions/submit/action.yml").read_text(encoding="utf-8"))
    step = workflow["jobs"]["submit"]["steps"][-1]
    assert ".github/actions/submit" in step["uses"]
    needed = {name for name, given in action["inputs"].items() if given["required"]}
    assert needed <= set(step["with"]) <= set(action["inputs"])
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert set(override["services"]) <= set(services)


@pytest.mark.parametrize(
    "command",
    [
        "coliseum play ARENA a b --matchez 20",
        "coliseum host opne",
        "coliseum token create --user ci --scope everything",
        "python manage.py audit --loudly",
        "python -m tests.seasons",
        "python -m tests.season --tournament",
        "python -m celery -A workers.celery_app worker --quue x",
        "make rum",
        "pip install 'coliseum-rl[trafic]'",
        "docker-compose up --scale macthes=4",
        "frobnicate --all",
    ],
)
def test_a_command_that_its_program_does_not_know_is_found(command: str) -> None:
    with pytest.raises(UnknownCommandError):
        check_understood(command)


def test_a_name_is_told_from_a_command() -> None:
    assert is_name("coliseum host check")
    assert not is_name("coliseum host check file.toml")
    with pytest.raises(UnknownCommandError):
        is_name("coliseum host chekc")


def test_blocks_and_spans_are_found_with_their_lines() -> None:
    text = (
        "Type `coliseum\nexplain CODE` or `CODE`.\n\n```sh\n# first\ncoliseum new \\\n  a  # why\nls\n```\n"
    )
    span, block = parts_of(text)
    assert (span.line, span.text) == (1, "coliseum explain CODE")
    assert isinstance(block, Block)
    assert [(each.line, each.text) for each in commands_of(block)] == [(6, "coliseum new \\\n  a"), (8, "ls")]


def test_output_that_is_shown_may_differ_in_its_figures_only() -> None:
    shown = "ok start 0.02 s\n...\nReady."
    assert looks_like(shown, "ok   start   1.5 s\nmore\nReady.\n")
    assert not looks_like(shown, "ok   begin   1.5 s\nmore\nReady.\n")
    assert not looks_like(shown, "ok   start   1.5 s\nmore\nNot ready.\n")


@pytest.mark.enable_socket
def test_the_receiver_takes_signed_messages_and_no_others(tmp_path: Path) -> None:
    (block,) = (block for _, block in BLOCKS if block.file in TRIED_APART)
    port = free_port()
    (tmp_path / block.file).write_text(block.text.replace("8080", str(port)))
    secret = f"whsec_{b64encode(b'0123456789abcdef01234567').decode()}"
    environment = {**os.environ, "WEBHOOK_SECRET": secret, "PYTHONUNBUFFERED": "1"}
    receiver = subprocess.Popen(
        [sys.executable, block.file], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        _wait_for(port)
        body = '{"type": "rejected", "data": {"title": "Your agent was rejected"}}'
        now = datetime.now(tz=UTC)
        signature = Webhook(secret).sign("msg_1", now, body)
        assert _sent(port, body, str(int(now.timestamp())), signature) == 204
        assert receiver.stdout is not None
        assert receiver.stdout.readline() == "Your agent was rejected\n"
        assert _sent(port, body.replace("rejected", "ready"), str(int(now.timestamp())), signature) == 400
    finally:
        receiver.kill()
        receiver.communicate()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            probe.settimeout(0.1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the receiver did not start")


def _sent(port: int, body: str, timestamp: str, signature: str) -> int:
    headers = {"webhook-id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": signature}
    try:
        with urlopen(Request(f"http://127.0.0.1:{port}/", body.encode(), headers), timeout=30) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code
