"""Integrity pages: what hosts see of the monitor, and the form that takes a match out of the ratings."""

import pytest

from coliseum import clock
from coliseum.competitions.models import Act
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.models import Plot
from coliseum.matches.models import Audit, Match
from coliseum.matches.services import Plan, schedule_matches
from tests.platform.pages.conftest import text_of
from workers.spec import MatchKind

PAGE = "/competitions/c4/host/integrity"


def test_before_the_monitor_has_looked_the_page_says_so(browser, host, competition):
    assert "Not looked at yet" in text_of(browser(host).get(PAGE))


def test_findings_are_sentences_with_names(browser, host, match):
    first, second = (seat.submission for seat in match.seats.all())
    Plot.objects.create(
        phase=shown_phase(match.competition),
        name="monitor",
        computed_at=clock.now(),
        content={
            "matches": 30,
            "pairs": [
                {"agents": [first.pk, second.pk], "episodes": 16.0, "points": 16.0, "expected": 5.6, "z": 5.1}
            ],
            "forfeits": [
                {"agent": first.pk, "agents": [second.pk], "forfeits": 9, "episodes": 10, "chance": 1e-6}
            ],
            "moved": [
                {"agents": [first.pk], "agent": second.pk, "rank": 9, "rank_without": 13, "elo": -70.0}
            ],
            "clones": [{"why": "code", "agents": [first.pk, second.pk], "first": first.pk}],
        },
    )
    text = text_of(browser(host).get(PAGE))
    assert f"{first} took 100 % of 16 episodes from {second}; the ratings promise 35 % (5.1 " in text
    assert (
        f"{first} forfeited 9 of 10 episodes against {second}; by chance once in 1,000,000 leagues." in text
    )
    assert f"Without {first}, {second} would be number 13 instead of 9." in text
    assert f"{first}, {second}: same code; {first} came first." in text


def test_a_host_voids_and_restores_a_match_from_its_page(browser, host, match):
    client = browser(host)
    assert "Void this match" in text_of(client.get(f"/matches/{match.pk}/"))
    client.post(f"/matches/{match.pk}/count", to="void", reason="The rules were wrong.")
    text = text_of(client.get(f"/matches/{match.pk}/"))
    assert "kept out of the ratings" in text
    assert "Restore this match" in text
    assert not Match.objects.get(pk=match.pk).is_counted
    act = Act.objects.filter(competition=match.competition).first()
    assert (act.verb, act.reason) == ("voided", "The rules were wrong.")
    assert match.seats.first().submission.name in text_of(client.get(PAGE))
    client.post(f"/matches/{match.pk}/count", to="restore", reason="They were right.")
    assert Match.objects.get(pk=match.pk).is_counted


@pytest.mark.parametrize("posted", [{"to": "void", "reason": " "}, {"to": "delete", "reason": "x"}, {}])
def test_a_void_without_reason_or_direction_is_refused(browser, host, match, posted):
    assert browser(host).post(f"/matches/{match.pk}/count", **posted).status_code == 400
    assert Match.objects.get(pk=match.pk).is_counted


def test_others_see_that_a_match_is_not_rated_but_no_form(browser, eve, match):
    Match.objects.filter(pk=match.pk).update(is_counted=False)
    text = text_of(browser(eve).get(f"/matches/{match.pk}/"))
    assert "kept out of the ratings" in text
    assert "Restore" not in text


def test_the_page_of_a_match_tells_what_its_audit_found(browser, match):
    lineup = tuple(seat.submission for seat in match.seats.all())
    plan = Plan(MatchKind.AUDIT, lineup, reason="audit")
    again = schedule_matches(competition=match.competition, plans=[plan])[0]
    audit = Audit.objects.create(match=match, again=again)
    assert "drawn, to be played again" in text_of(browser().get(f"/matches/{match.pk}/"))
    Audit.objects.filter(pk=audit.pk).update(
        verdict="reproduced", note="Played again on another worker: every action was the same."
    )
    assert "every action was the same" in text_of(browser().get(f"/matches/{match.pk}/"))


def test_the_page_of_a_match_tells_how_likely_its_pairing_was(browser, match):
    Match.objects.filter(pk=match.pk).update(reason="explore", propensity=0.031)
    text = text_of(browser().get(f"/matches/{match.pk}/"))
    assert "drawn at random" in text
    assert "3 % when it was drawn" in text
