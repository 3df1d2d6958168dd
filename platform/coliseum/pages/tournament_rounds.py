"""The rounds of a stage as rows to print: who met whom, in which matches, and what is still open."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum.pages.brackets import points_text
from coliseum.pages.rows import Row
from coliseum.pages.tournament_whys import explained
from coliseum.pages.wording import amount
from coliseum.tournaments.models import PairedMatch
from workers.league.formats import (
    DoubleElimination,
    Field,
    Groups,
    History,
    Pairing,
    RoundRobin,
    SingleElimination,
    Stage,
    Swiss,
    Tables,
)
from workers.league.formats.knockout import OPEN

MOST_PAIRINGS = 300
"""Pairings up to which all rounds are on one page; else one round is, and links to the others."""
_PLAYED = {"finished": "done", "queued": "waiting", "running": "running"}
Name = tuple[int, int]


def open_pairings(form: Stage, field: Field, history: History) -> set[Name]:
    """Return the names of the pairings that are not decided.

    Raises:
        FormatError: the history is not one of this stage.
    """
    if isinstance(form, SingleElimination | DoubleElimination):
        return {one.node.name for one in form.outlooks(field, history) if one.winner == OPEN}
    inner = form.inner if isinstance(form, Groups) else form
    wanted = inner.matches if isinstance(inner, RoundRobin | Swiss | Tables) else 1
    gone = {left.entry for left in history.departures}
    played: dict[Name, int] = defaultdict(int)
    for score in history.scores:
        played[score.round, score.number] += 1
    return {
        pairing.name
        for pairing in history.pairings
        if not pairing.is_bye and gone.isdisjoint(pairing.lineup) and played[pairing.name] < wanted
    }


def anchor(stage: int, history: History, name: Name) -> str:
    """Return the address of a pairing within its tournament's page."""
    page = f"?stage={stage}&round={name[0]}" if len(history.pairings) > MOST_PAIRINGS else ""
    return f"{page}#p{stage}-{name[0]}-{name[1]}"


def round_of_stage(round_: int, stage: int) -> str:
    """Return what a round is called in a sentence; of the first stage the stage is not named."""
    if stage > 1:
        return _("round %(round)s of stage %(stage)s") % {"round": round_, "stage": stage}
    return _("round %(round)s") % {"round": round_}


def round_rows(
    open_: set[Name],
    history: History,
    describe: Callable[[int], Row],
    matches: Mapping[Name, Sequence[PairedMatch]],
    chosen: tuple[int, int],
) -> Row:
    """Return the rounds of a stage, and links to those that are not on the page.

    Args:
        open_: names of the pairings that are not decided.
        history: what may be shown.
        describe: names an entrant.
        matches: of each pairing.
        chosen: the stage, and the round to show where not all can be; 0 is the first that is open.
    """
    stage, wanted = chosen
    by_round: dict[int, list[Pairing]] = defaultdict(list)
    for pairing in sorted(history.pairings, key=lambda each: each.name):
        by_round[pairing.round].append(pairing)
    points: dict[Name, list[tuple[float, ...]]] = defaultdict(list)
    for score in history.scores:
        points[score.round, score.number].append(score.points)
    links = []
    if len(history.pairings) > MOST_PAIRINGS:
        first_open = min((name[0] for name in open_ if name[0] in by_round), default=max(by_round))
        wanted = wanted if wanted in by_round else first_open
        links = [
            {
                "number": number,
                "url": f"?stage={stage}&round={number}#rounds-{stage}",
                "is_current": number == wanted,
            }
            for number in by_round
        ]
        by_round = defaultdict(list, {wanted: by_round[wanted]})
    rounds = []
    for number, pairings in by_round.items():
        left = sum(pairing.name in open_ for pairing in pairings)
        rounds.append(
            {
                "number": number,
                "pairings": [
                    _pairing(each, stage, describe, points[each.name], matches.get(each.name, ()))
                    for each in pairings
                ],
                "is_open": bool(left),
                "note": _("%(pairings)s open") % {"pairings": amount(left, "pairing", "pairings")}
                if left
                else _("over"),
            }
        )
    return {"rounds": rounds, "round_links": links}


def _pairing(
    pairing: Pairing,
    stage: int,
    describe: Callable[[int], Row],
    points: Sequence[tuple[float, ...]],
    matches: Sequence[PairedMatch],
) -> Row:
    totals = [sum(match[place] for match in points) for place in range(len(pairing.lineup))]
    best = max(totals) if points else 0.0
    leads = bool(points) and totals.count(best) == 1
    return {
        "anchor": f"p{stage}-{pairing.round}-{pairing.number}",
        "why": explained(pairing.why),
        "is_bye": pairing.is_bye,
        "sides": [
            {
                **describe(entry),
                "score": points_text(totals[place]) if points else "",
                "is_ahead": leads and totals[place] == best,
            }
            for place, entry in enumerate(pairing.lineup)
        ],
        "matches": [_match(each) for each in matches],
    }


def _match(paired: PairedMatch) -> Row:
    match = paired.match
    is_void = paired.points == []
    return {
        "number": paired.number,
        "url": "" if match.state == "cancelled" else reverse("match", args=[match.pk]),
        "word": "skipped" if is_void else _PLAYED.get(match.state, match.state),
        "label": _("counts for nobody") if is_void else match.get_state_display(),
    }
