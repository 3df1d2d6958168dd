"""A board again from its ledger: the same numbers in any process, and sense demanded of every line."""

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.workers.league.seasons import NAMES, duel, entered, lines, opening, round_robin, season
from workers.league import Episode, compare_episodes, fit
from workers.league.ledger import (
    START,
    Agent,
    EpisodeResult,
    LedgerError,
    MatchResult,
    SeatResult,
    Void,
    unseal,
)
from workers.league.rerating import add_up, rerate
from workers.league.totals import Total, compare_totals

ROOT = Path(__file__).resolve().parents[3]


def board(events, until=""):
    return rerate(add_up(unseal(lines(events)), until=until))


def refusal(events):
    with pytest.raises(LedgerError) as caught:
        board(events)
    return caught.value.fault, caught.value.line, caught.value.problem


def rated(matches):
    """Yield the episodes of matches as the estimator takes them."""
    for number, match in enumerate(matches):
        who = [NAMES.index(name) for name in match.lineup]
        for each in match.episodes:
            ranks = tuple(seat.rank for seat in each.seats)
            yield Episode(number, tuple(who[seat.agent] for seat in each.seats), ranks)


def test_the_board_is_that_of_the_estimator():
    table = board(season())
    fitted = fit(compare_episodes(rated(round_robin())), agents=6)
    assert table.digest == fitted.digest()
    assert {row.agent: row.rating for row in table.rows} == pytest.approx(
        dict(zip(NAMES, fitted.elo, strict=True)), abs=1e-3
    )
    assert [row.rank for row in table.rows] == [1, 2, 3, 4, 5, 6]
    assert (table.matches, table.lines) == (120, 127)


def test_the_order_of_matches_and_entries_changes_no_digest():
    table = board(season())
    agents, matches = entered(), list(round_robin())
    random.Random(4).shuffle(agents)
    random.Random(5).shuffle(matches)
    other = board([opening(), *agents, *matches])
    assert other.digest == table.digest
    assert other.rows == table.rows
    assert other.root != table.root


@pytest.mark.parametrize("threads", ["1", "2"])
def test_every_process_finds_the_same_bits(tmp_path, threads):
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b"".join(lines(season())))
    program = (
        "import sys, json\nfrom dataclasses import asdict\n"
        "from workers.league.ledger import unseal\nfrom workers.league.rerating import add_up, rerate\n"
        f"print(json.dumps(asdict(rerate(add_up(unseal(open({str(path)!r}, 'rb')))))))"
    )
    changes = {"PYTHONHASHSEED": "7" + threads, "OPENBLAS_NUM_THREADS": threads, "LC_ALL": "C"}
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **changes},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(run.stdout) == json.loads(msgspec.json.encode(board(season())))


def test_an_older_table_is_found_again_by_its_root():
    older = board(season()[:60])
    again = board(season(), until=older.root)
    assert again == older
    assert board(season()).digest != older.digest


def test_a_withdrawn_agent_takes_no_place_and_its_results_stay():
    left = Agent(agent=NAMES[0], owner=f"team-{NAMES[0]}", active=False)
    before, after = board(season()), board([*season(), left])
    assert [row.agent for row in after.rows] == NAMES[1:]
    ratings = {row.agent: row.rating for row in before.rows}
    assert all(row.rating == ratings[row.agent] for row in after.rows)
    assert board([*season(), left, replaced(left, active=True)]).digest == before.digest


def replaced(event, **changes):
    return msgspec.structs.replace(event, **changes)


def test_who_never_played_and_left_was_never_there():
    stranger = Agent(agent="s99", owner="team-x", active=False)
    assert board([*season(), stranger]).digest == board(season()).digest


def test_a_void_match_and_a_corrected_one_count_as_they_should():
    wrong = duel("m9999", NAMES[5], NAMES[0], 0, 0)
    right = duel("m9999", NAMES[5], NAMES[0], 1, 1)
    plain = board(season())
    assert board([*season(), wrong]).digest != plain.digest
    assert board([*season(), wrong, Void(match="m9999", reason="A worker was wrong.")]).digest == plain.digest
    assert board([*season(), wrong, right]).digest == board([*season(), right]).digest


def test_agents_of_one_owner_are_not_compared():
    agents = [Agent(agent=name, owner="one", active=True) for name in NAMES[:2]]
    table = board([opening(), *agents, duel("m1", *NAMES[:2], 0, 0)])
    assert table.rows == ()


def test_agents_of_one_owner_weigh_as_one_in_the_field():
    owners = [0, 0, 0, 3, 4, 5]
    agents = [replaced(agent, owner=str(owner)) for agent, owner in zip(entered(), owners, strict=True)]
    compared = compare_episodes(rated(round_robin()), owners=owners)
    table = board([opening(), *agents, *round_robin()])
    assert table.digest == fit(compared, agents=6, owners=owners).digest()
    assert table.digest != fit(compared, agents=6).digest()


def test_a_gift_counts_a_quarter():
    def with_gift(gift):
        seats = (
            SeatResult(agent=0, rank=1, reward=1.0, score=1.0),
            SeatResult(agent=1, rank=2, reward=0.0, score=0.0, gift=gift),
        )
        match = MatchResult(match="m9999", lineup=(NAMES[5], NAMES[0]), episodes=(EpisodeResult(1, seats),))
        return {row.agent: row.rating for row in board([*season(), match]).rows}[NAMES[5]]

    before = {row.agent: row.rating for row in board(season()).rows}[NAMES[5]]
    assert 0 < with_gift(True) - before < 0.5 * (with_gift(False) - before)


