"""The documentation: the project's markdown files as pages."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from coliseum.pages.markdown import first_sentence, title_of, to_html
from coliseum.pages.methods import require_safe
from coliseum.pages.rows import Row
from workers.refusals import RefusedError

FOLDER = settings.ROOT / "docs"
_ERRORS = "errors"
_CODE_CELL = re.compile(r"<tr>(\s*)<td><code>([a-z0-9_.]+)</code></td>")
_CODE_BLOCK = re.compile(r'<pre tabindex="0"><code class="language-(\w+)">(.*?)</code></pre>', re.DOTALL)
_LANGUAGES = {
    **dict.fromkeys(("sh", "console"), "Shell"),
    **{name: name.upper() for name in ("toml", "json", "yaml")},
    "python": "Python",
}
_PAGE = re.compile(r"[a-z0-9_-]{1,60}")
_FIRST = ("start", "participant", "host", "operator", "arenas", "api", "errors")
"""What people look for first stands first; the rest by name."""
_INDEX = "index"
"""The front page of the documents' own site; here the list is it."""


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """List the documents with a sentence of each."""
    return render(request, "docs/list.html", {"section": "docs", "documents": _documents()})


@require_safe
def document(request: HttpRequest, page: str) -> HttpResponse:
    """Show one document."""
    known = {path.stem.lower(): path for path in FOLDER.glob("*.md") if _PAGE.fullmatch(path.stem.lower())}
    if page not in known or page == _INDEX:
        raise RefusedError("not_found", kind="document", id=page)
    title, text = title_of(known[page].read_text(encoding="utf-8", errors="replace"))
    html = _with_copy_buttons(to_html(text, shift=0, documents=frozenset(known)))
    context = {
        "section": "docs",
        "title": title or page,
        "text": _with_code_anchors(html) if page == _ERRORS else html,
        "documents": _documents(page),
    }
    return render(request, "docs/page.html", context)


def error_address(code: str) -> str:
    """Return where the documentation explains an error code or an outcome."""
    return f"{reverse('document', args=[_ERRORS])}#code-{code}"


def _with_code_anchors(html: SafeString) -> SafeString:
    """Make every code in the first column of a table of errors a place that links may lead to."""
    return mark_safe(_CODE_CELL.sub(r'<tr>\1<td id="code-\2"><code>\2</code></td>', html))  # noqa: S308 - it was clean


def _with_copy_buttons(html: SafeString) -> SafeString:
    """Put every block of a known language into a frame with its name and a button that copies it."""

    def framed(found: re.Match[str]) -> str:
        facts = {"title": _LANGUAGES[found[1]], "text": mark_safe(found[2])}  # noqa: S308 - it was clean
        return render_to_string("parts/_code.html", facts)

    return mark_safe(_CODE_BLOCK.sub(framed, html))  # noqa: S308 - it was clean


def _documents(current: str = "") -> list[Row]:
    rows = []
    for path in sorted(FOLDER.glob("*.md"), key=lambda path: _order(path.stem.lower())):
        page = path.stem.lower()
        if not _PAGE.fullmatch(page) or page == _INDEX:
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
