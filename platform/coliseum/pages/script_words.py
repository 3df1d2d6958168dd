"""The words of scripts in another language: one small script that a page loads before all others."""

import json
import re
from typing import Final

from django.conf import settings
from django.utils.translation import gettext, override

from workers.refusals import OUTCOMES

_WORD: Final = re.compile(r'\bword\(("(?:[^"\\]|\\.)+")')
"""How scripts mark what people read, see frontend/static/js/language/words.js."""


def words() -> list[str]:
    """Return all texts of the scripts, and the outcomes that they are told of."""
    scripts = sorted((settings.FRONTEND / "static" / "js").rglob("*.js"))
    marked = [
        json.loads(text) for path in scripts for text in _WORD.findall(path.read_text(encoding="utf-8"))
    ]
    outcomes = [text for each in OUTCOMES.values() for text in (each.label, each.meaning)]
    return sorted({*marked, *outcomes})


def words_script(language: str) -> str:
    """Return a script that knows the words of a language; what nobody translated is left out."""
    with override(language):
        known = {text: str(gettext(text)) for text in words()}
    translated = {text: said for text, said in known.items() if said != text}
    text = json.dumps(translated, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # "</script>" must not end the page to keep, which has the words inside.
    return f"globalThis.coliseumWords={text.replace('<', chr(92) + 'u003c')};\n"


def script_name(language: str) -> str:
    """Return the static file with the words of a language; empty for English, which the scripts speak."""
    is_other = language != settings.LANGUAGE_CODE and language in dict(settings.LANGUAGES)
    return f"js/words-{language}.js" if is_other else ""


def scripts() -> dict[str, str]:
    """Return the script of every language by its name."""
    names = {script_name(code): code for code, _ in settings.LANGUAGES}
    return {name: words_script(code) for name, code in names.items() if name}
