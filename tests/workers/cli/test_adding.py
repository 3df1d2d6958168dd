"""`coliseum arena add`: any environment becomes an arena, and what cannot says why."""

import json

import pytest

from arenas import registry
from arenas.surveying import MOST_TURNS, Survey, Wanted, survey
from tests.arenas.plugins import ENVIRONMENTS, ZOO
from workers.adopting import Wish, arena_from, survey_in_process
from workers.refusals import RefusedError

PLAYED = Survey(
    kind="parallel",
    environment="pond-v2",
    seat_names=("frog", "stork"),
    description="",
    returns=((1.0, -1.0), (-1.0, 1.0), (0.0, 0.0)),
    lengths=(31, 12, 40),
    truncated=(False, False, False),
    unended=0,
    slowest_seconds=0.001,
)
POND = Wanted("pond-v2")


@pytest.fixture(autouse=True)
def _shelf(tmp_path, monkeypatch):
    monkeypatch.setenv("COLISEUM_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("COLISEUM_ARENAS", raising=False)
    monkeypatch.syspath_prepend(tmp_path / "code")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "code"))
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "vices.py").write_text(ENVIRONMENTS)
    (tmp_path / "code" / "vices_zoo.py").write_text(ZOO)
    yield
    registry.refresh()


def guess(**changes):
    return arena_from(POND, replace_survey(**changes), Wish())


def replace_survey(**changes):
    return Survey(**{name: getattr(PLAYED, name) for name in PLAYED.__struct_fields__} | changes)


def test_two_seats_whose_gains_are_the_other_s_losses_are_judged_by_who_wins():
    spec = guess()
    assert (spec.objective, spec.zero_sum, spec.lineup, spec.swaps_seats) == ("outcome", True, 2, True)


def test_seats_that_always_get_the_same_are_all_taken_by_one_agent():
    spec = guess(returns=((3.0, 3.0), (1.0, 1.0)))
    assert (spec.objective, spec.lineup, spec.swaps_seats, spec.zero_sum) == ("return", 1, False, False)


def test_seats_with_interests_of_their_own_are_rated_by_their_own_returns():
    spec = guess(returns=((3.0, 2.0), (1.0, 5.0)))
    assert (spec.objective, spec.lineup, spec.zero_sum) == ("return", 2, False)


def test_three_seats_against_each_other_are_ranked():
    assert (
        guess(seat_names=("a", "b", "c"), returns=((2.0, -1.0, -1.0), (0.0, 1.0, -1.0))).objective == "rank"
    )


def test_forfeiting_is_worse_than_all_that_random_play_earned():
    spec = guess(seat_names=("frog",), returns=((-5.0,), (7.0,)))
    assert spec.objective == "score"
    assert spec.forfeit_score == -17.0


@pytest.mark.parametrize(
    ("changes", "turns"),
    [
        ({}, 160),
        ({"lengths": (25, 25), "truncated": (True, True)}, 25),
        ({"lengths": (MOST_TURNS, 7), "unended": 1}, MOST_TURNS),
    ],
)
def test_an_episode_may_take_what_random_play_suggests_or_the_environment_s_own_limit(changes, turns):
    assert guess(**changes).max_turns == turns


def test_what_the_operator_says_wins_over_what_was_guessed():
    wish = Wish(id="wet/pond-v9", title="The pond", objective="return", max_turns=5)
    spec = arena_from(POND, PLAYED, wish)
    assert (spec.id, spec.title, spec.objective, spec.max_turns) == ("wet/pond-v9", "The pond", "return", 5)


def test_a_name_without_a_version_is_refused():
    with pytest.raises(RefusedError) as caught:
        arena_from(POND, PLAYED, Wish(id="pond"))
    assert caught.value.code == "arena.bad_id"


def test_an_environment_is_found_without_its_family_and_in_any_spelling():
    found = survey(Wanted("RPS_v2")).survey
    assert (found.environment, found.kind, len(found.seat_names)) == ("classic/rps-v2", "parallel", 2)


def test_the_kind_may_be_chosen_where_a_world_can_be_played_both_ways():
    assert survey(Wanted("rps-v2", kind="aec")).survey.kind == "aec"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CartPol-v1", "CartPole-v1"),
        ("connect_four", "classic/connect_four-v3"),
        ("vices:Conter", "vices:Counter"),
    ],
)
def test_a_misspelt_environment_is_answered_with_what_was_probably_meant(name, meant):
    answer = survey(Wanted(name))
    assert answer.problem == "unknown"
    assert meant in answer.suggestions


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ("os:abort", "ended its process with status -6"),
        ("nowhere:Pond", "module nowhere cannot be imported"),
        ("vices:NotANumber", "no finite number"),
    ],
)
def test_an_environment_that_fails_is_told_by_a_process_that_survives(environment, words):
    with pytest.raises(RefusedError, match=words) as caught:
        survey_in_process(Wanted(environment, kind="gymnasium"))
    assert caught.value.code == "arena.unavailable"


def test_an_environment_that_hangs_is_given_up(tmp_path):
    (tmp_path / "code" / "asleep.py").write_text("import signal\nsignal.pause()\n")
    with pytest.raises(RefusedError, match="did not answer within 2 seconds"):
        survey_in_process(Wanted("asleep:Env", kind="gymnasium"), seconds=2)


def test_one_command_makes_an_arena_that_is_there_at_once(coliseum, tmp_path):
    done = coliseum(
        "arena",
        "add",
        "vices:Counter",
        "--id",
        "counter-v1",
        "--argument",
        "reward=2.0",
        "--wrapper",
        "gymnasium.wrappers:FlattenObservation",
        "--no-check",
        "--json",
    )
    assert done.status == 0, done
    assert done.json["id"] == "counter-v1"
    assert done.json["random_play"]["returns"] == [[10.0]] * 6
    spec = registry.get("counter-v1")
    assert spec.arguments == {"reward": 2.0}
    assert [wrapper.name for wrapper in spec.wrappers] == ["gymnasium.wrappers:FlattenObservation"]
    assert (tmp_path / "home" / "arenas" / "counter-v1" / "arena.py").read_text().startswith('"""counter:')


def test_an_arena_that_is_there_is_not_written_over_unless_it_was_added_and_that_is_asked_for(coliseum):
    command = ("arena", "add", "vices:Counter", "--id", "counter-v1", "--no-check", "--json")
    assert coliseum(*command).status == 0
    assert coliseum(*command).error["code"] == "arena.exists"
    assert coliseum(*command, "--title", "Again", "--replace").status == 0
    assert registry.get("counter-v1").title == "Again"
    ours = coliseum("arena", "add", "CartPole-v1", "--replace", "--no-check", "--json")
    assert ours.error["code"] == "arena.exists"


@pytest.mark.parametrize(
    "given", [("--argument", "reward"), ("--argument", "=3"), ("--argument", 'reward={"a": 1}')]
)
def test_an_argument_that_cannot_be_read_is_refused(coliseum, given):
    assert coliseum("arena", "add", "vices:Counter", *given, "--json").error["code"] == "cli.usage"


def test_lists_of_numbers_reach_a_wrapper_as_it_takes_them(coliseum):
    done = coliseum(
        "arena", "add", "vices:Counter", "--id", "counter-v2", "--no-check", "--json", "--wrapper",
        "gymnasium.wrappers:NoSuch shape=[84,84]",
    )  # fmt: skip
    assert "has no wrapper NoSuch" in done.error["message"]
    assert json.dumps(done.error)
