"""Hostile text, and a reader of pages that finds what of it became more than text."""

from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

PAYLOADS: Final = {
    "script": "</title></textarea></script><script>evil()</script>",
    "image": "<img src=x onerror=evil()>",
    "vector": "<svg/onload=evil()>",
    "template": "{{ 7919*7907 }}{% evil %}${7919*7907}",
    "link": "[evil](javascript:evil()) [evil](data:text/html,evil)",
    "attribute": "\"'><b hx-get=/evil data-hx-get=/evil hx-trigger=load style=evil onfocus=evil()>",
    "frame": "<iframe src=//evil.example></iframe><base href=//evil.example>",
    "picture": "![evil](data:image/svg+xml,evil) ![evil](//evil.example/p.png)",
    "hidden": "evil\u202eexe\u202c\u200b\u2066",
    "terminal": "evil\x1b[2J\x1b]0;evil\x07",
    "formula": "=1+1+cmd|' /C evil'!A0",
    "path": "../../evil\\..\\evil",
    "long": "evil" * 100,
}
SHORT: Final = "=1+evil'\"><b hx-get=/evil onx=evil><evil>{{ 7919*7907 }}"
"""What goes into a short column: formula, break-out, element and template."""
COMPUTED: Final = str(7919 * 7907)
_OWN_SCRIPTS: Final = {"application/json", "application/octet-stream", "speculationrules"}
_ADDRESSES: Final = {"href", "src", "action", "formaction", "srcset", "data", "poster", "xlink:href"}
_WITHOUT: Final = {"iframe", "object", "embed", "base", "style", "evil"}
"""Elements no page of ours has."""


class Reader(HTMLParser):
    """Reads a page as a browser does; `troubles` says what should not be there, `text` what is shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.troubles: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _WITHOUT or "evil" in tag:
            self.troubles.append(f"<{tag}>")
        if tag == "script" and "src" not in given and given.get("type") not in _OWN_SCRIPTS:
            self.troubles.append(f"<script> {given}")
        for name, value in given.items():
            if name.startswith("on") or name == "style" or "evil" in name:
                self.troubles.append(f"<{tag} {name}>")
            if "hx-" in name and "evil" in value:
                self.troubles.append(f"<{tag} {name}={value}>")
            if name in _ADDRESSES and not _leads_well(tag, value):
                self.troubles.append(f"<{tag} {name}={value}>")
            self.text += f" {value} "

    def handle_data(self, data: str) -> None:
        self.text += data


def _leads_well(tag: str, address: str) -> bool:
    """Say whether an address is on this site; links may lead to other sites, and pictures may be drawn in."""
    parts = urlsplit(address)
    if parts.scheme == "data":
        return tag in {"img", "link"} and address.startswith("data:image/") and "evil" not in address
    if parts.netloc and parts.netloc != "localhost:8000":
        return tag == "a" and parts.scheme in {"http", "https"}
    return parts.scheme in {"", "http", "https", "mailto"}


def read(page: str) -> Reader:
    """Return what a browser makes of a page."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    if COMPUTED in page:
        reader.troubles.append("a template computed it")
    return reader
