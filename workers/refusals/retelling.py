"""A text made from a template, said again in another language: its values are read back out of it."""

import re
import string
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Final

from workers.refusals.text import render

Translate = Callable[[str], str]
"""From an English text to another language; a text that nobody translated comes back as it is."""
PHRASES: Final = frozenset(
    {"action", "expected", "id", "kind", "known", "problem", "reason", "state", "wanted", "why"}
)
"""Values that are English phrases of ours wherever they are no quotations."""
MADE_PHRASES: Final = (
    "one of {choices}",
    "a text of at most {most} characters",
    "a text of {least} to {most} characters",
    "a whole number from {least} to {most}",
    "a number from {least} to {most}",
    "at most {most} agents",
    "{word}, typed exactly",
    "a whole number",
    "a number",
    "a list",
    "a table",
    "a time to come",
    "true or false",
    "1 to 60 small letters, digits and single dashes",
    "an e-mail domain in small letters, as example.org",
    "an https address, without name or password in it",
    "at least one e-mail domain",
    "names or e-mail addresses, or link = true",
)
"""Phrases with values of their own, and those that are made far from where they are refused."""


def said(template: str, values: Mapping[str, object], translate: Translate) -> str:
    """Fill a template in another language."""
    return render(
        translate(template), {name: _said(name, value, translate) for name, value in values.items()}
    )


def retold(text: str, templates: Iterable[str], translate: Translate) -> str:
    """Say a text again that was made from one of some templates; another one comes back as it is.

    Rows keep what a person was told in English, and not the values it was made of.
    """
    if not text:
        return ""
    for template in templates:
        found = _pattern(template).fullmatch(text)
        if found:
            values = dict(_read(name, value) for name, value in found.groupdict().items())
            return said(template, values, translate)
    return translate(text)


def _said(name: str, value: object, translate: Translate) -> object:
    if name not in PHRASES or not isinstance(value, str) or not value:
        return value
    known = translate(value)
    return known if known != value else retold(value, MADE_PHRASES, translate)


def _read(group: str, shown: str) -> tuple[str, object]:
    name, _, kind = group.partition("__")
    return name, int(shown.replace(",", "")) if kind.startswith("counted") else shown


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """Return what finds the values of a template in a text; a name that comes twice is read once."""
    parts: list[str] = []
    for index, (before, name, spec, _) in enumerate(string.Formatter().parse(template)):
        parts.append(re.escape(before))
        if name:
            nouns = "|".join(map(re.escape, spec.split("|"))) if spec and "|" in spec else ""
            counted = rf"(?P<{name}__counted{index}>[\d,]+) (?:{nouns})"
            parts.append(counted if nouns else f"(?P<{name}__{index}>.*?)")
    return re.compile("".join(parts), re.DOTALL)
