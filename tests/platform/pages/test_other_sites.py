"""Signing in with another site: the whole way there and back, with a real OpenID Connect server."""

import http.client
import re
import sys
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers import registry
from django.core import mail
from django.urls import clear_url_caches

from coliseum.accounts.models import User
from coliseum.providers import configured_providers
from tests.platform.accounts.identity import CLIENT, SECRET, open_provider
from tests.platform.pages.conftest import text_of

START = "/sign-in/with/oidc/oidc/login/"
GIL = {"sub": "gil-1", "email": "gil@example.org", "email_verified": True, "preferred_username": "gil"}
PASSWORD = "four words make sense"
URLS = "tests.platform.accounts.with_providers"


@pytest.fixture
def school(settings, monkeypatch):
    """Return a provider that the site is configured with, as by COLISEUM_OIDC_..."""
    with open_provider() as provider:
        provider.person = dict(GIL)
        told = {"CLIENT_ID": CLIENT, "SECRET": SECRET, "SERVER": provider.url, "NAME": "School"}
        for name, value in told.items():
            monkeypatch.setenv(f"COLISEUM_OIDC_{name}", value)
        settings.SOCIALACCOUNT_PROVIDERS = configured_providers()
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "allauth.socialaccount.providers.openid_connect"]
        registry.loaded = False
        registry.load()
        settings.ROOT_URLCONF = URLS
        yield provider
    registry.provider_map.pop("openid_connect")
    sys.modules.pop(URLS, None)
    clear_url_caches()


def visit(visitor, school, start=START):
    """Go to the other site by the button, say yes or no there, and come back; return the site's answer."""
    leaving = visitor.post(start)
    assert leaving.status_code == 302
    assert leaving["Location"].startswith(f"{school.url}/authorize?")
    parts = urlsplit(leaving["Location"])
    line = http.client.HTTPConnection(parts.netloc, timeout=10)
    line.request("GET", f"{parts.path}?{parts.query}")
    back = line.getresponse().headers["Location"]
    line.close()
    returned = urlsplit(back)
    assert returned.netloc == "testserver"
    return visitor.get(f"{returned.path}?{returned.query}")


def is_signed_in(visitor) -> str:
    key = visitor.client.session.get("_auth_user_id")
    return User.objects.get(pk=key).username if key else ""


def test_somebody_new_chooses_a_name_and_next_time_is_known(browser, db, school):
    visitor = browser()
    assert "School" in text_of(visitor.get("/sign-in"))
    answer = visit(visitor, school)
    assert answer["Location"] == "/sign-up/with"
    form = visitor.get("/sign-up/with")
    assert 'value="gil"' in form.content.decode()
    assert 'value="gil@example.org"' in form.content.decode()
    assert visitor.post("/sign-up/with", username="gil", email="gil@example.org").status_code == 302
    assert is_signed_in(visitor) == "gil"
    made = User.objects.get(username="gil")
    assert (made.email, made.has_usable_password()) == ("gil@example.org", False)
    assert SocialAccount.objects.get(user=made).uid == "gil-1"
    another = browser()
    assert visit(another, school)["Location"] == "/"
    assert is_signed_in(another) == "gil"
    assert User.objects.count() == 1
    assert school.asked.count("/token") == 2


def test_a_name_that_is_taken_or_looks_like_one_is_refused_there_too(browser, ann, school):
    visitor = browser()
    visit(visitor, school)
    for name in ("ann", "ANN", "administrator", "x", "<b>"):
        answer = visitor.post("/sign-up/with", username=name, email="gil@example.org")
        assert answer.status_code == 400
        assert 'id="id_username_error"' in answer.content.decode()
    assert User.objects.count() == 1