def test_returns_are_compared_over_the_whole_match():
    def packed(match, hunters, prey):
        """Three hunters of one agent against the prey of another, then the other way round."""
        episodes = tuple(
            EpisodeResult(
                seed=1,
                seats=tuple(
                    SeatResult(agent=at, rank=1, reward=reward, score=0.0)
                    for at, reward in ((pack, hunters), (pack, hunters), (pack, hunters), (1 - pack, prey))
                ),
            )
            for pack in (0, 1)
        )
        return MatchResult(match=match, lineup=(NAMES[0], NAMES[1]), episodes=episodes)

    events = [opening(objective="return"), *entered(NAMES[:2])]
    assert [row.rating for row in board([*events, packed("m1", 5.0, -5.0)]).rows] == [1500.0, 1500.0]
    seats = (
        SeatResult(agent=0, rank=1, reward=3.0, score=0.0),
        SeatResult(agent=1, rank=1, reward=2.5, score=0.0),
    )
    pack = tuple(SeatResult(agent=0, rank=1, reward=1.0, score=0.0) for _ in range(3))
    prey = SeatResult(agent=1, rank=1, reward=2.0, score=0.0)
    shared = MatchResult("m3", (NAMES[0], NAMES[1]), (EpisodeResult(1, (*pack, prey)),))
    assert [row.agent for row in board([*events, shared]).rows] == [NAMES[1], NAMES[0]]
    ahead = MatchResult(match="m2", lineup=(NAMES[0], NAMES[1]), episodes=(EpisodeResult(1, seats),))
    assert [row.agent for row in board([*events, ahead]).rows] == NAMES[:2]


def alone(match, agent, scores):
    episodes = tuple(
        EpisodeResult(seed=seed, seats=(SeatResult(agent=0, rank=1, reward=score, score=score),))
        for seed, score in enumerate(scores)
    )
    return MatchResult(match=match, lineup=(agent,), episodes=episodes)


def test_scores_of_agents_that_play_alone_are_ranked_by_their_middle():
    events = [opening(objective="score"), *entered(NAMES[:2])]
    table = board([*events, alone("m1", NAMES[0], [1, 2, 3, 90]), alone("m2", NAMES[1], [5, 6, 7, 8])])
    assert [(row.agent, row.rating) for row in table.rows] == [(NAMES[1], 6.5), (NAMES[0], 2.5)]
    assert table.estimator == "scores-1"
    two = refusal([*events, duel("m3", NAMES[0], NAMES[1], 0)])
    assert two[:2] == ("unreadable", 4)
    assert "plays alone" in two[2]


def test_where_scores_are_won_or_lost_agents_are_ranked_by_the_mean_of_all():
    matches = [alone("m1", NAMES[0], [1] * 18 + [0] * 2), alone("m2", NAMES[1], [1] * 15 + [0] * 5)]
    shown = {
        objective: [
            row.rating for row in board([opening(objective=objective), *entered(NAMES[:2]), *matches]).rows
        ]
        for objective in ("score", "mean_score")
    }
    assert shown == {"score": [1.0, 1.0], "mean_score": [0.9, 0.75]}


@pytest.mark.parametrize(
    "events", [[opening()], [opening(objective="score")], [opening(), *entered(NAMES[:1])]]
)
def test_a_league_without_matches_has_an_empty_board(events):
    assert board(events).rows == ()


def test_nothing_at_all_is_no_ledger():
    with pytest.raises(LedgerError, match="no line"):
        rerate(add_up([]))
    assert add_up([]).root == START


SEAT = SeatResult(agent=0, rank=1, reward=0.0, score=0.0)


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        (duel("m1", "s00", "nobody", 0), "never entered: nobody"),
        (Void(match="m9", reason="?"), "no match m9 to void"),
        (Agent(agent="s00", owner="eve", active=True), "cannot change its owner"),
        (MatchResult("m1", ("s00", "s01"), (EpisodeResult(1, (SEAT,)),)), "does not seat its line-up"),
        (MatchResult("m1", ("s00",), (EpisodeResult(1, (replaced(SEAT, agent=1),)),)), "does not seat"),
    ],
)
def test_a_line_that_makes_no_sense_after_the_others_is_refused(event, problem):
    found = refusal([opening(), *entered(), event])
    assert found[:2] == ("unreadable", 8)
    assert problem in found[2]


def test_a_field_beyond_reason_is_refused():
    crowd = (Agent(agent=f"a{number:05d}", owner="o", active=True) for number in range(5_001))
    assert refusal([opening(), *crowd])[:2] == ("too_large", 5_002)


def test_totals_compare_each_two_agents_once():
    table = compare_totals(
        [Total(2, (1, 0, 2), (1.0, 1.0, 0.5)), Total(1, (0, 1), (2.0, 3.0))], owners=[0, 1, 1]
    )
    assert table.match.tolist() == [1, 2, 2]
    assert table.points.tolist() == [0.0, 0.5, 1.0]
    assert table.seat_a.tolist() == [-1, -1, -1]
    assert len(compare_totals([])) == 0
    assert len(compare_totals([Total(1, (4, 4), (1.0, 2.0))])) == 0
    with pytest.raises(ValueError, match="not one return"):
        compare_totals([Total(1, (0, 1), (2.0,))])


def test_the_digest_tells_tables_apart():
    table = board(season())
    assert replace(table, digest="") != table
    assert np.unique([board(season(seed)).digest for seed in range(3)]).size == 3
