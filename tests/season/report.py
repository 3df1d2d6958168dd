"""The season as a document: docs/season.md, from what really happened."""

import os
import platform
import textwrap
from collections.abc import Sequence
from datetime import datetime

from tests.season.events import Played
from tests.season.evidence import Outcome, Rerating

_HEAD = """# A season, really played

Three arenas, their baselines and the agents of `tests/season/agents/`, played by the real workers on one
machine.

`python -m tests.season --tournaments` wrote this page. It starts a site of its own (SQLite, embedded queue,
sandboxed workers), sends the agents in, lets the workers play, exports the ledgers, fits them again
offline, and plays one tournament of each format. The agents are single files: styles, rules of thumb,
searches and learned ones. In each field some share an owner and so never meet, and some raise an exception
now and then.
"""


def document(
    outcomes: Sequence[Outcome],
    events: Sequence[Played],
    *,
    began: datetime,
    minutes: float,
    pictures: Sequence[str],
) -> str:
    """Return the whole page as Markdown."""
    parts = [_HEAD, _machine(began, minutes), _summary(outcomes)]
    for outcome in outcomes:
        parts.append(_board(outcome))
        parts += [
            f"![{_words(name)}](season/{name})\n"
            for name in pictures
            if name.startswith(outcome.competition.slug)
        ]
        if outcome.calibration:
            parts.append(_calibration(outcome.calibration))
        parts.append(_rerated(outcome.rerating))
    if events:
        parts.append(_tournaments(events))
        parts += [f"![{_words(name)}](season/{name})\n" for name in pictures if name.startswith("tournament")]
    return "\n".join(_wrapped(line) for line in "\n".join(parts).split("\n"))


def _wrapped(line: str) -> str:
    """Return a line of prose in several; tables and pictures stay whole."""
    return line if line.startswith(("|", "!", "#")) else textwrap.fill(line, 118)


def _machine(began: datetime, minutes: float) -> str:
    cores = len(os.sched_getaffinity(0))
    return (
        f"Played on {began:%Y-%m-%d} from {began:%H:%M} UTC for {minutes:.0f} minutes on {cores} cores "
        f"({platform.machine()}, Linux {platform.release()}, Python {platform.python_version()}). "
        "The machine did other work at the same time, so the counts say nothing about speed.\n"
    )


def _summary(outcomes: Sequence[Outcome]) -> str:
    lines = [
        "| arena | agents | matches | episodes | turns | forfeits | our faults | board = ledger offline |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in outcomes:
        same = "yes, bit for bit" if _is_same(each.rerating) else "**no**"
        lines.append(
            f"| `{each.competition.arena}` | {len(each.rows)} | {each.matches:,} | {each.episodes:,} "
            f"| {each.turns:,} | {each.forfeits} | {each.failed} | {same} |"
        )
    return "\n".join(lines) + "\n"


def _board(outcome: Outcome) -> str:
    lines = [
        f"## {outcome.competition.title.partition(',')[0]} (`{outcome.competition.arena}`)\n",
        _learned(outcome),
        "| rank (95 %) | agent | owner | rating | ± | field rate | P(best) | matches | opponents | forfeits "
        "| worst opponent |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in outcome.rows:
        half = (float(str(row["high"])) - float(str(row["low"]))) / 2
        chip = " (provisional)" if row["provisional"] else ""
        worst = f"{row['worst']} ({_share(row['worst_rate'])})" if row["worst"] else ""
        lines.append(
            f"| {row['rank']} ({row['rank_low']}-{row['rank_high']}) | {row['agent']}{chip} | {row['owner']} "
            f"| {row['rating']:.0f} | {half:.0f} | {_share(row['field_rate'])} | {_share(row['p_best'])} "
            f"| {row['matches']} | {row['opponents']} | {row['forfeits']} | {worst} |"
        )
    if outcome.suspended:
        who = " and ".join(outcome.suspended)
        lines.append(f"\nSuspended for forfeiting too often, and so without a place: {who}.")
    return "\n".join(lines) + "\n"


def _learned(outcome: Outcome) -> str:
    learned = outcome.snapshot.parameters
    logit = 173.718
    return (
        f"The fit learned a spread of strengths of {learned['sigma0'] * logit:.0f} Elo, a weight of "
        f"{learned['kappa']:.2f} for one comparison, and pair effects (who beats whom beyond the ratings) of "
        f"{learned['tau'] * logit:.0f} Elo.\n"
    )


def _calibration(content: dict[str, object]) -> str:
    lines = [
        "Calibration: results predicted by the fit of the matches before them, seen from the side that was "
        f"expected to win ({content['results']:,} results). Log-loss {content['log_loss']:.3f}; always "
        f"saying one half would give {content['log_loss_coin']:.3f}.\n",
        "| predicted | observed | 95 % | results |",
        "|---|---|---|---|",
    ]
    bins = content["bins"]
    assert isinstance(bins, list)
    lines += [
        f"| {each['predicted']:.3f} | {each['observed']:.3f} | {each['low']:.3f} to {each['high']:.3f} "
        f"| {each['results']:,} |"
        for each in bins
        if each["results"]
    ]
    return "\n".join(lines) + "\n"


def _rerated(rerating: Rerating) -> str:
    said = (
        f"The ledger ({rerating.lines:,} lines, {rerating.bytes:,} B, root `{rerating.root[:16]}…`) fitted "
        "again by `coliseum rerate` in a process without the site: "
    )
    if _is_same(rerating):
        return said + f"all {rerating.numbers} numbers and the digest `{rerating.digest[:16]}…` are equal.\n"
    return said + "**not equal**: " + "; ".join(rerating.differences[:5] or ("the digest differs",)) + ".\n"


def _tournaments(events: Sequence[Played]) -> str:
    lines = [
        "## One tournament of each format\n",
        "Played through by the season's agents, seeded by their ratings, each match in all seatings. The "
        "last column: how likely the format crowns the best of such a field, simulated from the ratings.\n",
        "| tournament | format | arena | entrants | matches | 1st | 2nd | 3rd | crowns the best |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for each in events:
        chance = f"{100 * each.crowning[0]:.0f} ± {196 * each.crowning[1]:.0f} %" if each.crowning else ""
        lines.append(
            f"| {each.event.title} | {each.event.format} | {each.event.slug} | {each.entrants} "
            f"| {each.matches} | {' | '.join(each.first)} | {chance} |"
        )
    return "\n".join(lines) + "\n"


def _is_same(rerating: Rerating) -> bool:
    return rerating.is_same_digest and not rerating.differences


def _share(value: object) -> str:
    return "" if value is None else f"{100 * float(str(value)):.0f} %"


def _words(name: str) -> str:
    return name.removesuffix(".jpg").replace("-", " ").capitalize()
