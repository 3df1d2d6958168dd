"""Competitions: their life, who may enter, who is put out."""

from datetime import timedelta

import pytest

from coliseum import clock
from coliseum.competitions.models import Competition, CompetitionState, Entry, Team
from coliseum.competitions.queries import acts_of, competition_for, entry_in, is_host, visible_competitions
from coliseum.competitions.services import (
    check_open,
    create_competition,
    disqualify_entry,
    enter_competition,
    move_competition,
)
from workers.refusals import RefusedError

DRAFT, OPEN, PAUSED, CLOSED = CompetitionState
ALLOWED = {(DRAFT, OPEN), (OPEN, PAUSED), (PAUSED, OPEN), (OPEN, CLOSED), (PAUSED, CLOSED)}


def refused(code):
    """Expect a refusal with this code."""
    return pytest.raises(RefusedError, check=lambda error: error.code == code)


@pytest.mark.parametrize("to", CompetitionState)
@pytest.mark.parametrize("here", CompetitionState)
def test_a_competition_goes_only_where_its_life_allows(competition, host, here, to):
    Competition.objects.update(state=here)
    competition.refresh_from_db()
    if (here, to) in ALLOWED:
        assert move_competition(competition=competition, to=to, actor=host, reason="why").state == to
        assert acts_of(competition).first().reason == "why"
    else:
        with refused("competition.wrong_state"):
            move_competition(competition=competition, to=to, actor=host)
        assert Competition.objects.get().state == here


def test_a_stale_object_cannot_move_it_twice(competition, host):
    stale = Competition.objects.get()
    move_competition(competition=competition, to="closed", actor=host)
    with refused("competition.wrong_state"):
        move_competition(competition=stale, to="paused", actor=host)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"arena": "chess"}, None),
        ({"arena": "go_v9"}, "arena.unknown"),
        ({"slug": "UPPER"}, "competition.bad_setting"),
        ({"slug": "a--b"}, "competition.bad_setting"),
        ({"slug": "x" * 61}, "competition.bad_setting"),
        ({"slug": "c4"}, "competition.bad_setting"),
        ({"title": "a\u200bb"}, "name.characters"),
        ({"title": "x" * 81}, "name.length"),
        ({"daily_submissions": 0}, "competition.bad_setting"),
        ({"target_matches": 10**9}, "competition.bad_setting"),
        ({"closes_at": clock.now() - timedelta(days=1)}, "competition.bad_setting"),
    ],
)
def test_settings_are_checked_and_a_refusal_leaves_nothing(competition, host, changed, code):
    facts = {"slug": "new", "title": "New", "arena": "connect_four-v3"} | changed
    if code is None:
        assert create_competition(host=host, **facts).arena.startswith("chess")
        return
    with refused(code):
        create_competition(host=host, **facts)
    assert Competition.objects.count() == 1


def test_every_competition_has_its_own_secret(competition, draft):
    assert len(competition.seed_secret) == 64
    assert competition.seed_secret != draft.seed_secret


def test_joining_makes_a_team_of_one_once(competition, eve):
    entry = enter_competition(competition=competition, user=eve)
    assert enter_competition(competition=competition, user=eve) == entry
    assert list(entry.team.members.all()) == [eve]
    assert Team.objects.count() == 1


def test_a_team_mate_is_in_the_same_entry(entry, competition, bob):
    assert enter_competition(competition=competition, user=bob) == entry
    assert Entry.objects.count() == 1


def test_a_team_keeps_its_entry_when_the_competition_closed(entry, competition, host, ann, eve):
    move_competition(competition=competition, to="closed", actor=host)
    assert enter_competition(competition=competition, user=ann) == entry
    with refused("competition.closed"):
        enter_competition(competition=competition, user=eve)


def test_when_submissions_are_taken(competition, draft):
    check_open(competition)
    with refused("competition.not_open"):
        check_open(draft)
    competition.opens_at = clock.now() + timedelta(minutes=1)
    with refused("competition.not_open"):
        check_open(competition)
    competition.opens_at = clock.now() - timedelta(minutes=2)
    competition.closes_at = clock.now() - timedelta(minutes=1)
    with refused("competition.closed"):
        check_open(competition)


def test_a_disqualification_needs_a_reason_and_happens_once(entry, host):
    with refused("request.bad_field"):
        disqualify_entry(entry=entry, actor=host, reason="  ")
    disqualify_entry(entry=entry, actor=host, reason="copied code")
    first = Entry.objects.get().disqualified_at
    disqualify_entry(entry=entry, actor=host, reason="again")
    assert Entry.objects.get().disqualified_at == first
    assert [act.verb for act in acts_of(entry.competition)].count("disqualified") == 1


def test_who_sees_and_runs_a_draft(draft, competition, ann, host, staff):
    assert set(visible_competitions(ann)) == {competition}
    assert set(visible_competitions(host)) == {draft, competition}
    assert set(visible_competitions(staff)) == {draft, competition}
    assert (is_host(draft, host), is_host(draft, staff), is_host(draft, ann)) == (True, True, False)
    with refused("not_found"):
        competition_for("secret-cup", ann)


def test_an_entry_is_found_by_its_team(entry, competition, draft):
    assert entry_in(competition, entry.team_id) == entry
    with refused("not_found"):
        entry_in(draft, entry.team_id)
