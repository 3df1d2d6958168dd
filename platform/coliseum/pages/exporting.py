"""One HTML file that plays a replay from a disk, without network: the player's own code and the trajectory.

How it works. The player's modules are one script (bundles.py). The page's policy allows this script and this
style by their hashes and nothing else.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coliseum.pages.bundles import bundle, modules_of, source_of
from coliseum.pages.rows import Row
from coliseum.pages.script_words import script_name, words_script

_ENTRY: Final = "js/replay.js"
_STYLES: Final = ("css/tokens.css", "css/base.css", "css/components.css", "css/player.css")
_ICONS: Final = "img/icons.svg"


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
    script, style = player(get_language() or ""), styles()
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data: blob:"
    )
    language = get_language() or "en"
    label = escape(_("Replay: %(title)s") % {"title": shown.title})
    so_far, on_its_site = escape(_("Reward so far")), escape(_("This match on its site"))
    needs_script = escape(_("The player needs JavaScript."))
    names = "".join(
        f'<li data-seat="{int(seat["seat"])}"><span class="seat"><span class="agent">{escape(seat["name"])}'
        f'</span></span><span class="score" title="{so_far}"></span></li>'
        for seat in shown.seats
    )
    pictures = (
        f'<script type="application/octet-stream" id="pictures">{_text(shown.pictures)}</script>'
        if shown.pictures
        else ""
    )
    source = (
        f'<p class="soft small"><a href="{escape(shown.source_url)}">{on_its_site}</a></p>'
        if shown.source_url
        else ""
    )
    return f"""<!doctype html>
<html lang="{language}" data-theme="auto">
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
    } aria-label="{label}">
<ul class="player-seats" data-player-seats>{names}</ul>
<div class="player-note" data-player-note role="status">
<noscript>{needs_script}</noscript></div>
</section>
</main>
<script type="application/octet-stream" id="trajectory">{_text(shown.trajectory)}</script>
{pictures}
<script type="module">{script}</script>
</body>
</html>
""".encode()


@cache
def player(language: str) -> str:
    """Return the player as one script that speaks a language."""
    return (words_script(language) if script_name(language) else "") + bundle(_ENTRY)


@cache
def styles() -> str:
    """Return the styles of page and player as one text."""
    return "\n".join(source_of(name) for name in _STYLES)


@cache
def _icons() -> str:
    """Return the symbols that the player's buttons use."""
    used = set(
        re.findall(r'(?:makeButton\(sprite, |\? )"(\w+)"', "".join(map(source_of, modules_of(_ENTRY))))
    )
    used |= {"play", "pause"}
    symbols = re.findall(r'<symbol id="(\w+)".*?</symbol>', source_of(_ICONS))
    texts = re.findall(r"<symbol .*?</symbol>", source_of(_ICONS))
    return "".join(text for name, text in zip(symbols, texts, strict=True) if name in used)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
