"""Signing in, up and out by browser."""

import pytest

from coliseum.accounts.models import SignInLink, User
from coliseum.accounts.services import create_sign_in_link
from coliseum.pages.attempts import PER_ACCOUNT, PER_ADDRESS
from tests.platform.pages.conftest import text_of

PASSWORD = "four words make sense"


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


def is_signed_in(visitor) -> bool:
    return "_auth_user_id" in visitor.client.session


def test_the_right_password_signs_in_and_goes_on(browser, ann):
    visitor = browser()
    answer = visitor.post("/sign-in", username="ann", password=PASSWORD, next="/competitions/")
    assert (answer.status_code, answer["Location"]) == (302, "/competitions/")
    assert is_signed_in(visitor)
    assert visitor.post("/sign-out").status_code == 302
    assert not is_signed_in(visitor)


@pytest.mark.parametrize(
    "next_address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\e"]
)
def test_signing_in_never_leads_to_another_site(browser, ann, next_address):
    answer = browser().post("/sign-in", username="ann", password=PASSWORD, next=next_address)
    assert answer["Location"] == "/"


def test_unknown_names_and_wrong_passwords_get_the_same_answer(browser, ann):
    answers = []
    for name in ("ann", "nobody"):
        answer = browser().post("/sign-in", username=name, password="wrong")
        assert answer.status_code == 400
        answers.append(text_of(answer))
    assert answers[0] == answers[1]
    assert "auth.bad_credentials" in answers[0]


@pytest.mark.parametrize("name", ["ann", "nobody-at-all"])
def test_b73_too_many_attempts_are_refused_for_known_and_unknown_names(browser, ann, name):
    for _ in range(PER_ACCOUNT):
        assert browser().post("/sign-in", username=name, password="wrong").status_code == 400
    answer = browser().post("/sign-in", username=name, password=PASSWORD)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "Too many attempts. Try again in 15 minutes." in text_of(answer)
    assert browser().post("/sign-in", username="eve", password="wrong").status_code == 400


def test_b73_an_address_that_tries_many_names_is_refused(browser, ann):
    for number in range(PER_ADDRESS):
        browser().post("/sign-in", username=f"name{number}", password="x")
    assert browser().post("/sign-in", username="ann", password=PASSWORD).status_code == 429


def test_a_barred_account_cannot_sign_in(browser, ann):
    ann.is_active = False
    ann.save()
    assert browser().post("/sign-in", username="ann", password=PASSWORD).status_code == 400


@pytest.mark.parametrize(
    "fields", [{}, {"username": "a\0b", "password": "x"}, {"username": "x" * 5000, "password": "y"}]
)
def test_a_form_that_cannot_be_read_is_a_failed_attempt(browser, db, fields):
    assert browser().post("/sign-in", **fields).status_code == 400


def test_somebody_new_makes_an_account_and_is_signed_in(browser, db):
    visitor = browser()
    answer = visitor.post("/sign-up", username="gil", password=PASSWORD, next="/arenas/")
    assert (answer.status_code, answer["Location"]) == (302, "/arenas/")
    assert is_signed_in(visitor)
    assert User.objects.get(username="gil").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("username", "password", "status", "code"),
    [
        ("ANN", PASSWORD, 409, "name.taken"),
        ("x", PASSWORD, 400, "name.length"),
        ("y" * 41, PASSWORD, 400, "name.length"),
        ("\u0430nn", PASSWORD, 400, "name.characters"),
        ("<b>gil</b>", PASSWORD, 400, "name.characters"),
        ("gil", "short", 400, "request.bad_field"),
        ("gil", "password1234", 400, "request.bad_field"),
        ("a-good-long-name", "a-good-long-name", 400, "request.bad_field"),
    ],
)
def test_a_bad_account_is_refused_beside_the_field(browser, ann, username, password, status, code):
    answer = browser().post("/sign-up", username=username, password=password)
    assert answer.status_code == status
    field = "username" if code.startswith("name") else "password"
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert f"[{code}]" in text_of(answer)
    assert User.objects.count() == 1


def test_looking_at_a_sign_in_link_does_not_use_it_up(browser, ann):
    address = create_sign_in_link(user=ann).removeprefix("http://localhost:8000")
    for _ in range(3):
        assert browser().get(address).status_code == 200
    assert SignInLink.objects.get().used_at is None
    visitor = browser()
    assert visitor.post(address).status_code == 302
    assert is_signed_in(visitor)
    assert browser().post(address).status_code == 404


@pytest.mark.parametrize("secret", ["nonsense", "a%00b", "x" * 3000])
def test_a_sign_in_link_that_is_none_is_refused(browser, db, secret):
    answer = browser().post(f"/sign-in/link/{secret}")
    assert answer.status_code == 404
    assert secret[:20] not in text_of(answer)
