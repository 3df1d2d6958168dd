"""The staff pages: they open for administrators, show no secret, and change no result."""

import pytest
from django.contrib import admin
from django.urls import reverse

from coliseum.accounts.models import SignInLink
from coliseum.accounts.services import create_sign_in_link, create_token
from coliseum.competitions.models import Act
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.models import RatingChange, Snapshot, Standing
from coliseum.leaderboards.services import rate_phase
from coliseum.matches.models import Episode, Match, Seat
from coliseum.submissions.models import Package, Submission

MODELS = [model for model in admin.site._registry if model.__module__.startswith("coliseum.")]
READ_ONLY = [Act, Episode, Match, Package, RatingChange, Seat, Snapshot, Standing, Submission]


@pytest.fixture
def filled(match, ann, competition):
    """Fill every table; return the secrets that no page may show."""
    token, secret = create_token(user=ann, name="t", scopes=["read"])
    create_sign_in_link(user=ann)
    rate_phase(phase=shown_phase(competition))
    link = SignInLink.objects.get()
    return [token.digest, secret, link.digest, competition.seed_secret, match.token]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_page_opens_and_shows_no_secret(client_of, staff, filled, model):
    client = client_of(staff)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    row = model.objects.first()
    pages = [reverse(f"{name}_changelist")]
    if row is not None:
        pages.append(reverse(f"{name}_change", args=[row.pk]))
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        assert not [secret for secret in filled if secret and secret in answer.content.decode()]


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model.__name__)
def test_results_cannot_be_changed(client_of, staff, filled, model):
    client = client_of(staff)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    row = model.objects.first()
    assert client.get(reverse(f"{name}_add")).status_code == 403
    client.cookies["csrftoken"] = "a" * 32
    header = {"X-CSRFToken": "a" * 32}
    if row is not None:
        for act in ("change", "delete"):
            answer = client.post(reverse(f"{name}_{act}", args=[row.pk]), {"post": "yes"}, headers=header)
            assert answer.status_code == 403


def test_nobody_else_gets_in(client_of, ann, host):
    for person in (None, ann, host):
        answer = client_of(person).get("/staff/")
        assert answer.status_code == 302
        assert "login" in answer["Location"]
