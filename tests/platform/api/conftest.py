"""A caller of the API: with a token, with a browser's session, or with nothing."""

import json
from collections.abc import Callable, Mapping
from socket import AF_INET, SOCK_STREAM

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from coliseum.accounts.models import User
from coliseum.accounts.services import create_token

ROOT = "/api/v1"


class Caller:
    """Sends requests as one person would."""

    def __init__(self, secret: str = "") -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.client.get(ROOT + path, headers=self.headers | headers)

    def post(self, path: str, body: object = None, **headers: str) -> HttpResponse:
        if body is None:
            return self.client.post(ROOT + path, headers=self.headers | headers)
        return self.send(path, json.dumps(body).encode(), **headers)

    def send(
        self, path: str, body: bytes, content_type: str = "application/json", **headers: str
    ) -> HttpResponse:
        return self.client.generic(
            "POST", ROOT + path, body, content_type=content_type, headers=self.headers | headers
        )

    def call(self, method: str, path: str, body: bytes = b"") -> HttpResponse:
        return self.client.generic(
            method.upper(), ROOT + path, body, content_type="application/json", headers=self.headers
        )

    def put(
        self, path: str, body: bytes, content_type: str = "application/toml", **headers: str
    ) -> HttpResponse:
        return self.client.put(ROOT + path, body, content_type=content_type, headers=self.headers | headers)

    def upload(
        self,
        content: bytes,
        file_name: str = "agent.py",
        *,
        slug: str = "c4",
        to: str = "submissions",
        headers: Mapping[str, str] | None = None,
        **fields: str,
    ) -> HttpResponse:
        return self.client.post(
            f"{ROOT}/competitions/{slug}/{to}",
            {"file": SimpleUploadedFile(file_name, content), **fields},
            headers=self.headers | dict(headers or {}),
        )


@pytest.fixture
def caller() -> Callable[..., Caller]:
    """Return a maker of callers: `caller(ann, "submit")`; without a person, a stranger."""

    def make(user: User | None = None, *scopes: str) -> Caller:
        if user is None:
            return Caller()
        return Caller(create_token(user=user, name="test", scopes=list(scopes) or ["read"])[1])

    return make


def refusal(response: HttpResponse) -> tuple[int, str, str]:
    """Return status, code and message, having checked the one error shape."""
    body = response.json()
    assert list(body) == ["error"]
    error = body["error"]
    assert set(error) == {"code", "message", "field", "fields", "hint", "docs", "request_id"}
    assert error["request_id"] == response["X-Request-Id"]
    assert response["Content-Type"] == "application/json"
    return response.status_code, error["code"], error["message"]


@pytest.fixture
def _names(monkeypatch):
    """Have every name lead to one public address; nothing is sent there."""

    def known(host, port, **_):
        return [(AF_INET, SOCK_STREAM, 6, "", ("93.184.216.34", port))]

    monkeypatch.setattr("coliseum.notices.targets.socket.getaddrinfo", known)
