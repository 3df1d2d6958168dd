"""One HTML file that plays a replay from a disk, without network: the player's own code and the trajectory.

How it works. The player is a handful of small modules that import each other by relative names. Here they
become one script: each module a function that returns what it exports, in the order of their imports. The
page's policy allows this script and this style by their hashes and nothing else.
"""

import base64
import hashlib
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.contrib.staticfiles import finders
from django.utils.html import escape

from coliseum.pages.rows import Row

_ENTRY: Final = "js/replay.js"
_STYLES: Final = ("css/tokens.css", "css/base.css", "css/components.css", "css/player.css")
_ICONS: Final = "img/icons.svg"
_IMPORT: Final = re.compile(r'^import \{ ([^}]*) \} from "(\./[^"]+)";$', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:class|function|const) (\w+))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Exported:
    """What an exported page shows."""

    title: str
    trajectory: bytes
    """As stored, of any version that the player still reads."""
    seats: Sequence[Row]
    source_url: str = ""
    """Where the match is on its site."""
    pictures: bytes = b""
    """WebP, for episodes that nothing can draw."""


def exported_page(shown: Exported) -> bytes:
    """Return the page as one file."""
    script, style = bundle(), styles()
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data: blob:"
    )
    names = "".join(
        f'<li data-seat="{int(seat["seat"])}"><span class="seat"><span class="agent">{escape(seat["name"])}'
        '</span></span><span class="score" title="Reward so far"></span></li>'
        for seat in shown.seats
    )
    pictures = (
        f'<script type="application/octet-stream" id="pictures">{_text(shown.pictures)}</script>'
        if shown.pictures
        else ""
    )
    source = (
        f'<p class="soft small"><a href="{escape(shown.source_url)}">This match on its site</a></p>'
        if shown.source_url
        else ""
    )
    return f"""<!doctype html>
<html lang="en" data-theme="auto">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(shown.title)} - Coliseum</title>
<style>{style}</style>
</head>
<body>
<svg hidden>{_icons()}</svg>
<main class="frame" id="main">
<div class="page-head"><h1>{escape(shown.title)}</h1>{source}</div>
<section class="player" id="player" data-replay-embedded="trajectory" data-link="no" data-icons=""{
        ' data-pictures-embedded="pictures"' if shown.pictures else ""
    } aria-label="Replay: {escape(shown.title)}">
<ul class="player-seats" data-player-seats>{names}</ul>
<div class="player-note" data-player-note role="status">
<noscript>The player needs JavaScript.</noscript></div>
</section>
</main>
<script type="application/octet-stream" id="trajectory">{_text(shown.trajectory)}</script>
{pictures}
<script type="module">{script}</script>
</body>
</html>
""".encode()


@cache
def bundle() -> str:
    """Return the player's modules as one script."""
    names: list[str] = []
    _collect(_ENTRY, names)
    parts = [f'modules["{name}"] = (() => {{\n{_wrapped(name)}\n}})();' for name in names]
    return "\nconst modules = {};\n" + "\n".join(parts) + "\n"


@cache
def styles() -> str:
    """Return the styles of page and player as one text."""
    return "\n".join(_read(name) for name in _STYLES)


def _collect(name: str, found: list[str]) -> None:
    """List a module after all that it imports."""
    for _, target in _IMPORT.findall(_read(name)):
        needed = _resolved(name, target)
        if needed not in found:
            _collect(needed, found)
    found.append(name)


def _wrapped(name: str) -> str:
    text = _read(name)
    exports = _EXPORT.findall(text)

    def bind(match: re.Match[str]) -> str:
        wanted = match[1].replace(" as ", ": ")
        return f'const {{ {wanted} }} = modules["{_resolved(name, match[2])}"];'

    body = _EXPORT.sub("", _IMPORT.sub(bind, text))
    return f"{body}\nreturn {{ {', '.join(exports)} }};"


def _resolved(importer: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), target))


def _read(name: str) -> str:
    path = finders.find(name)
    assert isinstance(path, str)  # Our own files are always there.
    return Path(path).read_text()


@cache
def _icons() -> str:
    """Return the symbols that the player's buttons use."""
    used = set(re.findall(r'(?:makeButton\(sprite, |\? )"(\w+)"', "".join(map(_read, _sources()))))
    used |= {"play", "pause"}
    symbols = re.findall(r'<symbol id="(\w+)".*?</symbol>', _read(_ICONS))
    texts = re.findall(r"<symbol .*?</symbol>", _read(_ICONS))
    return "".join(text for name, text in zip(symbols, texts, strict=True) if name in used)


def _sources() -> list[str]:
    names: list[str] = []
    _collect(_ENTRY, names)
    return names


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
