"""A made-up language, every word with accents, in brackets and longer; and a reader that finds the rest."""

import re
from collections.abc import Iterator
from gettext import GNUTranslations
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import allauth
import django
from django.contrib import admin, auth

LANGUAGE: Final = "xa"
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED = "áƀćďéƒğĥíĵķłḿńőṕɋŕśţúṽẃẋýźÁßĆĎÉƑĞĤÍĴĶŁḾŃŐṔɊŔŚŢÚṼẂẊÝŹ"
_ACCENTS: Final = str.maketrans(_PLAIN, _ACCENTED)
_KEPT: Final = re.compile(r"%\(\w+\)[.\d]*[sdfg]|%[sd]|%%|\{(\w*)(?::([^}]*))?\}|<[^>]+>|&\w+;|https?://\S+")
"""What stands in a message and is no word: values, elements, addresses."""
_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_UNITS: Final = re.compile(r"(?<=\d)\s?(ms|min|kB|MB|GB|MiB|px|fps|th|st|nd|rd|s|h|d|B)\b")
_SHOWN: Final = {
    "title",
    "alt",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "placeholder",
    "label",
}
_VOID: Final = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_WORDLESS: Final = {"script", "style", "code", "pre", "kbd", "samp", "time", "textarea"}


def pseudo(text: str) -> str:
    """Return a message of this language; what is put in later, elements and addresses stay."""
    parts, start = [], 0
    for found in _KEPT.finditer(text):
        parts += [text[start : found.start()].translate(_ACCENTS), _kept(found)]
        start = found.end()
    whole = "".join(parts) + text[start:].translate(_ACCENTS)
    # The spaces at the ends stay outside: browsers join and cut there.
    inner = whole.strip()
    return whole.replace(inner, f"⟦{inner}{'·' * (len(inner) * 2 // 5)}⟧") if inner else whole


def _kept(found: re.Match[str]) -> str:
    words = found[2]
    if words and "|" in words:  # The words counted stand in the placeholder, see workers/refusals/text.py.
        return f"{{{found[1]}:{words.translate(_ACCENTS)}}}"
    return found[0]


def forms_of(catalogue: Path) -> dict[str, tuple[str, ...]]:
    """Return what a compiled catalogue says for every message: one text, or one for one and one for many."""
    with catalogue.open("rb") as file:
        kept = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    plain = {key: (text,) for key, text in kept.items() if isinstance(key, str) and key}
    counted = {key[0]: (kept[key[0], 0], kept[key[0], 1]) for key in kept if not isinstance(key, str)}
    return plain | counted


def libraries() -> Iterator[Path]:
    """Yield the catalogues that Django and allauth bring: what they translate is not ours to mark."""
    for module, below in ((django, "conf"), (auth, ""), (admin, ""), (allauth, "")):
        folder = Path(module.__file__ or "").parent / below / "locale" / "de" / "LC_MESSAGES"
        yield from folder.glob("django.mo")


def catalogue_text(forms: dict[str, tuple[str, ...]]) -> str:
    """Return a catalogue of these messages as text; what counts has two forms."""
    head = "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=n != 1;\\n"
    entries = [_entry(message, tuple(map(pseudo, said))) for message, said in forms.items()]
    return "\n".join([f'msgid ""\nmsgstr "{head}"\n', *entries])


def _entry(message: str, said: tuple[str, ...]) -> str:
    context, _, text = message.rpartition("\x04")
    lines = [f"msgctxt {_quoted(context)}"] if context else []
    lines.append(f"msgid {_quoted(text)}")
    if len(said) == 1:
        lines.append(f"msgstr {_quoted(said[0])}")
    else:
        lines.append(f"msgid_plural {_quoted(text)}")
        lines += [f"msgstr[{index}] {_quoted(each)}" for index, each in enumerate(said)]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


class Leftovers(HTMLParser):
    """Reads a page; `found` has the texts in which plain words are left: nobody could translate these."""

    def __init__(self, allowed: re.Pattern[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._allowed = allowed
        self._open: list[tuple[str, bool]] = []
        """The elements around, and whether words in each are left alone."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        other = tag != "html" and given.get("lang", LANGUAGE) != LANGUAGE
        quiet = self._quiet or other or tag in _WORDLESS or given.get("translate") == "no"
        if tag not in _VOID:
            self._open.append((tag, quiet))
        if quiet:
            return
        for name, value in given.items():
            button = tag == "input" and name == "value" and given.get("type") in {"submit", "button", "reset"}
            described = name == "content" and given.get("name") == "description"
            if name in _SHOWN or button or described:
                self._look(value, f"{tag} {name}")

    def handle_endtag(self, tag: str) -> None:
        while any(tag == name for name, _ in self._open):
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self._look(data, self._open[-1][0] if self._open else "")

    @property
    def _quiet(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _look(self, text: str, place: str) -> None:
        if _WORD.search(_UNITS.sub(" ", self._allowed.sub("1", text))):
            self.found.append(f"<{place}> {' '.join(text.split())[:140]}")
