"""Signing in, making an account, a lost password: by browser, without JavaScript."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail

from coliseum.accounts.models import SignInLink, User
from coliseum.accounts.services import create_sign_in_link
from tests.platform.pages.conftest import text_of

PASSWORD = "four words make sense"
LIMIT = 10


@pytest.fixture(autouse=True)
def _quick_hashing(settings):
    """Spare the tests the slowness that real password hashes have on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def with_mail(settings):
    """Let the site send mail, as with COLISEUM_EMAIL_HOST."""
    settings.SENDS_MAIL = True
    settings.ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False


@pytest.fixture
def ann(ann):
    """Return ann, with a password and a confirmed address."""
    ann.set_password(PASSWORD)
    ann.save()
    EmailAddress.objects.create(user=ann, email=ann.email, verified=True, primary=True)
    return ann


def is_signed_in(visitor) -> bool:
    return "_auth_user_id" in visitor.client.session


def links_of(message) -> list[str]:
    return re.findall(r"https?://\S+", message.body)


@pytest.mark.parametrize("login", ["ann", "ANN", "ann@example.org"])
def test_the_right_password_signs_in_and_goes_on(browser, ann, login):
    visitor = browser()
    answer = visitor.post("/sign-in", login=login, password=PASSWORD, next="/competitions/")
    assert (answer.status_code, answer["Location"]) == (302, "/competitions/")
    assert is_signed_in(visitor)
    assert visitor.post("/sign-out").status_code == 302
    assert not is_signed_in(visitor)


def test_signing_in_gives_the_session_a_new_key(browser, ann):
    visitor = browser()
    visitor.client.session.save()
    before = visitor.client.session.session_key
    visitor.post("/sign-in", login="ann", password=PASSWORD)
    assert visitor.client.session.session_key != before
    cookie = visitor.client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize(
    "next_address",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\e", "http://127.0.0.1/"],
)
def test_signing_in_never_leads_to_another_site(browser, ann, next_address):
    answer = browser().post("/sign-in", login="ann", password=PASSWORD, next=next_address)
    assert answer["Location"] == "/"


def test_unknown_names_and_wrong_passwords_get_the_same_answer(browser, ann):
    answers = []
    for name in ("ann", "nobody", "ann@example.org", "nobody@example.org"):
        answer = browser().post("/sign-in", login=name, password="wrong")
        assert answer.status_code == 400
        answers.append(text_of(answer))
    assert len(set(answers)) == 1
    assert "auth.bad_credentials" in answers[0]


@pytest.mark.parametrize("name", ["ann", "nobody", "nobody@example.org"])
def test_unknown_names_cost_as_much_hashing_as_wrong_passwords(browser, ann, monkeypatch, name):
    hashed = []
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, password, salt: hashed.append(1) or "md5$s$x"
    )
    browser().post("/sign-in", login=name, password="wrong")
    assert hashed == [1]


@pytest.mark.parametrize("name", ["ann", "nobody-at-all"])
def test_b73_too_many_attempts_are_refused_for_known_and_unknown_names(browser, ann, name):
    for _ in range(LIMIT):
        assert browser().post("/sign-in", login=name, password="wrong").status_code == 400
    answer = browser().post("/sign-in", login=name, password=PASSWORD)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "Too many attempts. Try again in 15 minutes." in text_of(answer)
    assert "auth.too_many_attempts" in text_of(answer)
    assert browser().post("/sign-in", login="eve", password="wrong").status_code == 400


def test_b73_an_address_that_tries_many_names_is_refused(browser, ann):
    for number in range(30):
        browser().post("/sign-in", login=f"name{number}", password="x")
    assert browser().post("/sign-in", login="ann", password=PASSWORD).status_code == 429


def test_a_barred_account_cannot_sign_in(browser, ann):
    ann.is_active = False
    ann.save()
    visitor = browser()
    answer = visitor.post("/sign-in", login="ann", password=PASSWORD)
    assert answer["Location"] == "/sign-in/closed"
    assert not is_signed_in(visitor)


