"""The published description against the real doors: what it promises is what is answered."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from coliseum.accounts.services import create_token
from coliseum.api import rates


@schemathesis.serializer("application/toml")
def send_text(_, value: object) -> bytes:
    """Send what was generated for a file as it is: texts, and whatever else somebody may send."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


@pytest.fixture
def authorization(match, host, monkeypatch):
    """Return the header of a host, who may call as often as it takes."""
    monkeypatch.setattr(rates, "WRITES", 10**6)
    monkeypatch.setattr(rates, "READS", 10**6)
    # The application is called inside the test's transaction, so its connection must stay open.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    _, secret = create_token(user=host, name="t", scopes=["host", "submit"])
    yield {"Authorization": f"Bearer {secret}"}
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@schema.parametrize()
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_answers_conform_to_the_description(case, authorization):
    case.call_and_validate(
        headers=authorization,
        checks=[
            not_a_server_error,
            content_type_conformance,
            response_schema_conformance,
            status_code_conformance,
        ],
    )
