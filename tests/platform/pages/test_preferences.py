"""Tokens and theme."""

import pytest

from coliseum.accounts.models import Token
from coliseum.accounts.queries import token_of as live_token
from tests.platform.pages.conftest import text_of


def test_a_token_is_shown_once(browser, ann):
    visitor = browser(ann)
    answer = visitor.post("/settings/", name="my laptop", scope=["read", "submit"], days="90")
    assert answer.status_code == 201
    token = Token.objects.get()
    secret = next(
        word for word in text_of(answer).split() if word.startswith(token.prefix) and "…" not in word
    )
    assert live_token(secret) == token
    assert token.expires_at is not None
    assert secret not in visitor.get("/settings/").content.decode()
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "x", "days": "90"},
        {"name": "x", "scope": ["everything"], "days": "90"},
        {"name": "", "scope": ["read"], "days": "90"},
        {"name": "x", "scope": ["read"], "days": "99999"},
    ],
)
def test_a_bad_token_is_refused_beside_the_field(browser, ann, fields):
    answer = browser(ann).post("/settings/", **fields)
    assert answer.status_code == 400
    assert "_error" in answer.content.decode()
    assert not Token.objects.exists()


def test_a_revoked_token_is_dead_and_said_so(browser, ann):
    visitor = browser(ann)
    visitor.post("/settings/", name="old", scope=["read"], days="0")
    token = Token.objects.get()
    visitor.post(f"/settings/tokens/{token.pk}/revoke")
    assert "revoked" in text_of(visitor.get("/settings/"))


def test_the_theme_is_kept_in_a_cookie(browser, db):
    visitor = browser()
    answer = visitor.post("/theme", theme="dark", next="/arenas/")
    assert answer["Location"] == "/arenas/"
    assert 'data-theme="dark"' in visitor.get("/arenas/").content.decode()
    assert visitor.post("/theme", theme="pink").status_code == 400


def test_a_nonsense_theme_cookie_is_ignored(browser, db):
    visitor = browser()
    visitor.client.cookies["theme"] = '"><script>'
    assert 'data-theme="auto"' in visitor.get("/").content.decode()