@pytest.mark.parametrize(
    "fields", [{}, {"login": "a\0b", "password": "x"}, {"login": "x" * 5000, "password": "y"}]
)
def test_a_form_that_cannot_be_read_is_refused(browser, db, fields):
    assert browser().post("/sign-in", **fields).status_code == 400


def test_somebody_new_makes_an_account_and_is_signed_in(browser, db):
    visitor = browser()
    answer = visitor.post("/sign-up", username="gil", password1=PASSWORD, next="/arenas/")
    assert (answer.status_code, answer["Location"]) == (302, "/arenas/")
    assert is_signed_in(visitor)
    assert User.objects.get(username="gil").check_password(PASSWORD)


def test_a_site_may_be_closed_to_new_accounts(browser, db, settings):
    settings.OPEN_SIGN_UP = False
    answer = browser().post("/sign-up", username="gil", password1=PASSWORD)
    assert "closed" in text_of(answer)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("username", "password", "words"),
    [
        ("ANN", PASSWORD, "[name.taken]"),
        ("anN", PASSWORD, "[name.taken]"),
        ("x", PASSWORD, "[name.length]"),
        ("y" * 41, PASSWORD, "[name.length]"),
        ("\u0430nn", PASSWORD, "[name.characters]"),
        ("<b>gil</b>", PASSWORD, "[name.characters]"),
        ("Administrator", PASSWORD, "[name.taken]"),
        ("gil", "short", "at least 10 characters"),
        ("gil", "password1234", "too common"),
        ("a-good-long-name", "a-good-long-name", "too similar"),
    ],
)
def test_a_bad_account_is_refused_beside_the_field(browser, ann, username, password, words):
    answer = browser().post("/sign-up", username=username, password1=password)
    assert answer.status_code == 400
    field = "username" if password == PASSWORD else "password1"
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert words in text_of(answer)
    assert User.objects.count() == 1


def test_an_address_is_asked_for_and_confirmed_where_the_site_sends_mail(browser, db, with_mail):
    visitor = browser()
    assert visitor.post("/sign-up", username="gil", password1=PASSWORD).status_code == 400
    answer = visitor.post("/sign-up", username="gil", email="gil@example.org", password1=PASSWORD)
    assert answer["Location"] == "/sign-up/confirm"
    assert not is_signed_in(visitor)
    (message,) = mail.outbox
    assert message.to == ["gil@example.org"]
    link = next(link for link in links_of(message) if "/sign-up/confirm/" in link)
    page = visitor.get(link.removeprefix("http://localhost:8000"))
    assert "gil@example.org" in text_of(page)
    assert visitor.post(link.removeprefix("http://localhost:8000")).status_code == 302
    assert EmailAddress.objects.get(user__username="gil").verified
    assert is_signed_in(visitor)


def test_b74_a_known_address_gets_the_same_page_and_its_owner_is_told(browser, ann, with_mail):
    answers = []
    for email in ("new@example.org", "ann@example.org"):
        visitor = browser()
        answer = visitor.post("/sign-up", username="gil", email=email, password1=PASSWORD)
        answers.append((answer.status_code, answer["Location"], text_of(visitor.get(answer["Location"]))))
        User.objects.filter(username="gil").delete()
    assert answers[0][:2] == answers[1][:2]
    assert answers[0][2].replace("new@", "ann@") == answers[1][2]
    told = mail.outbox[1]
    assert told.to == ["ann@example.org"]
    assert "already" in told.body


def test_an_account_without_an_address_still_signs_in_when_the_site_sends_mail(browser, with_mail, db):
    User.objects.create_user(username="old", password=PASSWORD)
    visitor = browser()
    visitor.post("/sign-in", login="old", password=PASSWORD)
    assert is_signed_in(visitor)


