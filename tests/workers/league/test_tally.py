"""All matches of a league as numbers: no order, no portion and no late match changes a bit of the table."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.league.ledger import (
    Agent,
    EpisodeResult,
    MatchResult,
    Objective,
    Opening,
    SeatResult,
    seal,
    unseal,
)
from workers.league.rerating import add_up, rerate
from workers.league.tally import Members, Tally, members_of

AGENTS = [f"agent-{number}" for number in range(6)]
MEMBERS = members_of((name, f"owner-{number // 2}", number != 3) for number, name in enumerate(AGENTS))


def match_of(number: int, objective: Objective) -> MatchResult:
    """Return a match with results that depend on its number alone."""
    chance = random.Random(number)
    size = {"rank": chance.choice((2, 4)), "score": 1}.get(objective, 2)
    lineup = tuple(chance.sample(AGENTS, size))
    episodes = []
    for index in range(2):
        places = chance.sample(range(1, size + 1), size)
        seats = tuple(
            SeatResult(
                agent=(seat + index) % size,
                rank=places[seat],
                reward=chance.gauss(0, 1),
                score=chance.gauss(10, 3),
                gift=chance.random() < 0.1,
            )
            for seat in range(size)
        )
        episodes.append(EpisodeResult(seed=chance.randrange(4), seats=seats))
    return MatchResult(f"match-{number:04}", lineup, tuple(episodes))


def table_of(numbers: list[int], objective: Objective, *, looks: frozenset[int] = frozenset()) -> str:
    """Return the digest of a table of matches added in this order, with tables fitted in between."""
    tally = Tally(objective)
    for step, number in enumerate(numbers):
        tally.add(match_of(number, objective))
        if step in looks and len(set(tally.agents)) == len(AGENTS):
            tally.table(MEMBERS)
    return tally.table(_with_all(tally)).digest()


def _with_all(tally: Tally) -> Members:
    return MEMBERS if set(tally.agents) <= set(AGENTS) else members_of([])


@pytest.mark.parametrize("objective", ["rank", "return", "general_return", "score"])
@settings(deadline=None)
@given(order=st.permutations(range(30)), looks=st.frozensets(st.integers(10, 29), max_size=3))
def test_neither_order_nor_looks_in_between_change_a_bit(objective, order, looks) -> None:
    assert table_of(order, objective, looks=looks) == table_of(list(range(30)), objective)


def test_agents_of_one_owner_are_not_compared() -> None:
    tally = Tally("rank")
    for number in range(40):
        tally.add(match_of(number, "rank"))
    rows = tally.comparisons(MEMBERS)
    owners = (
        [MEMBERS.owners[agent] for agent in rows.side_a],
        [MEMBERS.owners[agent] for agent in rows.side_b],
    )
    assert len(rows) > 100
    assert not [pair for pair in zip(*owners, strict=True) if pair[0] == pair[1]]


def test_who_takes_no_place_keeps_its_results() -> None:
    tally = Tally("rank")
    for number in range(40):
        tally.add(match_of(number, "rank"))
    table = tally.table(MEMBERS)
    assert table.rank[3] == 0
    assert table.episodes[3] > 0
    assert sorted(rank for rank in table.rank if rank) == [1, 2, 3, 4, 5]


def test_members_stand_in_order_of_their_ids_whatever_order_they_come_in() -> None:
    rows = [("b", "x", True), ("c", "y", False), ("a", "y", True)]
    assert members_of(rows).ids == ("a", "b", "c")
    assert members_of(rows).owners == (0, 1, 0)
    assert members_of(reversed(rows)).active.tolist() == [True, True, False]


def test_a_league_without_matches_has_an_empty_table() -> None:
    for objective in ("rank", "return", "general_return", "score"):
        table = Tally(objective).table(MEMBERS)
        assert table.rank.tolist() == [0] * 6
        assert Tally(objective).table(members_of([])).rank.tolist() == []


@pytest.mark.parametrize("objective", ["rank", "return", "general_return", "score"])
def test_a_ledger_of_any_kind_gives_the_table_of_its_matches(objective) -> None:
    tally = Tally(objective)
    events = [Opening(league="l", arena="a-v1", objective=objective)]
    events += [
        Agent(agent=name, owner=f"owner-{number // 2}", active=number != 3)
        for number, name in enumerate(AGENTS)
    ]
    for number in range(30):
        tally.add(match_of(number, objective))
        events.append(match_of(number, objective))
    table = rerate(add_up(unseal(line for line, _ in seal(events))))
    assert table.digest == tally.table(MEMBERS).digest()
    assert len(table.rows) == 5


def course_of(number: int, lineup: tuple[str, str], course: str) -> MatchResult:
    """Return a match of two episodes, seats swapped, that went as a word says."""
    chance = random.Random(course)
    episodes = []
    for index, seats in enumerate(((0, 1), (1, 0))):
        winner = chance.choice(sorted(lineup))
        results = tuple(
            SeatResult(agent=agent, rank=1 if lineup[agent] == winner else 2, reward=0.0, score=0.0)
            for agent in seats
        )
        # Which episode is played first hangs on who stands first in the line-up.
        by_seat = ",".join(lineup[agent] for agent in seats)
        episodes.append(EpisodeResult(seed=number * 2 + index, seats=results, digest=f"{course} {by_seat}"))
    return MatchResult(f"match-{number:04}", lineup, tuple(episodes))


def repeated(courses: list[tuple[int, tuple[str, str], str]]) -> Tally:
    tally = Tally("rank")
    for number, lineup, course in courses:
        tally.add(course_of(number, lineup, course))
    return tally


ONE, OTHER, THIRD = AGENTS[0], AGENTS[2], AGENTS[4]
THREE = members_of((name, name, True) for name in (ONE, OTHER, THIRD))


def test_two_agents_that_always_do_the_same_have_played_one_match() -> None:
    often = repeated([(0, (ONE, THIRD), "x"), *((number, (ONE, OTHER), "a") for number in range(1, 50))])
    once = repeated([(0, (ONE, THIRD), "x"), (1, (ONE, OTHER), "a")])
    assert often.repeats == 48
    assert often.table(THREE).digest() == once.table(THREE).digest()
    assert len(often.matches) == 50


def test_it_does_not_matter_who_stands_first_in_the_line_up() -> None:
    tally = repeated([(0, (ONE, THIRD), "x"), (1, (ONE, OTHER), "a"), (2, (OTHER, ONE), "a")])
    assert tally.repeats == 1


def test_the_first_match_that_goes_otherwise_makes_all_of_them_count() -> None:
    courses = [(number, (ONE, OTHER), "a") for number in range(10)]
    tally = repeated([*courses, (10, (ONE, OTHER), "b"), (11, (ONE, OTHER), "a"), (12, (ONE, THIRD), "x")])
    assert tally.repeats == 0
    assert len(tally.comparisons(THREE)) == 2 * 13


def test_episodes_without_a_digest_are_never_taken_for_repeats() -> None:
    tally = Tally("rank")
    for number in range(5):
        match = course_of(number, (ONE, OTHER), "a")
        bare = tuple(EpisodeResult(seed=each.seed, seats=each.seats) for each in match.episodes)
        tally.add(MatchResult(match.match, match.lineup, bare))
    assert tally.repeats == 0


PLAYED = [
    (number, random.Random(number).choice([(ONE, OTHER), (OTHER, ONE), (ONE, THIRD), (OTHER, THIRD)]), course)
    for number, course in enumerate("aaaaaaaabaaaaxaaaaaa")
]


@settings(deadline=None)
@given(order=st.permutations(PLAYED), looks=st.frozensets(st.integers(3, 19), max_size=4))
def test_repeats_are_found_in_any_order(order, looks) -> None:
    tally = Tally("rank")
    for step, each in enumerate(order):
        tally.add(course_of(*each))
        if step in looks and len(set(tally.agents)) == 3:
            tally.table(THREE)
    whole = repeated(PLAYED)
    assert (tally.repeats, tally.table(THREE).digest()) == (whole.repeats, whole.table(THREE).digest())


def test_the_houses_agents_fix_the_scale_once_they_have_played_enough() -> None:
    house = ["house-1", "house-2", "house-3"]
    rows = [(name, name, True) for name in house] + [("guest", "team", True)]
    rng = random.Random(2)

    def league(matches: int) -> Tally:
        tally = Tally("rank")
        for number in range(matches):
            pair = (
                (house[number % 3], house[(number + 1) % 3]) if number % 2 else ("guest", house[number % 3])
            )
            tally.add(course_of(number, pair, f"{rng.random()}"))
        return tally

    members = members_of(rows)
    assert [members.ids[at] for at in members.anchors] == house
    few, many = (league(matches).table(members) for matches in (60, 600))
    assert many.elo[list(members.anchors)].mean() == pytest.approx(1500)
    assert few.elo[list(members.anchors)].mean() != pytest.approx(1500, abs=1e-6)
