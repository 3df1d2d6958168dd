"""The staff pages: open after a second factor, show no secret, change no result, and keep what was done."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import ForeignKey, ManyToManyField
from django.urls import reverse

from coliseum.accounts.models import SignInLink, Token, User
from coliseum.accounts.services import create_sign_in_link, create_token
from coliseum.competitions.models import Team
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.services import rate_phase
from coliseum.staff.second_factor import HOURS

MODELS = list(admin.site._registry)
WRITABLE = {User: {"change"}, Token: {"delete"}, SignInLink: {"delete"}, Authenticator: {"delete"}}
"""What may be done to which table; nothing to all others."""
CSRF = {"X-CSRFToken": "a" * 32}


def name_of(model, page):
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"


def use_second_factor(client, user, *, hours_ago=0.0):
    """Give a session what using a second factor leaves in it."""
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - hours_ago * 3600}]
    session.save()


@pytest.fixture
def desk(client_of, staff):
    """Return the browser of an administrator who used the second factor."""
    Authenticator.objects.create(user=staff, type=Authenticator.Type.TOTP, data={"secret": "s3cr3t-of-totp"})
    client = client_of(staff)
    use_second_factor(client, staff)
    client.cookies["csrftoken"] = "a" * 32
    return client


@pytest.fixture
def filled(match, ann, competition):
    """Fill the tables; return the secrets that no page may show."""
    token, secret = create_token(user=ann, name="t", scopes=["read"])
    create_sign_in_link(user=ann)
    rate_phase(phase=shown_phase(competition))
    link = SignInLink.objects.get()
    return [token.digest, secret, link.digest, competition.seed_secret, match.token, "s3cr3t-of-totp"]


def test_every_page_opens_and_shows_no_secret(desk, filled):
    for model in MODELS:
        row = model.objects.first()
        pages = [reverse(name_of(model, "changelist"))]
        if row is not None:
            pages.append(reverse(name_of(model, "change"), args=[row.pk]))
        for page in pages:
            answer = desk.get(page)
            assert (page, answer.status_code) == (page, 200)
            assert not [secret for secret in filled if secret and secret in answer.content.decode()]
            assert "script-src 'self'" in answer["Content-Security-Policy"].split("; ")


def test_nothing_is_written_here_but_what_the_table_says(desk, staff, filled):
    for model in MODELS:
        may = WRITABLE.get(model, set())
        # Not the administrator: a form without fields takes all rights away.
        row = model.objects.exclude(pk=staff.pk if model is User else None).first()
        acts = {"add": desk.get(reverse(name_of(model, "add"))).status_code}
        if row is not None:
            for act in ("change", "delete"):
                page = reverse(name_of(model, act), args=[row.pk])
                # Without `post=yes` deleting only asks; a change without fields is a bad form.
                acts[act] = desk.post(page, headers=CSRF).status_code
        refused = {act for act, status in acts.items() if status == 403}
        assert (model, refused) == (model, acts.keys() - may)


def test_who_owns_what_is_edited_nowhere(desk):
    for model, page in admin.site._registry.items():
        assert not page.inlines
        assert not page.list_editable
        if WRITABLE.get(model, set()) & {"add", "change"}:
            editable = set(page.fields) - set(page.readonly_fields)
            fields = [model._meta.get_field(name) for name in editable]
            owning = [
                field
                for field in fields
                if isinstance(field, ForeignKey | ManyToManyField) and field.related_model in (User, Team)
            ]
            assert not owning


@pytest.mark.parametrize("person", ["nobody", "ann", "host"])
def test_nobody_else_gets_in(client_of, ann, host, person, filled):
    client = client_of({"nobody": None, "ann": ann, "host": host}[person])
    for model in MODELS:
        page = reverse(name_of(model, "changelist"))
        answer = client.get(page, follow=person != "nobody")
        assert answer.status_code == (302 if person == "nobody" else 404)
    if person == "nobody":
        last = client.get("/staff/", follow=True)
        assert last.redirect_chain[-1][0] == "/sign-in?next=/staff/"


def test_an_administrator_without_a_second_factor_is_told_how_to_get_one(client_of, staff):
    answer = client_of(staff).get("/staff/", follow=True)
    assert answer.status_code == 403
    assert "/settings/security" in answer.content.decode()


@pytest.mark.parametrize("hours_ago", [None, HOURS + 1])
def test_a_second_factor_must_have_been_used_in_this_session(client_of, desk, staff, hours_ago):
    assert desk.get("/staff/").status_code == 200
    client = client_of(staff)
    if hours_ago:
        use_second_factor(client, staff, hours_ago=hours_ago)
    answer = client.get("/staff/accounts/user/", follow=True)
    assert answer.redirect_chain[-1][0] == "/sign-in/again/second?next=%2Fstaff%2Faccounts%2Fuser%2F"


def test_one_persons_second_factor_does_not_open_for_another(client_of, desk, staff, ann):
    ann.is_staff = ann.is_superuser = True
    ann.save()
    Authenticator.objects.create(user=ann, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client = client_of(ann)
    use_second_factor(client, staff)
    assert client.get("/staff/").status_code == 302


def test_staff_without_rights_see_nothing_and_make_nobody_staff(desk, staff, ann):
    User.objects.filter(pk=staff.pk).update(is_superuser=False)
    for model in MODELS:
        assert desk.get(reverse(name_of(model, "changelist"))).status_code == 403
    page = reverse(name_of(User, "change"), args=[ann.pk])
    assert desk.post(page, {"is_staff": "on"}, headers=CSRF).status_code == 403


def test_what_is_changed_is_kept_and_cannot_be_taken_back(desk, staff, ann):
    page = reverse(name_of(User, "change"), args=[ann.pk])
    assert desk.post(page, {"is_active": "on", "may_host": "on"}, headers=CSRF).status_code == 302
    ann.refresh_from_db()
    assert ann.may_host
    (kept,) = LogEntry.objects.all()
    assert (kept.user, kept.object_id) == (staff, str(ann.pk))
    assert "May host" in kept.get_change_message()
    for act in ("change", "delete"):
        address = reverse(name_of(LogEntry, act), args=[kept.pk])
        assert desk.post(address, {"post": "yes"}, headers=CSRF).status_code == 403


def test_the_staff_pages_have_no_form_for_passwords_of_their_own(desk):
    assert desk.get("/staff/password_change/")["Location"] == "/settings/password"
    assert desk.post("/staff/logout/", headers=CSRF)["Location"] == "/"
    assert desk.get("/staff/").status_code == 302
