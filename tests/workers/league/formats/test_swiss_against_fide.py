"""Our Swiss rounds beside those of the FIDE Dutch system as py4swiss makes them, round by round.

The two do not aim at quite the same: Dutch rules look at score groups from the top down, ours at the sum of
squared gaps. So the rounds need not be equal; but ours must not be worse in what both are for.
"""

import numpy as np
import pytest
from py4swiss.engines import DutchEngine
from py4swiss.trf import ParsedTrf
from py4swiss.trf.codes import PlayerCode
from py4swiss.trf.results import ColorToken, ResultToken, RoundResult
from py4swiss.trf.sections import PlayerSection, XSection

from tests.workers.league.formats.playing import field_of
from workers.league.formats import History, Pairing, Score, Swiss

TOKENS = {1.0: "1", 0.5: "=", 0.0: "0"}


def points_of(field, history):
    points = dict.fromkeys(field.entries, 0.0)
    scores = {(score.round, score.number): score.points for score in history.scores}
    for pairing in history.pairings:
        for entry, value in zip(pairing.lineup, scores.get(pairing.name, (1.0,)), strict=True):
            points[entry] += value
    return points


def dutch_round(field, history, rounds):
    """Pair the next round by FIDE's rules: white, black; or the bye alone."""
    scores = {(score.round, score.number): score.points for score in history.scores}
    results = {entry: [] for entry in field.entries}
    for pairing in sorted(history.pairings, key=lambda pairing: pairing.name):
        if pairing.is_bye:
            bye = RoundResult(id=0, color=ColorToken("-"), result=ResultToken("U"))
            results[pairing.lineup[0]].append(bye)
            continue
        for place, colour in enumerate("wb"):
            results[pairing.lineup[place]].append(
                RoundResult(
                    id=pairing.lineup[1 - place],
                    color=ColorToken(colour),
                    result=ResultToken(TOKENS[scores[pairing.name][place]]),
                )
            )
    points = points_of(field, history)
    order = sorted(field.entries, key=lambda entry: (-points[entry], entry))
    report = ParsedTrf(
        player_sections=[
            PlayerSection(
                code=PlayerCode.PLAYER,
                starting_number=entry,
                points_times_ten=round(10 * points[entry]),
                rank=order.index(entry) + 1,
                results=results[entry],
            )
            for entry in field.entries
        ],
        x_section=XSection(number_of_rounds=rounds),
    )
    report.validate_contents()
    pairs = [(pair.white, pair.black) for pair in DutchEngine.generate_pairings(report)]
    return [tuple(entry for entry in pair if entry) for pair in pairs]


def quality(lineups, points):
    """What both systems make small: the score of the bye, then the squared gaps."""
    bye = sum(points[lineup[0]] for lineup in lineups if len(lineup) == 1)
    gaps = sum((points[lineup[0]] - points[lineup[1]]) ** 2 for lineup in lineups if len(lineup) == 2)
    return bye, gaps


def seasons(count, rounds, repeats):
    """Yield positions of seasons paired by the Dutch system, with its next round."""
    for seed in range(repeats):
        rng = np.random.default_rng(seed)
        field, history = field_of(count, lot=seed), History()
        for round_ in range(1, rounds + 1):
            dutch = dutch_round(field, history, rounds)
            yield round_, field, history, dutch
            pairings = tuple(Pairing(round_, number, pair) for number, pair in enumerate(dutch, start=1))
            won = rng.choice([1.0, 0.5, 0.0], size=len(pairings), p=[0.5, 0.2, 0.3])
            scores = tuple(
                Score(*pairing.name, 1, (float(x), 1.0 - float(x)))
                for pairing, x in zip(pairings, won, strict=True)
                if not pairing.is_bye
            )
            history = History(history.pairings + pairings, history.scores + scores)


@pytest.mark.parametrize("count", [8, 9, 14, 21])
def test_no_round_has_larger_gaps_or_a_higher_bye_than_the_dutch_system(count):
    for _, field, history, dutch in seasons(count, 5, 6):
        ours = [one.pairing.lineup for one in Swiss(rounds=5).due(field, history)]
        points = points_of(field, history)
        assert quality(ours, points) <= quality(dutch, points)


@pytest.mark.parametrize("count", [8, 9, 14, 21])
def test_the_first_round_is_the_same_and_most_of_the_others_too(count):
    same = pairs = 0
    for round_, field, history, dutch in seasons(count, 5, 6):
        due = Swiss(rounds=5, alternates_seats=True).due(field, history)
        ours = {frozenset(one.pairing.lineup) for one in due}
        theirs = {frozenset(pair) for pair in dutch}
        if round_ == 1:
            assert ours == theirs
        same, pairs = same + len(ours & theirs), pairs + len(theirs)
    assert same / pairs > 0.7


def test_no_more_seats_clash_than_the_rules_of_chess_allow():
    for _, field, history, _ in seasons(14, 5, 6):
        due = Swiss(rounds=5, alternates_seats=True).due(field, history)
        for one in due:
            for place, entry in enumerate(one.pairing.lineup):
                sat = [p.lineup.index(entry) for p in history.pairings if entry in p.lineup] + [place]
                assert abs(sum(1 if seat else -1 for seat in sat)) <= 2
                assert sat[-3:] not in ([0, 0, 0], [1, 1, 1])
