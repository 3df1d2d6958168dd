"""Docstrings of environments as Markdown that a page can show: headings, figures and links mended.

How it works. Docstrings are written for the documentation of their own library: with its directives, figures
that lie there, links relative to its pages, and headings at any level. What cannot be shown here is left
out, what can be is brought into one form; nothing is reworded.
"""

import inspect
import re
from collections.abc import Iterator
from typing import Final

_FENCE: Final = re.compile(r"^(\s*)(`{3,}|:{3,})(.*)$")
_HEADING: Final = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_FIGURE: Final = re.compile(r"!\[[^\]]*\]\([^)]*\)|<(?:img|video|source)\b[^>]*>", re.IGNORECASE)
_ANCHOR: Final = re.compile(r"<a\s+href=['\"]([^'\"]*)['\"][^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")
_LINK: Final = re.compile(r"\[([^\]]+)\]\(([^)\s]*)(?:\s+[^)]*)?\)")
_NOTES: Final = frozenset({"note", "warning", "tip", "important", "attention", "caution"})
_BLOCK: Final = re.compile(r"^(\S.*:)\n( {4,}(?![-*+] |\d+[.)] )\S)", re.MULTILINE)
"""A line that ends with a colon and columns below it, which want to stay as they are written."""
_LEFT_OUT: Final = ("usage", "version history", "vectorized", "manual control", "creating")
"""Sections that tell how their own library makes the environment, or of versions that are other arenas."""
_ELSEWHERE: Final = re.compile(
    r"^This environment is part of the .*(?:\n.*general information\.?)?", re.MULTILINE
)
_FACTS: Final = re.compile(r"^\|\s*(?:Import|Creation)\s*\|.*\n(?:\|.*\n)*", re.MULTILINE | re.IGNORECASE)
"""The table of how to import it and of the shapes of all its variants; the page tells those of this one."""
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)


def mended(text: str, title: str = "", *, top: int = 3) -> str:
    """Return a docstring as plain Markdown.

    Args:
        text: the docstring.
        title: a first heading that says no more than this is left out.
        top: level of the highest heading that is left.
    """
    cleaned = inspect.cleandoc(text).replace("\t", "    ")
    for spare in (_COMMENT, _FACTS, _ELSEWHERE):
        cleaned = spare.sub("", cleaned)
    cleaned = _BLOCK.sub(r"\1\n\n\2", cleaned)
    lines = [line if code else _inline(line) for line, code in _without_directives(cleaned.splitlines())]
    return _with_headings(_without_sections(lines), title, top).strip() + "\n"


def _without_directives(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Give the lines and whether each is code; directives of Sphinx go, but notes become quotes."""
    ends, kind = "", ""
    for line in lines:
        fence = _FENCE.match(line)
        if ends:
            if line.strip().startswith(ends) and not line.strip().strip(ends[0]):
                yield from [(line, True)] if kind == "code" else [("", False)]
                ends = ""
            elif kind == "code":
                yield line, True
            elif kind == "note":
                yield f"> {line.strip()}".rstrip(), False
            continue
        if fence is None:
            yield line, False
            continue
        said = fence[3].strip()
        ends = fence[2]
        directive = said[1:].partition("}")[0] if said.startswith("{") else ""
        kind = "note" if directive in _NOTES else "gone" if directive or ends[0] == ":" else "code"
        if kind == "code":
            yield line, True


def _inline(line: str) -> str:
    """Take figures and tags out of a line, and links that lead nowhere from here."""
    line = _ANCHOR.sub(lambda found: _linked(found[2], found[1]), _FIGURE.sub("", line))
    line = _LINK.sub(lambda found: _linked(found[1], found[2]), line)
    line = re.sub(r"<br\s*/?>", " ", line, flags=re.IGNORECASE)
    return _TAG.sub("", line).rstrip()


def _linked(text: str, target: str) -> str:
    return f"[{text.strip()}]({target})" if target.startswith(("https://", "http://")) else text.strip()


def _without_sections(lines: list[str]) -> list[str]:
    kept: list[str] = []
    gone = 0
    in_code = False
    for line in lines:
        in_code ^= line.lstrip().startswith("```")
        heading = None if in_code else _HEADING.match(line)
        if heading:
            level = len(heading[1])
            if gone and level > gone:
                continue
            gone = level if heading[2].lower().startswith(_LEFT_OUT) else 0
        if not gone:
            kept.append(line)
    return kept


def _with_headings(lines: list[str], title: str, top: int) -> str:
    """Bring headings to levels without gaps from `top` down, and blank lines to one."""
    plain = re.sub(r"[^a-z0-9]", "", title.lower())
    codes, in_code = [], False
    for line in lines:
        in_code ^= line.lstrip().startswith("```")
        codes.append(in_code)
    found = [None if code else _HEADING.match(line) for line, code in zip(lines, codes, strict=True)]
    named = next((at for at, heading in enumerate(found) if heading), None)
    if named is not None and not any(line.strip() for line in lines[:named]):
        heading = found[named]
        assert heading is not None, "it was just found"
        if len(heading[1]) == 1 or re.sub(r"[^a-z0-9]", "", heading[2].lower()) == plain:
            lines[named], found[named] = "", None
    levels = sorted({len(heading[1]) for heading in found if heading})
    texts = [
        f"{'#' * min(6, top + levels.index(len(heading[1])))} {heading[2]}" if heading else line
        for line, heading in zip(lines, found, strict=True)
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(texts))
