"""How a table ends, in words for the person who sat there."""

from typing import Any, Final

from arenas.spec import ArenaSpec
from workers.refusals import OUTCOMES
from workers.spec import EpisodeResult, Outcome

ENDINGS: Final = {
    "finished": "The game is over.",
    "left": "You left the table.",
    "away": "The table was closed, because nobody was there any more.",
    "gives_way": "The show gives way: somebody waits for a table to play at.",
    "stopped": "The site is being restarted. Start again in a minute.",
    "broken": "The table broke off. That is our fault, not yours; start again.",
    "unknown": "This table is not there any more. Start again.",
}
"""Why a table ended, by key."""


def ending(why: str, *, detail: str = "") -> dict[str, object]:
    """Return the last word of a table that gave no result."""
    return {"kind": "over", "why": why, "text": detail or ENDINGS[why], "seats": [], "replay": False}


def result_word(arena: ArenaSpec, names: list[str], seat: int, result: EpisodeResult) -> dict[str, object]:
    """Return the last word of a table that was played to an end; whether there is a replay is added later.

    Args:
        arena: what was played.
        names: of who sat in each seat.
        seat: the person's; -1 in a show.
        result: of the episode.
    """
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(result.seats):
        text = OUTCOMES[row.outcome]
        rows.append(
            {
                "seat": number,
                "name": names[number],
                "outcome": row.outcome.value,
                "label": text.label,
                "meaning": _meaning(row.outcome, number == seat) if row.outcome is not Outcome.OK else "",
                "message": row.message,
                "rank": row.rank,
                "reward": round(row.total_reward, 3),
            }
        )
    return {
        "kind": "over",
        "why": "finished",
        "text": _verdict(arena, seat, result) if seat >= 0 else _news(arena, names, result),
        "seats": rows,
        "turns": result.turns,
        "cut_off": result.truncated,
    }


def _meaning(outcome: Outcome, is_person: bool) -> str:
    if is_person:
        return "You took too long." if outcome is Outcome.TIMED_OUT else "You are out."
    return OUTCOMES[outcome].meaning


def _verdict(arena: ArenaSpec, seat: int, result: EpisodeResult) -> str:
    own = result.seats[seat]
    if arena.seats == 1:
        return f"You earned {own.total_reward:g}."
    if arena.objective == "outcome" and arena.seats == 2:
        return {1.0: "You won.", 0.5: "A draw."}.get(own.score, "You lost.")
    best = [row for row in result.seats if row.rank == 1]
    if own.rank == 1:
        return "You won." if len(best) == 1 else "You share the first place."
    return f"You came {_ordinal(own.rank)} of {arena.seats}."


def _news(arena: ArenaSpec, names: list[str], result: EpisodeResult) -> str:
    """Return how a show ended, in a sentence for those who watched."""
    if arena.seats == 1:
        return f"{names[0]} earned {result.seats[0].total_reward:g}."
    best = [row for row in result.seats if row.rank == 1]
    winners = list(dict.fromkeys(names[seat] for seat, row in enumerate(result.seats) if row.rank == 1))
    if len(best) == arena.seats:
        return "A draw." if arena.seats == 2 else "They share the first place."
    if len(winners) == 1:
        return f"{winners[0]} won."
    return f"{', '.join(winners[:-1])} and {winners[-1]} share the first place."


def _ordinal(rank: int) -> str:
    return f"{rank}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(rank, 'th') }"
