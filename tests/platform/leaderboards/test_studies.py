"""The slow half of a board: Nash, roles, plots; refits leave it standing, and it says what it knows."""

import json
from datetime import timedelta

import pytest

from arenas import registry
from coliseum.leaderboards import studies
from coliseum.leaderboards.models import Plot, Snapshot, Standing
from coliseum.leaderboards.queries import plots_of
from coliseum.leaderboards.services import keep_flags, rate_phase
from coliseum.leaderboards.studies import is_stale, study_phase
from tests.platform.leaderboards.conftest import ARENAS, play_some

pytestmark = pytest.mark.django_db

EVERYWHERE = {"ladder", "superiority", "rank_distribution", "opponents", "lineage"}
PAIRS = {"heat_map", "residual_map", "convergence", "calibration", "seats_and_roles"}
PLOTS = {
    "duels": EVERYWHERE | PAIRS | {"style_disc"},
    "tables": EVERYWHERE | PAIRS,
    "scores": EVERYWHERE | {"performance_profiles"},
}


@pytest.mark.parametrize("kind", ARENAS)
def test_each_kind_of_board_has_its_plots(kind, league_of) -> None:
    phase, agents = league_of(kind, matches=14, agents=7)
    rate_phase(phase=phase)
    study_phase(phase=phase)
    plots = plots_of(phase)
    assert set(plots) == PLOTS[kind]
    best = [row.submission_id for row in Standing.objects.filter(phase=phase).order_by("rank")]
    for name, content in plots.items():
        assert content["matches"] == 14, name
        assert json.loads(json.dumps(content, allow_nan=False)) == content, name
        if name not in {"ladder", "lineage", "convergence", "calibration", "seats_and_roles"}:
            assert content.get("agents", best) == best, name
    assert [row["agent"] for row in plots["ladder"]["rows"]] == best
    assert len(plots["lineage"]["lines"]) == len(agents)


def test_nash_is_a_share_of_everybody_and_survives_a_refit(league_of) -> None:
    phase, agents = league_of("duels", matches=14)
    rate_phase(phase=phase)
    assert set(Standing.objects.filter(phase=phase).values_list("nash", flat=True)) == {None}
    study_phase(phase=phase)
    shares = dict(Standing.objects.filter(phase=phase).values_list("submission_id", "nash"))
    assert sum(shares.values()) == pytest.approx(1.0, abs=0.01)
    play_some(phase.competition, agents, 1, first=14)
    rate_phase(phase=phase)
    assert dict(Standing.objects.filter(phase=phase).values_list("submission_id", "nash")) == shares


def test_tables_of_four_and_scores_have_no_nash(league_of) -> None:
    for kind in ("tables", "scores"):
        phase, _ = league_of(kind, matches=8)
        rate_phase(phase=phase)
        study_phase(phase=phase)
        assert set(Standing.objects.filter(phase=phase).values_list("nash", flat=True)) == {None}


def test_a_board_is_studied_when_it_has_changed_and_some_time_has_passed(league_of, monkeypatch) -> None:
    phase, agents = league_of("duels", matches=4)
    assert not is_stale(phase)
    rate_phase(phase=phase)
    assert is_stale(phase)
    study_phase(phase=phase)
    assert not is_stale(phase)
    play_some(phase.competition, agents, 1, first=4)
    rate_phase(phase=phase)
    assert not is_stale(phase)
    now = Snapshot.objects.get(phase=phase).studied_at + timedelta(seconds=3600)
    monkeypatch.setattr(studies.clock, "now", lambda: now)
    assert is_stale(phase)
    Snapshot.objects.filter(phase=phase).update(study_seconds=1000.0)
    assert not is_stale(phase)


def test_kept_flags_stay_until_the_same_source_replaces_them(league_of) -> None:
    phase, agents = league_of("duels", matches=8)
    rate_phase(phase=phase)
    one, two = agents[0].pk, agents[1].pk

    def flags(agent: str) -> set[str]:
        return set(Standing.objects.get(phase=phase, submission=agent).flags)

    fitted = flags(one)
    assert "few_matches" in fitted
    keep_flags(phase=phase, source="monitor", flags={one: ["clone"], two: ["strange_pair"]})
    keep_flags(phase=phase, source="gate", flags={one: ["suspended"]})
    assert flags(one) == fitted | {"clone", "suspended"}
    rate_phase(phase=phase)
    assert flags(one) == fitted | {"clone", "suspended"}
    keep_flags(phase=phase, source="monitor", flags={})
    assert flags(one) == fitted | {"suspended"}
    assert "strange_pair" not in flags(two)
    assert "flags-gate" not in plots_of(phase)


def test_words_that_are_no_flags_are_the_callers_mistake(league_of) -> None:
    phase, agents = league_of("duels", matches=2)
    with pytest.raises(AssertionError, match="no flags of the closed list"):
        keep_flags(phase=phase, source="monitor", flags={agents[0].pk: ["cheater"]})
    assert not Plot.objects.filter(phase=phase).exists()


def test_roles_get_ratings_of_their_own(league_of) -> None:
    phase, _ = league_of("duels", matches=10)
    spec = registry.get(phase.competition.arena)
    object.__setattr__(spec, "roles", ("first", "second"))
    try:
        rate_phase(phase=phase, is_warm=False)
        study_phase(phase=phase)
        rows = [row.roles for row in Standing.objects.filter(phase=phase)]
        assert [[role["role"] for role in row] for row in rows] == [["first", "second"]] * 5
        assert all(role["low"] < role["rating"] < role["high"] for row in rows for role in row)
        shown = plots_of(phase)["seats_and_roles"]["roles"]
        assert [role["role"] for role in shown] == ["first", "second"]
    finally:
        object.__setattr__(spec, "roles", ())
