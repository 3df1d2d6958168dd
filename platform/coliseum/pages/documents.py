"""The documentation: the project's markdown files as pages."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from coliseum.pages.markdown import first_sentence, title_of, to_html
from coliseum.pages.methods import require_safe
from coliseum.pages.rows import Row
from workers.refusals import RefusedError

FOLDER = settings.ROOT / "docs"
_PAGE = re.compile(r"[a-z0-9_-]{1,60}")
_FIRST = ("participants", "participant", "agent", "agents", "quick-start", "submitting", "hosts", "host")
"""What people look for first stands first; the rest by name."""


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """List the documents with a sentence of each."""
    return render(request, "docs/list.html", {"section": "docs", "documents": _documents()})


@require_safe
def document(request: HttpRequest, page: str) -> HttpResponse:
    """Show one document."""
    known = {path.stem.lower(): path for path in FOLDER.glob("*.md") if _PAGE.fullmatch(path.stem.lower())}
    if page not in known:
        raise RefusedError("not_found", kind="document", id=page)
    title, text = title_of(known[page].read_text(encoding="utf-8", errors="replace"))
    context = {
        "section": "docs",
        "title": title or page,
        "text": to_html(text, shift=0, documents=frozenset(known)),
        "documents": _documents(page),
    }
    return render(request, "docs/page.html", context)


def _documents(current: str = "") -> list[Row]:
    rows = []
    for path in sorted(FOLDER.glob("*.md"), key=lambda path: _order(path.stem.lower())):
        page = path.stem.lower()
        if not _PAGE.fullmatch(page):
            continue
        title, text = title_of(path.read_text(encoding="utf-8", errors="replace"))
        rows.append(
            {
                "title": title or page,
                "url": reverse("document", args=[page]),
                "summary": first_sentence(text),
                "is_current": page == current,
            }
        )
    return rows


def _order(page: str) -> tuple[int, str]:
    return (_FIRST.index(page) if page in _FIRST else len(_FIRST), page)
