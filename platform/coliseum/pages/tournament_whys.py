"""Why a pairing, a place or a result is as it is: the English sentences of the formats in other languages."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from django.utils.translation import get_language, gettext_lazy, gettext_noop
from django.utils.translation import gettext as _

from workers.league.formats.tiebreaks import TIEBREAK_WORDS

SENTENCES: Final = (
    gettext_noop("Seed %(first)s against seed %(second)s."),
    gettext_noop("Best of %(best_of)s: %(points)s."),
    gettext_noop("Best of %(best_of)s: %(points)s after 1 extra match."),
    gettext_noop("Best of %(best_of)s: %(points)s after %(extra)s extra matches."),
    gettext_noop("Level at %(points)s; an extra match decides."),
    gettext_noop("Level at %(points)s."),
    gettext_noop("Level at %(points)s after 1 extra match."),
    gettext_noop("Level at %(points)s after %(extra)s extra matches."),
    gettext_noop("The better seed goes on."),
    gettext_noop("Still open."),
    gettext_noop("Still in."),
    gettext_noop("Played."),
    gettext_noop("Both have left."),
    gettext_noop("A walkover: the opponent has left."),
    gettext_noop("A bye: there was no opponent."),
    gettext_noop("Nobody was left."),
    gettext_noop("Nobody else was there."),
    gettext_noop("No reset: the winner has not lost."),
    gettext_noop("Won the final."),
    gettext_noop("Won the final reset."),
    gettext_noop("Won the match for third place."),
    gettext_noop("Lost the match for third place."),
    gettext_noop("Matches not played go to those who stayed."),
    gettext_noop("A disqualified entry loses all its matches."),
    gettext_noop("Disqualified: what it had decided by play stands, the rest was a walkover."),
    gettext_noop("Disqualified: all its pairings count as lost."),
    gettext_noop("Withdrawn before half of its pairings were played: its results count for nobody."),
    gettext_noop("Round %(round)s of %(rounds)s: everybody meets everybody."),
    gettext_noop("The field is odd: the lowest of those with the fewest byes sits out."),
    gettext_noop("Both have %(points)s points."),
    gettext_noop("%(high)s against %(low)s points, the nearest that was left for both."),
    gettext_noop("They meet again: there was no other way left."),
    gettext_noop("%(entries)s entries do not fill tables of %(seats)s: those who sat out least do."),
    gettext_noop("Drawn so that everybody meets everybody as evenly as it goes."),
    gettext_noop("Scores from %(low)s to %(high)s."),
    gettext_noop("%(pairs)s of the pairs have met before."),
    gettext_noop("None of them have met before."),
    gettext_noop("Shares the place with %(others)s more."),
    gettext_noop("Shares the place with %(others)s more: equal in points and all tie-breaks."),
    gettext_noop("Ahead of the next by points: %(first)s against %(second)s."),
    gettext_noop("On equal points ahead of the next by %(tiebreak)s: %(first)s against %(second)s."),
    gettext_noop("On equal points ahead of the next by %(tiebreak)s."),
    gettext_noop("%(points)s points."),
    gettext_noop("Number %(place)s of group %(group)s."),
    gettext_noop("Out in: %(label)s."),
    gettext_noop("%(label)s, best of %(best_of)s."),
)
"""Templates of all sentences that `workers.league.formats` writes into `why`."""
_ROUNDS: Final = {
    "Final": gettext_lazy("Final"),
    "Final reset": gettext_lazy("Final reset"),
    "Semi-final": gettext_lazy("Semi-final"),
    "Quarter-final": gettext_lazy("Quarter-final"),
    "Match for third place": gettext_lazy("Match for third place"),
    "Winners' final": gettext_lazy("Winners' final"),
    "Losers' final": gettext_lazy("Losers' final"),
}
_NUMBERED: Final = {
    "Round of": gettext_lazy("Round of %(number)s"),
    "Winners' round": gettext_lazy("Winners' round %(number)s"),
    "Losers' round": gettext_lazy("Losers' round %(number)s"),
}
_VALUES: Final = {
    "tiebreak": "|".join(map(re.escape, TIEBREAK_WORDS.values())),
    "label": r"[A-Z][A-Za-z'-]*(?: [a-z]+)*(?: [0-9]+)?",
    "points": r"[0-9.e+-]+?",
}
_NUMBER: Final = r"-?[0-9][0-9.e+]*?"


def round_label(label: str) -> str:
    """Return what a format calls a round in the language of the reader."""
    start, _space, number = label.rpartition(" ")
    if number.isdecimal() and start in _NUMBERED:
        return str(_NUMBERED[start] % {"number": number})
    return str(_ROUNDS.get(label, label))


def explained(why: str) -> str:
    """Return an explanation in the language of the page; one with an unknown sentence stays English."""
    if not why or get_language() in {"en", None}:
        return why
    said = []
    at = 0
    while at < len(why):
        found = next(_sentences(why, at), None)
        if found is None:
            return why
        text, at = found
        said.append(text)
    return " ".join(said)


def _sentences(why: str, at: int) -> Iterator[tuple[str, int]]:
    """Yield each sentence that may begin at a place, said again, and where the next one begins."""
    for template in SENTENCES:
        if found := _pattern(template).match(why, at):
            values = {name: _value(name, value) for name, value in found.groupdict().items()}
            yield _(template) % values, found.end()


def _value(name: str, value: str) -> str:
    if name == "label":
        return round_label(value)
    return _(value) if name == "tiebreak" else value


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", template)
    for place in range(1, len(parts), 2):
        parts[place] = f"(?P<{parts[place]}>{_VALUES.get(parts[place], _NUMBER)})"
    for place in range(0, len(parts), 2):
        parts[place] = re.escape(parts[place])
    return re.compile("".join(parts) + r"(?: |$)")
