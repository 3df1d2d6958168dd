"""Stages played to their end by simple rules, and what every table and round must satisfy."""

from collections import Counter
from itertools import pairwise

from workers.league.formats import Field, History, Score


def field_of(count, *, lot=7, ratings=()):
    return Field(tuple(range(1, count + 1)), tuple(ratings), lot)


def better_seed_wins(pairing, match):
    """The entry with the smaller id wins."""
    return ranked([-entry for entry in pairing.lineup])


def all_draws(pairing, match):
    return (0.5,) * len(pairing.lineup)


def by_chance(rng, *, draws=0.2):
    def play(pairing, match):
        if len(pairing.lineup) == 2 and rng.random() < draws:
            return (0.5, 0.5)
        return ranked(rng.permutation(len(pairing.lineup)).tolist())

    return play


def ranked(values):
    """Points at one table: the share of the others one is ahead of."""
    return tuple(sum(value > other for other in values) / (len(values) - 1) for value in values)


def play_step(stage, field, history, play=better_seed_wins):
    """Play all that is due once; None when the stage is over."""
    due = stage.due(field, history)
    if not due:
        return None
    known = {pairing.name for pairing in history.pairings}
    played = {(score.round, score.number, score.match) for score in history.scores}
    scores = [
        Score(*one.pairing.name, match, play(one.pairing, match))
        for one in due
        for match in range(1, one.matches + 1)
        if (*one.pairing.name, match) not in played
    ]
    new = [one.pairing for one in due if one.pairing.name not in known]
    return History((*history.pairings, *new), (*history.scores, *scores), history.departures)


def play_stage(stage, field, play=better_seed_wins, history=None):
    """Play to the end; a stage that never ends fails."""
    history = history or History()
    for _ in range(1000):
        following = play_step(stage, field, history, play)
        if following is None:
            return history
        history = following
    raise AssertionError("the stage does not end")


def leave(history, *departures):
    return History(history.pairings, history.scores, (*history.departures, *departures))


def order_of(rows):
    return [row.entry for row in rows]


def places_of(rows):
    return {row.entry: row.place for row in rows}


def check_pairings(field, history):
    """Nobody plays twice in a round, nobody meets himself, names are unique."""
    names = Counter(pairing.name for pairing in history.pairings)
    assert max(names.values(), default=1) == 1
    busy = Counter((pairing.round, entry) for pairing in history.pairings for entry in pairing.lineup)
    assert max(busy.values(), default=1) == 1
    assert {entry for _, entry in busy} <= set(field.entries)


def check_table(field, rows):
    """Everybody is there once, places fit the order, every row says why."""
    assert sorted(order_of(rows)) == sorted(field.entries)
    placed = [row for row in rows if row.place]
    assert [row.place for row in rows] == [row.place for row in placed] + [0] * (len(rows) - len(placed))
    for index, row in enumerate(placed):
        assert row.place == index + 1 or row.place == placed[index - 1].place
    for row, below in pairwise(placed):
        assert row.decided_by
        assert (row.decided_by in {"lot", "seed"}) == (row.place == below.place)
    assert all(row.why.endswith(".") for row in rows)


def meetings(history):
    """How often each two have been paired."""
    return Counter(frozenset((a, b)) for p in history.pairings for a in p.lineup for b in p.lineup if a < b)