def test_a_mail_server_that_is_away_is_said_so(browser, ann, with_mail, monkeypatch):
    def refuse(self, fail_silently=False):
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    answer = browser().post("/sign-in/lost", email="ann@example.org")
    assert answer.status_code == 503
    assert "mail.unreachable" in text_of(answer)


def test_a_lost_password_is_made_anew_by_mail(browser, ann, with_mail):
    visitor = browser()
    answers = [visitor.post("/sign-in/lost", email=email) for email in ("ann@example.org", "no@example.org")]
    assert {answer["Location"] for answer in answers} == {"/sign-in/lost/sent"}
    link = next(link for link in links_of(mail.outbox[0]) if "/sign-in/lost/" in link)
    form = visitor.get(link.removeprefix("http://localhost:8000"))
    assert form["Location"].endswith("/set-password")
    new = "another four words here"
    done = visitor.post(form["Location"], password1=new, password2=new)
    assert done.status_code == 302
    ann.refresh_from_db()
    assert ann.check_password(new)
    again = visitor.get(link.removeprefix("http://localhost:8000"))
    assert "password" in text_of(again)
    assert again.status_code == 200


@pytest.mark.parametrize("address", ["/sign-in/lost", "/sign-up"])
def test_mails_name_the_site_whatever_host_was_asked(browser, ann, with_mail, settings, address):
    settings.ALLOWED_HOSTS = ["*"]
    visitor = browser()
    visitor.client.defaults["HTTP_HOST"] = "evil.example"
    visitor.post(address, email="ann@example.org", username="gil", password1=PASSWORD)
    (message,) = mail.outbox
    assert links_of(message)
    assert all(link.startswith("http://localhost:8000/") for link in links_of(message))
    assert "evil" not in f"{message.subject} {message.body}"


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


def test_who_came_by_link_may_set_a_password_at_once(browser, ann):
    visitor = browser()
    visitor.post(create_sign_in_link(user=ann).removeprefix("http://localhost:8000"))
    ann.set_unusable_password()
    ann.save()
    visitor.client.force_login(ann)
    new = "another four words here"
    assert visitor.post("/settings/password/first", password1=new, password2=new).status_code == 302
    ann.refresh_from_db()
    assert ann.check_password(new)


def signed_in(browser, name):
    visitor = browser()
    visitor.post("/sign-in", login=name, password=PASSWORD)
    return visitor


def test_other_browsers_are_seen_and_signed_out(browser, ann, eve):
    eve.set_password(PASSWORD)
    eve.save()
    here, there, hers = (signed_in(browser, name) for name in ("ann", "ann", "eve"))
    page = text_of(here.get("/settings/sessions"))
    assert "(this one)" in page
    other = UserSession.objects.get(session_key=there.client.session.session_key)
    foreign = UserSession.objects.get(session_key=hers.client.session.session_key)
    assert here.post("/settings/sessions/end", session=str(foreign.pk)).status_code == 404
    assert here.post("/settings/sessions/end", session=str(other.pk)).status_code == 302
    assert there.get("/settings/").status_code == 302
    assert here.get("/settings/").status_code == 200
    assert hers.get("/settings/").status_code == 200


@pytest.mark.parametrize("listed", [True, False])
def test_all_other_browsers_are_signed_out_at_once(browser, ann, listed):
    here, there = browser(ann), browser(ann)
    if not listed:
        UserSession.objects.filter(session_key=there.client.session.session_key).delete()
    assert here.post("/settings/sessions/end", session="others").status_code == 302
    assert there.get("/settings/").status_code == 302
    assert here.get("/settings/").status_code == 200


@pytest.mark.parametrize("session", ["", "x", "-1", "1" * 40, "1 OR 1=1"])
def test_a_session_that_is_none_is_refused(browser, ann, session):
    assert browser(ann).post("/settings/sessions/end", session=session).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/settings/", "/settings/email", "/settings/security", "/settings/sessions", "/settings/tokens"],
)
def test_private_pages_are_kept_by_no_cache(browser, ann, address):
    assert "no-store" in browser(ann).get(address)["Cache-Control"]
