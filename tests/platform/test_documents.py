"""The documents against the code they speak of."""

import re
from dataclasses import fields
from pathlib import Path

import numpy
import onnxruntime
import pytest

from arenas.spec import MIB, Limits
from coliseum.api.callers import BearerToken
from coliseum.api.urls import api
from coliseum.notices.hooks import PING
from coliseum.notices.models import Kind
from coliseum.providers import _KNOWN, _OTHER
from coliseum.submissions.models import SubmissionState
from tests import error_page
from workers.archive import ArchiveLimits
from workers.refusals import OUTCOMES, REFUSALS
from workers.source import FILE_BYTES
from workers.start import StartView

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_page_of_errors_is_the_table_of_the_code():
    assert text_of("errors.md") == error_page.page(), "run python -m tests.error_page"


def test_every_code_and_outcome_stands_on_the_page_of_errors():
    page = text_of("errors.md")
    assert [name for name in (*REFUSALS, *OUTCOMES) if f"| `{name!s}` |" not in page] == []


def test_every_address_stands_on_the_page_of_the_api_with_its_scope():
    documented = set(
        re.findall(r"^\| (GET|POST|PUT|PATCH|DELETE) \| `(/[^`]*)` \| ?(\w*) \|", text_of("api.md"), re.M)
    )
    real, addresses = set(), _addresses()
    for operation in api._operations():
        token = next(auth for auth in operation.auth_callbacks if isinstance(auth, BearerToken))
        is_open = len(operation.auth_callbacks) == 3
        for method in operation.methods:
            real.add((method, addresses[operation.operation_id], "" if is_open else token.scope.value))
    assert documented == real


def _addresses() -> dict[str, str]:
    return {
        described["operationId"]: path.removeprefix("/api/v1")
        for path, methods in api.get_openapi_schema()["paths"].items()
        for described in methods.values()
    }


def test_every_documented_setting_is_read_somewhere():
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("platform", "workers", "arenas", "tests")
        for path in (ROOT / folder).rglob("*.py")
    )
    # A provider's pair of keys is read by one line for all of them.
    source += "".join(
        f"{name}CLIENT_ID {name}SECRET "
        for name in (*(variable for variable, _, _ in _KNOWN.values()), _OTHER)
    )
    documented = set(re.findall(r"`_?(COLISEUM_[A-Z_]+)`", text_of("settings.md")))
    assert {name for name in documented if name not in source} == set()


@pytest.mark.parametrize(
    "words",
    [
        f"`numpy` {'.'.join(numpy.__version__.split('.')[:2])}",
        f"`onnxruntime` {'.'.join(onnxruntime.__version__.split('.')[:2])}",
        f"{Limits().load_seconds:g} s for import",
        f"{Limits().reset_seconds:g} s for `reset`",
        f"{Limits().memory_bytes // MIB} MB beyond Python",
        f"{Limits().scratch_bytes // MIB} MB, gone",
        f"{Limits().package_bytes // MIB} MB as sent",
        f"{Limits().unpacked_bytes // MIB} MB unpacked",
        f"{ArchiveLimits().files:,} files",
        f"`agent.py` itself {FILE_BYTES // MIB} MB",
        *(f"`{field.name}`" for field in fields(StartView)),
    ],
)
def test_the_contract_names_the_real_numbers(words):
    assert words in text_of("participant.md")


def test_the_contract_names_every_outcome_of_a_seat():
    page = text_of("participant.md").partition("## What happens when it goes wrong")[2].partition("\n## ")[0]
    assert [name for name in OUTCOMES if f"`{name!s}`" not in page] == ["rejected", "aborted"]


def test_every_kind_of_message_to_a_webhook_is_explained():
    table = text_of("participant.md").partition("| `type` |")[2].partition("\n\n")[0]
    first_cells = "".join(row.split("|")[1] for row in table.splitlines()[2:])
    assert set(re.findall(r"`(\w+)`", first_cells)) == {*Kind.values, PING}


def test_the_examples_of_the_contract_are_there():
    folder = ROOT / "arenas" / "games" / "connect_four"
    for name in (
        "heuristic.py",
        "network/weights.npz",
        "network/agent.py",
        "onnx/model.onnx",
        "onnx/agent.py",
    ):
        assert (folder / "baselines" / name).is_file()
    assert (folder / "TRAINING.md").is_file()


def test_the_states_that_programs_wait_for_are_named():
    page = text_of("api.md")
    assert f"`{SubmissionState.READY}`" in page
    assert f"`{SubmissionState.REJECTED}`" in page
