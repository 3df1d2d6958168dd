"""The calibration of a competition: asked for, played by the house, judged, and what it changes."""

import json

import pytest
from django.core.management import CommandError, call_command

from arenas import registry
from coliseum.competitions import calibrations
from coliseum.competitions.models import Act, Competition
from coliseum.leaderboards.evidence import rated_matches
from coliseum.league import calibrating, conductor
from coliseum.league.demo import enter_baselines
from coliseum.league.dispatch import match_spec
from coliseum.matches.models import Match, MatchState
from coliseum.matches.recording import record_results
from coliseum.matches.services import Plan, claim_batch, extend_leases, schedule_matches
from coliseum.submissions.models import Submission
from tests.platform.conftest import make_ready, result_of
from tests.platform.episodes import play_episode
from workers.refusals import RefusedError
from workers.spec import AgentUsage, MatchKind

C4 = registry.get("connect_four-v3")


@pytest.fixture
def house(competition) -> list[Submission]:
    """Return two agents of the house that may play."""
    return [make_ready(each) for each in enter_baselines(competition, ["random", "heuristic"])]


@pytest.fixture
def asked(competition, host, monkeypatch) -> Competition:
    """Return a competition whose host asked for a calibration of six matches."""
    monkeypatch.setattr(calibrating, "MATCHES", 6)
    calibrations.want_calibration(competition=competition, actor=host)
    return competition


def state_of(competition: Competition) -> str:
    competition.refresh_from_db()
    return str(calibrations.calibration_of(competition).get("state", ""))


def play_all() -> None:
    """Play everything that waits with random moves, every match on a seed of its own."""
    for seed, (match,) in enumerate(iter(lambda: claim_batch(limit=1), [])):
        extend_leases(token=match.token, worker="bench:1")
        match.refresh_from_db()
        episodes = tuple(play_episode(C4, seed=seed, seating=seating) for seating in ((0, 1), (1, 0)))
        usage = (AgentUsage(load_seconds=0.01),) * 2
        record_results([result_of(match, episodes=episodes, seconds=0.05, usage=usage)])


def test_the_house_plays_when_its_agents_are_ready_and_the_result_is_kept(asked, house) -> None:
    calibrating.advance_calibrations()
    assert state_of(asked) == "playing"
    calibrating.advance_calibrations()
    matches = calibrating.calibration_matches(asked)
    assert (matches.count(), state_of(asked)) == (6, "playing")
    assert {(match.phase, match.priority) for match in matches} == {(None, -5)}
    play_all()
    calibrating.advance_calibrations()
    assert state_of(asked) == "done"
    kept = calibrations.calibration_of(asked)
    assert (kept["matches"], kept["swaps"], len(kept["seats"])) == (6, True, 2)
    assert "few_matches" in {each["code"] for each in kept["warnings"]}
    assert (
        Act.objects.filter(verb="calibrated").get().reason.startswith("6 matches of the house: every seating")
    )
    assert not calibrations.uncalibrated().exists()


def test_its_matches_count_for_no_board(asked, house) -> None:
    calibrating.advance_calibrations()
    play_all()
    assert Match.objects.filter(state=MatchState.FINISHED).count() == 6
    assert rated_matches(asked.phases.get()) == 0


def test_it_waits_for_agents_that_are_still_validated(asked) -> None:
    first, second = enter_baselines(asked, ["random", "heuristic"])
    make_ready(first)
    calibrating.advance_calibrations()
    assert state_of(asked) == "wanted"
    make_ready(second)
    calibrating.advance_calibrations()
    assert state_of(asked) == "playing"


def test_the_tick_takes_it_on(asked, house) -> None:
    conductor.tick()
    assert state_of(asked) == "playing"


def test_what_was_played_is_read_by_seat(asked, house) -> None:
    calibrating.advance_calibrations()
    play_all()
    trial = calibrating.house_trial(asked)
    assert (trial.agents, len(trial.episodes), trial.match_seconds) == (2, 12, (0.05,) * 6)
    assert trial.start_seconds == pytest.approx(0.02)
    assert trial.weakest is not None
    first, second = trial.episodes[:2]
    assert first.agents == second.agents[::-1]
    assert sorted(first.ranks) in ([1, 2], [1, 1])


def test_a_second_calibration_tells_and_changes_nothing_once_started(asked, house, host) -> None:
    calibrating.advance_calibrations()
    play_all()
    calibrating.advance_calibrations()
    asked.refresh_from_db()
    options = asked.options
    options["calibration"] |= {"swaps": False, "episodes": 7}
    Competition.objects.update(options=options)
    asked.refresh_from_db()
    calibrations.want_calibration(competition=asked, actor=host)
    calibrating.advance_calibrations()
    play_all()
    calibrating.advance_calibrations()
    assert state_of(asked) == "done"
    kept = calibrations.calibration_of(asked)
    assert (kept["matches"], kept["swaps"], kept["episodes"]) == (12, False, 7)


def test_league_matches_are_played_as_decided_and_all_others_in_the_arenas_own_way(
    competition, house
) -> None:
    Competition.objects.update(options={"calibration": {"swaps": False, "episodes": 3}})
    kinds = (MatchKind.LEAGUE, MatchKind.TOURNAMENT, MatchKind.SCRIMMAGE)
    plans = [Plan(kind, tuple(house)) for kind in kinds]
    made = schedule_matches(competition=competition, plans=plans)
    specs = [match_spec(Match.objects.get(pk=match.pk)) for match in made]
    assert [[episode.seating for episode in spec.episodes] for spec in specs] == [
        [(0, 1)] * 3,
        [(0, 1), (1, 0)],
        [(0, 1), (1, 0)],
    ]
    assert len({episode.seed for episode in specs[0].episodes}) == 3


def test_it_cannot_be_asked_for_twice_nor_where_one_agent_plays_alone(asked, host) -> None:
    with pytest.raises(RefusedError, match="under way"):
        calibrations.want_calibration(competition=asked, actor=host)
    Competition.objects.update(arena="LunarLander-v3", options={})
    asked.refresh_from_db()
    with pytest.raises(RefusedError, match="plays alone"):
        calibrations.want_calibration(competition=asked, actor=host)


def test_the_command_asks_and_tells(competition, capsys) -> None:
    call_command("calibrate", "c4", "--again")
    assert json.loads(capsys.readouterr().out)["state"] == "wanted"
    with pytest.raises(CommandError, match="under way"):
        call_command("calibrate", "c4", "--again")
    with pytest.raises(CommandError, match="no competition c5"):
        call_command("calibrate", "c5")