def test_an_account_is_linked_by_its_owner_and_signs_in_by_either(browser, ann, school):
    visitor = browser(ann)
    ann.set_password(PASSWORD)
    ann.save()
    visitor.client.force_login(ann)
    again = visit(visitor, school, f"{START}?process=connect")
    assert again["Location"].startswith("/sign-in/again")
    assert not SocialAccount.objects.exists()
    answer = visitor.post(again["Location"], password=PASSWORD)
    assert answer["Location"] == "/settings/connections"
    assert "School" in text_of(visitor.get("/settings/connections"))
    other = browser()
    visit(other, school)
    assert is_signed_in(other) == "ann"
    assert User.objects.count() == 1


def test_an_identity_of_somebody_else_is_not_taken_over(browser, ann, bob, school):
    SocialAccount.objects.create(user=bob, provider="oidc", uid="gil-1")
    ann.set_password(PASSWORD)
    ann.save()
    visitor = browser(ann)
    again = visit(visitor, school, f"{START}?process=connect")
    answer = visitor.post(again["Location"], password=PASSWORD)
    assert "already" in visitor.get(answer["Location"]).content.decode()
    assert SocialAccount.objects.get().user == bob
    assert is_signed_in(visitor) == "ann"


@pytest.mark.parametrize("sends_mail", [False, True])
def test_an_address_that_is_taken_opens_nobodys_account(browser, ann, school, settings, sends_mail):
    settings.SENDS_MAIL = sends_mail
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory" if sends_mail else "none"
    EmailAddress.objects.create(user=ann, email=ann.email, verified=True, primary=True)
    school.person = GIL | {"email": ann.email, "email_verified": False}
    visitor = browser()
    visit(visitor, school)
    answer = visitor.post("/sign-up/with", username="gil", email=ann.email)
    assert is_signed_in(visitor) != "ann"
    assert not SocialAccount.objects.filter(user=ann).exists()
    if sends_mail:
        assert answer.status_code == 302
        assert [message.to for message in mail.outbox] == [[ann.email]]
    # Nobody learns from the page that the address is known.
    assert "already" not in text_of(visitor.get(answer["Location"]) if answer.status_code == 302 else answer)


def test_who_says_no_there_is_told_so_and_may_try_again(browser, db, school):
    school.refuses = "access_denied"
    visitor = browser()
    answer = visit(visitor, school)
    assert answer["Location"] == "/sign-in/with/stopped"
    page = visitor.get(answer["Location"])
    assert page.status_code == 200
    assert "/sign-in" in page.content.decode()
    school.refuses = ""
    assert visit(visitor, school)["Location"] == "/sign-up/with"


@pytest.mark.parametrize(
    ("refuses", "garbles"), [("server_error", ""), ("", "/token"), ("", "/userinfo"), ("<script>", "")]
)
def test_an_error_or_nonsense_from_there_is_a_page_and_signs_nobody_in(browser, db, school, refuses, garbles):
    school.refuses, school.garbles = refuses, garbles
    visitor = browser()
    answer = visit(visitor, school)
    assert answer.status_code in {401, 503}
    assert "<script>" not in answer.content.decode()
    assert re.search("Back to sign in|auth.provider_failed", text_of(answer))
    assert not is_signed_in(visitor)
    assert not User.objects.exists()


def test_a_provider_that_is_away_is_a_page(browser, db, school):
    school.garbles = "/.well-known/openid-configuration"
    answer = browser().post(START)
    assert answer.status_code in {401, 503}
    assert re.search("Back to sign in|auth.provider_failed", text_of(answer))
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?code=x&state=y", "?state=" + "z" * 3000, "?code=%00&state=%00"]
)
def test_coming_back_without_having_left_signs_nobody_in(browser, db, school, query):
    visitor = browser()
    answer = visitor.get(f"/sign-in/with/oidc/oidc/login/callback/{query}")
    assert answer.status_code < 500
    assert not is_signed_in(visitor)
    assert not User.objects.exists()


def test_no_account_is_made_where_the_site_is_closed(browser, db, school, settings):
    settings.OPEN_SIGN_UP = False
    visitor = browser()
    answer = visit(visitor, school)
    assert "closed" in text_of(answer)
    assert not User.objects.exists()
