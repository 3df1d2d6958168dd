"""The published description against the real doors: what it promises is what is answered.

`API_EXAMPLES=200 python -m pytest tests/platform/api/test_openapi.py` looks longer.
"""

import os
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from coliseum.accounts.services import create_token
from coliseum.api import rates
from coliseum.competitions.services import entry_of
from tests.platform.api.test_people import things  # noqa: F401 - a fixture

EXAMPLES = int(os.environ.get("API_EXAMPLES", "3"))
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]


@schemathesis.serializer("application/toml")
def send_text(_, value: object) -> bytes:
    """Send what was generated for a file as it is: texts, and whatever else somebody may send."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


@pytest.fixture
def people(ann, eve, host, staff):
    """Return whom the things of the access table need."""
    return {"ann": ann, "eve": eve, "host": host, "staff": staff}


@pytest.fixture
def authorization(staff, things, monkeypatch):  # noqa: F811
    """Return the header of an administrator, who may call as often as it takes."""
    monkeypatch.setattr(rates, "WRITES", 10**6)
    monkeypatch.setattr(rates, "READS", 10**6)
    # The application is called inside the test's transaction, so its connection must stay open.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    _, secret = create_token(user=staff, name="t", scopes=["host", "submit"])
    yield {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


def answered(operation: Any, authorization: dict[str, str], places: dict[str, str]) -> None:
    """Send an operation what its description allows, mostly about real things, and check the answers."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), is_real=st.sampled_from([True, True, False]))
    def ask(case: Any, is_real: bool) -> None:
        if is_real:
            case.path_parameters |= {name: places[name] for name in case.path_parameters}
        before = transaction.savepoint()
        case.call_and_validate(headers=authorization, checks=CHECKS)
        transaction.savepoint_rollback(before)

    ask()


# WSGI alone has no way to wait for a streamed answer; the site is served by ASGI.
@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous iterators:Warning")
def test_answers_conform_to_the_description(authorization, things, competition, ann):  # noqa: F811
    places = things | {
        "team_id": entry_of(competition, ann).team_id,
        "phase_slug": "public-1",
        "name": "ladder",
        "username": "ann",
        "table": "seats",
        "index": "0",
        "arena_id": "connect_four-v3",
        "day": "2026-11-20",
    }
    names = []
    for found in schema.get_all_operations():
        operation = found.ok()
        answered(operation, authorization, places)
        names.append(operation.label)
    assert len(names) > 80
