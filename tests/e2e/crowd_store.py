"""`python -m tests.e2e.crowd_store AGENTS MATCHES`: one competition with so many, written by the driver.

Prints what there is to ask for as JSON. The latest matches are real ones, recorded as a worker's results are;
those below them have a row, two seats and no episodes.
"""

import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

import django
from django.db import connection, models, transaction

REAL = 100
"""Matches with episodes."""
_CHANGES = 20
"""Points of every agent's rating history."""
_AT_ONCE = 20_000
Values = tuple[Any, ...]  # Any: what a driver takes


def fill(agents: int, matches: int) -> dict[str, str]:
    """Fill an empty installation; return addresses' parts: competition, agents, matches, a person."""
    from coliseum import clock, ids
    from coliseum.accounts.models import User
    from coliseum.competitions.queries import shown_phase
    from coliseum.league.scratch import Played, clean_up, open_field, queue_matches
    from coliseum.matches.recording import record_results
    from coliseum.matches.services import claim_batch

    now = clock.now()
    competition, field = open_field(agents)
    own = competition.slug[-8:]
    people = User.objects.bulk_create(User(username=f"{own}-{number}") for number in range(agents))
    _insert_members(field, people)
    phase = shown_phase(competition)
    moments = (now - timedelta(seconds=matches - number) for number in range(matches))
    keys = [ids.first_id(moment)[: -len(own)] + own for moment in moments]
    rng = random.Random(1)
    # Everybody as often as everybody else, against one after the other.
    pairs = [(each % agents, (each + 1 + each // agents % (agents - 1)) % agents) for each in range(matches)]
    _insert_matches(competition, phase, keys, now)
    _insert_seats([each.pk for each in field], keys, pairs, rng)
    _insert_board(phase, field, matches, rng, now)
    queue_matches(competition, field, REAL)
    played = Played()
    batch = claim_batch(limit=REAL)
    record_results([played.result_of(match, number) for number, match in enumerate(batch)])
    clean_up()
    agent = field[pairs[0][0]]
    return {
        "competition": competition.slug,
        "agent": agent.pk,
        "opponent": field[pairs[0][1]].pk,
        "match": batch[0].pk,
        "old": keys[matches // 2],
        "person": people[0].username,
        "team": agent.entry.team_id,
        "pages": str(-(-agents // 100)),
    }


def _insert_members(field: Sequence[Any], people: Sequence[Any]) -> None:  # Any: submissions, users
    from coliseum.competitions.models import Team

    members = Team.members.through
    rows = [
        members(team_id=each.entry.team_id, user_id=person.pk)
        for each, person in zip(field, people, strict=True)
    ]
    members.objects.bulk_create(rows, batch_size=1000)


def _insert_matches(competition: Any, phase: Any, keys: Sequence[str], now: Any) -> None:
    from coliseum.matches.models import Match

    one = Match(
        competition=competition,
        phase=phase,
        kind="league",
        state="finished",
        reason="gain",
        worker="worker-1.example:4242",
        isolation=2,
        seconds=0.02,
        in_ledger=True,
        digest="ab" * 16,
        queued_at=now,
        started_at=now,
        finished_at=now,
    )
    _insert(one, {"id": keys})


def _insert_seats(
    agents: Sequence[str], keys: Sequence[str], pairs: Sequence[Sequence[int]], rng: random.Random
) -> None:
    from coliseum.matches.models import Seat

    ranks = [
        rng.choice(((1, 2), (1, 2), (1, 2), (1, 2), (1, 2), (1, 2), (1, 2), (2, 1), (1, 1))) for _ in keys
    ]
    columns = {
        "match_id": (key for key in keys for _ in (0, 1)),
        "position": (position for _ in keys for position in (0, 1)),
        "submission_id": (agents[each] for pair in pairs for each in pair),
        "rank": (rank for both in ranks for rank in both),
        "forfeits": (int(rng.random() < 0.01) for _ in keys for _ in (0, 1)),
    }
    _insert(Seat(outcome="ok", score=0.5), columns)


def _insert_board(phase: Any, field: Sequence[Any], matches: int, rng: random.Random, now: Any) -> None:
    from coliseum.leaderboards.models import RatingChange, Snapshot, Standing

    Snapshot.objects.update_or_create(phase=phase, defaults={"matches": matches, "computed_at": now})
    ratings = sorted((rng.gauss(1500, 200) for _ in field), reverse=True)
    played = max(1, 2 * matches // len(field))
    rows = [
        Standing(
            phase=phase,
            submission=each,
            rank=place + 1,
            rank_low=max(1, place - 50),
            rank_high=place + 50,
            rating=rating,
            low=rating - 30,
            high=rating + 30,
            field_rate=1 / (1 + 10 ** ((1500 - rating) / 400)),
            worst_opponent=field[0] if place else None,
            worst_rate=0.2,
            worst_low=-0.1,
            band=place // 50,
            division=place // 1000,
            episodes_to_next=40.0,
            matches=played,
            wins=played // 2,
            losses=played - played // 2,
            episodes=2 * played,
            opponents=played,
            provisional=False,
        )
        for place, (each, rating) in enumerate(zip(field, ratings, strict=True))
    ]
    Standing.objects.bulk_create(rows, batch_size=1000)
    change = RatingChange(phase=phase, rating=1500.0, low=1470.0, high=1530.0, rank=1, at=now)
    columns = {
        "submission_id": (each.pk for each in field for _ in range(_CHANGES)),
        "matches": (10 * step for _ in field for step in range(_CHANGES)),
    }
    _insert(change, columns)


def _insert(one: models.Model, columns: dict[str, Iterable[Any]]) -> None:  # Any: values of columns
    """Write rows that are like one but for some columns, past the ORM."""
    fields = [each for each in one._meta.concrete_fields if not isinstance(each, models.AutoField)]
    names = [each.column for each in fields]
    like = [each.get_db_prep_save(getattr(one, each.attname), connection) for each in fields]
    places = [names.index(name) for name in columns]

    def rows() -> Iterator[Values]:
        for values in zip(*columns.values(), strict=True):
            for place, value in zip(places, values, strict=True):
                like[place] = value
            yield tuple(like)

    table = connection.ops.quote_name(one._meta.db_table)
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    waiting = rows()
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copied:
                for row in waiting:
                    copied.write_row(row)
            return
        values = ", ".join(["%s"] * len(names))
        while some := list(islice(waiting, _AT_ONCE)):
            cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({values})", some)


if __name__ == "__main__":
    django.setup()
    print(json.dumps(fill(int(sys.argv[1]), int(sys.argv[2]))))
