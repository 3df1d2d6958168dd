"""What tables and shows say, in the language of whoever reads it: live workers speak English alone."""

import json
import re
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext_lazy

_SPOKEN: Final = ("over", "note", "told")
"""Kinds of words with sentences in them."""
SENTENCES: Final = (
    gettext_noop("The agents are taking their seats."),
    gettext_noop("The table does not answer. Trying again."),
    gettext_noop("That move came too late: the table is one turn further."),
    gettext_noop("You took too long."),
    gettext_noop("You are out."),
    gettext_noop("You won."),
    gettext_noop("A draw."),
    gettext_noop("You lost."),
    gettext_noop("You share the first place."),
    gettext_noop("They share the first place."),
)
"""Those that stand in the code of live workers; the ways to end are `workers.live.ending.ENDINGS`."""
_ORDINALS: Final = {
    "st": pgettext_lazy("ending of an ordinal", "st"),
    "nd": pgettext_lazy("ending of an ordinal", "nd"),
    "rd": pgettext_lazy("ending of an ordinal", "rd"),
    "th": pgettext_lazy("ending of an ordinal", "th"),
}
_WITH_FACTS: Final = (
    (r"You earned (?P<reward>\S+)\.", gettext_noop("You earned %(reward)s.")),
    (
        r"You came (?P<place>\d+(?:st|nd|rd|th)) of (?P<seats>\d+)\.",
        gettext_noop("You came %(place)s of %(seats)s."),
    ),
    (r"(?P<name>.+) earned (?P<reward>\S+)\.", gettext_noop("%(name)s earned %(reward)s.")),
    (r"(?P<name>.+) won\.", gettext_noop("%(name)s won.")),
    (
        r"(?P<names>.+) and (?P<last>.+) share the first place\.",
        gettext_noop("%(names)s and %(last)s share the first place."),
    ),
    (r"(?P<why>.+) Choose another one\.", gettext_noop("%(why)s Choose another one.")),
)


def sentence(text: str) -> str:
    """Return a sentence of a live worker in the language that is active; one nobody knows stays as it is."""
    if text in SENTENCES:
        return _(text)
    for pattern, words in _WITH_FACTS:
        if found := re.fullmatch(pattern, text):
            facts = found.groupdict()
            if "place" in facts:
                facts["place"] = facts["place"][:-2] + str(_ORDINALS[facts["place"][-2:]])
            return _(words) % facts
    return _(text)


def last_word(word: dict[str, Any]) -> dict[str, Any]:  # Any: a JSON object
    """Return how a table ended with its sentences in the language that is active."""
    seats = [
        row | {"label": _(row["label"]), "meaning": sentence(row["meaning"])} for row in word.get("seats", ())
    ]
    return word | {"text": sentence(word["text"])} | ({"seats": seats} if seats else {})


def in_language(word: bytes, language: str | None) -> bytes:
    """Return a word of a stream in a language; words without sentences, and all in English, as they are."""
    if not language or language.startswith("en"):
        return word
    if not any(word.startswith(b'{"kind":"%s"' % kind.encode()) for kind in _SPOKEN):
        return word
    with translation.override(language):
        return json.dumps(last_word(json.loads(word)), separators=(",", ":")).encode()
