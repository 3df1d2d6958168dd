"""Tokens and theme."""

import pytest
from allauth.account.models import EmailAddress

from coliseum.accounts.models import Token
from coliseum.accounts.queries import token_of as live_token
from tests.platform.pages.conftest import text_of


def test_a_token_is_shown_once(browser, ann):
    visitor = browser(ann)
    answer = visitor.post("/settings/tokens", name="my laptop", scope=["read", "submit"], days="90")
    assert answer.status_code == 201
    token = Token.objects.get()
    secret = next(
        word for word in text_of(answer).split() if word.startswith(token.prefix) and "…" not in word
    )
    assert live_token(secret) == token
    assert token.expires_at is not None
    assert secret not in visitor.get("/settings/tokens").content.decode()
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "x", "days": "90"},
        {"name": "x", "scope": ["everything"], "days": "90"},
        {"name": "", "scope": ["read"], "days": "90"},
        {"name": "x", "scope": ["read"], "days": "99999"},
        {"name": "x", "scope": ["read"], "days": "90", "competition": "no-such-cup"},
        {"name": "x", "scope": ["read"], "days": "90", "competition": "../../etc"},
    ],
)
def test_a_bad_token_is_refused_beside_the_field(browser, ann, fields):
    answer = browser(ann).post("/settings/tokens", **fields)
    assert answer.status_code in (400, 404)
    assert "_error" in answer.content.decode()
    assert not Token.objects.exists()


def test_a_token_may_be_for_one_competition(browser, ann, competition, draft):
    visitor = browser(ann)
    fields = {"name": "ci", "scope": ["submit"], "days": "90"}
    assert visitor.post("/settings/tokens", **fields, competition=draft.slug).status_code == 404
    answer = visitor.post("/settings/tokens", **fields, competition="c4")
    assert answer.status_code == 201
    assert Token.objects.get().competition == "c4"
    assert "in c4 only" in text_of(answer)


def test_a_revoked_token_is_dead_and_said_so(browser, ann):
    visitor = browser(ann)
    visitor.post("/settings/tokens", name="old", scope=["read"], days="0")
    token = Token.objects.get()
    visitor.post(f"/settings/tokens/{token.pk}/revoke")
    assert "revoked" in text_of(visitor.get("/settings/tokens"))


def test_the_overview_says_how_somebody_signs_in(browser, ann):
    EmailAddress.objects.create(user=ann, email="ann@example.org", verified=False, primary=True)
    page = text_of(browser(ann).get("/settings/"))
    assert "ann@example.org, not confirmed" in page
    assert "Second factor none" in page
    assert "API tokens 0" in page


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
