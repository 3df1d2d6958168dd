"""The published description against the real doors: what it promises is what is answered."""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, settings

from coliseum.accounts.services import create_token
from coliseum.api import rates
from coliseum.api.urls import api
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
NAMES = sorted(
    operation["operationId"]
    for methods in api.get_openapi_schema()["paths"].values()
    for operation in methods.values()
)


@pytest.fixture
def described(match, host, monkeypatch):
    """Return the description, with the host's token and without a limit on the number of calls."""
    monkeypatch.setattr(rates, "WRITES", 10**6)
    monkeypatch.setattr(rates, "READS", 10**6)
    description = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    _, secret = create_token(user=host, name="t", scopes=["host", "submit"])
    return description, {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("name", NAMES)
def test_answers_conform_to_the_description(described, name):
    description, headers = described
    operation = description.include(operation_id=name)

    @operation.parametrize()
    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def call(case):
        case.call_and_validate(headers=headers, checks=CHECKS)

    for result in operation.get_all_operations():
        found = result.ok()
        found.as_strategy()
    call
