"""Markdown to HTML that is safe to show, whoever wrote it."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_TAGS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "a", "em", "strong", "s", "code", "pre"),
    *("blockquote", "hr", "br", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, **{f"h{level}": {"id"} for level in range(1, 7)}}
_LANGUAGES = {f"language-{name}" for name in ("sh", "console", "python", "toml", "json", "yaml")}
"""Classes that tell which language a block is in; all others are taken off."""
_REACHABLE = {
    "<pre>": '<pre tabindex="0">',
    "<table>": '<table tabindex="0">',
    "<th></th>": "<td></td>",
    '<code class="">': "<code>",
}
"""What scrolls sideways must be reached by keyboard, and an empty heading tells nobody anything."""
_DOCUMENT = re.compile(r"(?:\./)?([a-z0-9_-]+)\.md(#.*)?", re.IGNORECASE)
_FIGURE = re.compile(r"(?:\./)?figures/([a-z0-9_-]+\.svg)")
_ABSOLUTE = re.compile(r"/|[a-z]+:", re.IGNORECASE)
_LEADS = re.compile(r"https?:|mailto:|#|/", re.IGNORECASE)
_TAG = re.compile(r"<([a-z][a-z0-9-]{0,20})(?=[\s/>])", re.IGNORECASE)
_REFUSED = re.compile(r"\]\(\s*<?\s*(javascript|vbscript|file|data)\s*:", re.IGNORECASE)
"""Links that the parser leaves as they were written."""
_WORDS = re.compile(r"[^a-z0-9]+")


def to_html(
    text: str, *, shift: int = 1, documents: frozenset[str] = frozenset(), figures: str = ""
) -> SafeString:
    """Return HTML without scripts, frames, foreign link schemes, and images from anywhere else.

    Args:
        text: markdown; raw HTML in it is shown as text.
        shift: levels by which headings go down, so that the page keeps its one h1.
        documents: names of documents that links may lead to: `agents.md#limits` becomes
            `/docs/agents/#h-limits`. Other links to files beside the text lead nowhere here and are undone.
        figures: address below which `figures/name.svg` of the text is served; without it no image is shown.
    """
    tokens = _PARSER.parse(text)
    taken: set[str] = set()
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + shift)}"
        if token.type == "heading_open" and following is not None:
            token.attrSet("id", _anchor(following.content, taken))
        _point_links(token.children or [], documents)
        if token.children:
            token.children = [child for child in token.children if _keep_image(child, figures)]
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS | {"img"} if figures else _TAGS,
        attributes=_ATTRIBUTES | {"img": {"src", "alt", "loading"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
        allowed_classes={"code": _LANGUAGES},
    )
    for plain, reachable in _REACHABLE.items():
        clean = clean.replace(plain, reachable)
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it


def left_out(text: str) -> list[str]:
    """Return what a text asks for and is not shown: tags, pictures, links that may not lead."""
    found: list[str] = []
    for token in _inline(_PARSER.parse(text)):
        if token.type == "image":
            found.append(f"![]({token.attrGet('src')})")
        elif token.type == "link_open" and not _LEADS.match(str(token.attrGet("href") or "")):
            found.append(f"[]({token.attrGet('href')})")
        elif token.type == "text":
            found += [f"<{tag}>" for tag in _TAG.findall(token.content)]
            found += [f"[]({scheme}:…)" for scheme in _REFUSED.findall(token.content)]
    return list(dict.fromkeys(each if len(each) <= 60 else each[:58] + "…)" for each in found))


def _inline(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield what stands in lines; a line that is one tag is a text, too."""
    for token in tokens:
        yield from token.children or ()


def title_of(text: str) -> tuple[str, str]:
    """Return a document's first heading (or an empty text) and what follows it."""
    head, _, rest = text.lstrip().partition("\n")
    if head.startswith("# "):
        return head.removeprefix("# ").strip(), rest
    return "", text


def first_sentence(text: str) -> str:
    """Return the first paragraph as plain text, at most 200 characters."""
    tokens = _PARSER.parse(text)
    for before, token in pairwise(tokens):
        if before.type == "paragraph_open" and before.level == 0:
            breaks = {"softbreak", "hardbreak"}
            plain = "".join(" " if child.type in breaks else child.content for child in token.children or [])
            return plain if len(plain) <= 200 else plain[:199] + "…"
    return ""


def _anchor(heading: str, taken: set[str]) -> str:
    """Return an id for a heading that the page has not used yet; prefixed, so it meets no id of the frame."""
    base = "h-" + _WORDS.sub("-", heading.lower()).strip("-")
    anchor, count = base, 1
    while anchor in taken:
        count += 1
        anchor = f"{base}-{count}"
    taken.add(anchor)
    return anchor


def _keep_image(token: Token, figures: str) -> bool:
    """Point an image at its address here; say of one that lies elsewhere that it is left out."""
    if token.type != "image":
        return True
    found = _FIGURE.fullmatch(str(token.attrGet("src") or ""))
    if not found or not figures:
        return False
    token.attrSet("src", f"{figures}{found[1]}")
    token.attrSet("loading", "lazy")
    return True


def _point_links(tokens: Sequence[Token], documents: frozenset[str]) -> None:
    for token in tokens:
        href = token.attrGet("href") if token.type == "link_open" else None
        if not isinstance(href, str):
            continue
        found = _DOCUMENT.fullmatch(href)
        if found and found[1].lower() in documents:
            anchor = (found[2] or "").replace("#", "#h-", 1)
            token.attrSet("href", f"/docs/{found[1].lower()}/{anchor}")
        elif href.startswith("#"):
            token.attrSet("href", href.replace("#", "#h-", 1))
        elif not _ABSOLUTE.match(href):
            del token.attrs["href"]
