"""The demo: an arena that cannot be played here now is left out, and the others are there."""

import dataclasses

import pytest

from coliseum.competitions.models import Competition
from coliseum.league import demo

pytestmark = pytest.mark.django_db


def test_an_arena_that_is_gone_costs_its_own_competition_alone(monkeypatch, caplog):
    known = next(wanted for wanted in demo.DEMO if wanted.arena == "connect_four-v3")
    gone = dataclasses.replace(known, slug="gone", arena="gone-v1")
    monkeypatch.setattr(demo, "DEMO", (gone, known))
    assert [made.slug for made in demo.create_demo()] == [known.slug]
    assert list(Competition.objects.values_list("slug", flat=True)) == [known.slug]
    assert "demo_left_out" in caplog.text
