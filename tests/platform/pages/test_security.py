"""Second factors, and saying again who it is before something that matters."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time

from coliseum.accounts.models import Token
from coliseum.accounts.services import create_sign_in_link
from tests.platform.pages.conftest import text_of

PASSWORD = "four words make sense"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _quick_hashing(settings):
    """Spare the tests the slowness that real password hashes have on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ann(ann):
    """Return ann, with a password."""
    ann.set_password(PASSWORD)
    ann.save()
    return ann


@pytest.fixture
def app(ann):
    """Give ann an authenticator app; return a way to read its code."""
    TOTP.activate(ann, SECRET)
    return code_of


def code_of(secret=SECRET):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def is_signed_in(visitor) -> bool:
    return "_auth_user_id" in visitor.client.session


def test_the_secret_of_an_app_is_not_readable_in_the_database(ann, app):
    kept = Authenticator.objects.get(user=ann)
    assert SECRET not in str(kept.data)
    assert kept.wrap().validate_code(app())


def test_signing_in_asks_for_the_code_of_the_app(browser, ann, app):
    visitor = browser()
    assert visitor.post("/sign-in", login="ann", password=PASSWORD)["Location"] == "/sign-in/second"
    assert not is_signed_in(visitor)
    assert visitor.post("/sign-in/second", code="000000").status_code == 400
    code = app()
    assert visitor.post("/sign-in/second", code=code).status_code == 302
    assert is_signed_in(visitor)
    again = browser()
    again.post("/sign-in", login="ann", password=PASSWORD)
    assert again.post("/sign-in/second", code=code).status_code == 400


def test_codes_cannot_be_guessed(browser, ann, app):
    visitor = browser()
    visitor.post("/sign-in", login="ann", password=PASSWORD)
    answers = [visitor.post("/sign-in/second", code=f"{number:06}") for number in range(12)]
    assert answers[-1].status_code == 429 or "Too many" in text_of(answers[-1])
    visitor.post("/sign-in/second", code=app())
    assert not is_signed_in(visitor)


def test_a_recovery_code_lets_in_once(browser, ann, app):
    owner = browser()
    owner.post(create_sign_in_link(user=ann).removeprefix("http://localhost:8000"))
    owner.post("/settings/security/codes/new")
    code = text_of(owner.get("/settings/security/codes")).split("Unused codes ")[1].split()[0]
    for expected in (True, False):
        visitor = signed_in(browser)
        visitor.post("/sign-in/second", code=code)
        assert is_signed_in(visitor) is expected


def signed_in(browser):
    visitor = browser()
    visitor.post("/sign-in", login="ann", password=PASSWORD)
    return visitor


GUARDED = [
    ("/settings/email", {"action_add": "", "email": "ann2@example.org"}),
    ("/settings/security/app", {"code": "123456"}),
    ("/settings/security/passkeys/add", {"name": "x", "credential": "{}"}),
    ("/settings/tokens", {"name": "x", "scope": "read", "days": "90"}),
]


@pytest.mark.parametrize(("address", "fields"), GUARDED)
def test_what_matters_asks_again_who_it_is(browser, ann, address, fields):
    visitor = browser(ann)
    answer = visitor.post(address, **fields)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/again?next=")


def test_a_token_that_was_being_made_is_made_after_saying_again_who_it_is(browser, ann):
    visitor = browser(ann)
    asked = visitor.post("/settings/tokens", name="laptop", scope=["read"], days="90")
    assert visitor.post(asked["Location"], password="wrong", next="/settings/tokens").status_code == 400
    answer = visitor.post("/sign-in/again", password=PASSWORD, next="/settings/tokens")
    assert Token.objects.get().name == "laptop"
    assert "Copy the token now" in text_of(answer)
    assert visitor.post("/settings/tokens", name="second", scope=["read"], days="90").status_code == 201


def test_saying_who_it_is_counts_for_a_quarter_of_an_hour(browser, ann, monkeypatch):
    visitor = signed_in(browser)
    visitor.post("/sign-in/again", password=PASSWORD, next="/settings/tokens")
    fields = {"name": "t", "scope": ["read"], "days": "90"}
    assert visitor.post("/settings/tokens", **fields).status_code == 201
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 16 * 60)
    assert visitor.post("/settings/tokens", **fields).status_code == 302


def test_guessing_the_password_of_an_open_browser_is_limited(browser, ann):
    visitor = browser(ann)
    answers = [visitor.post("/sign-in/again", password="wrong").status_code for _ in range(11)]
    assert answers[:10] == [400] * 10
    assert answers[10] == 429


def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(browser, ann):
    here, there = signed_in(browser), signed_in(browser)
    new = "another four words here"
    wrong = here.post("/settings/password", oldpassword="wrong", password1=new, password2=new)
    assert wrong.status_code == 400
    right = here.post("/settings/password", oldpassword=PASSWORD, password1=new, password2=new)
    assert right.status_code == 302
    assert here.get("/settings/").status_code == 200
    assert there.get("/settings/").status_code == 302


def test_who_lost_the_second_factor_removes_it_after_coming_by_link(browser, ann, app):
    visitor = browser()
    visitor.post(create_sign_in_link(user=ann).removeprefix("http://localhost:8000"))
    assert visitor.post("/settings/security/app/remove").status_code == 302
    assert not Authenticator.objects.filter(user=ann).exists()


def test_an_app_is_set_up_with_its_code(browser, ann):
    visitor = browser()
    visitor.post(create_sign_in_link(user=ann).removeprefix("http://localhost:8000"))
    page = visitor.get("/settings/security/app").content.decode()
    secret = visitor.client.session["mfa.totp.secret"]
    assert secret in page
    assert visitor.post("/settings/security/app", code="000000").status_code == 400
    assert visitor.post("/settings/security/app", code=code_of(secret)).status_code == 302
    assert Authenticator.objects.filter(user=ann, type="totp").exists()


@pytest.mark.parametrize("credential", ["", "{}", "nonsense", "[1]", '{"id": "x", "type": "public-key"}'])
def test_a_passkey_that_is_none_is_refused(browser, ann, credential):
    visitor = browser()
    visitor.get("/sign-in/passkey")
    answer = visitor.post("/sign-in/passkey", credential=credential)
    assert answer.status_code in (302, 400)
    assert not is_signed_in(visitor)
