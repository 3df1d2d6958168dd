"""Device login: a program shows a code, a person says yes, the program gets a token."""

from urllib.parse import urlencode

import pytest
from allauth.idp.oidc.internal.oauthlib import device_codes
from django.test import Client

from coliseum.accounts.models import Token
from coliseum.accounts.queries import token_of as live_token
from tests.platform.pages.conftest import text_of

GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class Program:
    """Something without a browser: no cookies, no CSRF token."""

    def __init__(self):
        self._client = Client(enforce_csrf_checks=True)

    def post(self, address, fields):
        return self._client.post(address, urlencode(fields), "application/x-www-form-urlencoded")


@pytest.fixture
def program(db):
    return Program()


@pytest.fixture
def codes(program):
    """Return the pair of codes that a program got."""
    asked = {"client_id": "coliseum-cli", "scope": "read submit"}
    return program.post("/device/code", asked).json()


def ask_again(program, codes):
    fields = {"client_id": "coliseum-cli", "device_code": codes["device_code"], "grant_type": GRANT}
    return program.post("/device/token", fields | {"name": "ann's laptop"})


def test_a_program_gets_a_token_once_the_person_said_yes(browser, program, codes, ann):
    assert codes["verification_uri"].endswith("/device")
    assert ask_again(program, codes).json()["error"] == "authorization_pending"
    visitor = browser(ann)
    page = visitor.get(f"/device?code={codes['user_code']}")
    assert "submit agents" in text_of(page)
    assert visitor.post(f"/device?code={codes['user_code']}", action="confirm").status_code == 200
    codes_poll_at_once(codes)
    answer = ask_again(program, codes)
    assert answer["Cache-Control"] == "no-store"
    token = live_token(answer.json()["access_token"])
    assert (token.user, token.name, token.scopes) == (ann, "ann's laptop", ["read", "submit"])
    assert token.expires_at is not None
    assert ask_again(program, codes).json()["error"] == "invalid_grant"


def codes_poll_at_once(codes):
    """Forget when the program asked last: it would be told to slow down."""
    data = device_codes.cache.get(device_codes.cache_device_code_key(codes["device_code"]))
    device_codes.update_device_state(codes["device_code"], data | {"last_poll_at": 0})


def test_no_gives_nothing(browser, program, codes, ann):
    browser(ann).post(f"/device?code={codes['user_code']}", action="deny")
    assert ask_again(program, codes).json()["error"] == "access_denied"
    assert not Token.objects.exists()


def test_a_program_that_asks_too_often_is_told_to_slow_down(program, codes):
    ask_again(program, codes)
    assert ask_again(program, codes).json()["error"] == "slow_down"


def test_nobody_elses_page_can_say_yes(client_of, program, codes, ann):
    answer = client_of(ann).post(f"/device?code={codes['user_code']}", {"action": "confirm"})
    assert answer.status_code == 403
    assert ask_again(program, codes).json()["error"] == "authorization_pending"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"client_id": "somebody"}, "invalid_request"),
        ({"client_id": "coliseum-cli", "scope": "everything"}, "invalid_scope"),
        ({}, "invalid_request"),
    ],
)
def test_a_program_nobody_knows_gets_no_code(program, db, fields, error):
    answer = program.post("/device/code", fields)
    assert (answer.status_code // 100, answer.json()["error"]) == (4, error)


@pytest.mark.parametrize(
    "grant", ["password", "authorization_code", "client_credentials", "refresh_token", ""]
)
def test_there_is_no_other_way_to_a_token(program, codes, grant):
    fields = {"client_id": "coliseum-cli", "grant_type": grant, "username": "ann", "password": "x"}
    answer = program.post("/device/token", fields)
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")
