"""What stands on the submit page: ways to send an agent, quota, expected wait, starter code, commands."""

from functools import lru_cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from arenas import registry
from arenas.certifying.certificate import find_certificate
from arenas.pages import counting_section, limits_section, seats_section
from coliseum import storage
from coliseum.competitions.models import Competition, Entry
from coliseum.matches.services import VALIDATION_PRIORITY
from coliseum.matches.waiting import Wait, expected_wait
from coliseum.pages.forms import SubmissionForm
from coliseum.pages.markdown import to_html
from coliseum.pages.parameters import choice, optional_id
from coliseum.pages.retelling import line_of
from coliseum.pages.rows import Row, moment, spec_of
from coliseum.pages.wording import counted, size, took, until
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import owned_by, submission_for
from coliseum.submissions.services import quota_left
from workers.refusals import RefusedError

FILE: Final = "file"
EDITOR: Final = "editor"
TERMINAL: Final = "terminal"
_SOON: Final = 5
"""Seconds; nobody needs to know less than these exactly."""
_STARTER: Final = """\
class Agent:
    def act(self, observation):
        return 0  # Choose an action here.
"""


def way_of(request: HttpRequest) -> str:
    """Return how somebody wants to send an agent.

    Raises:
        RefusedError: `request.bad_field`.
    """
    ways = (FILE, EDITOR, TERMINAL)
    if request.method == "POST":
        sent = request.POST.get("with", FILE)
        return sent if sent in ways[:2] else FILE
    return choice(request, "with", ways) or FILE


def way_tabs(competition: Competition, current: str) -> list[Row]:
    """Return the tabs of the submit page; each is a page of its own, so that they need no script."""
    labels = ((FILE, _("File or folder")), (EDITOR, _("Editor")), (TERMINAL, _("Terminal and CI")))
    address = reverse("submit", args=[competition.slug])
    return [
        {"url": f"{address}?with={way}", "label": label, "count": "", "is_current": way == current}
        for way, label in labels
    ]


def drop_row(competition: Competition, error: RefusedError | None) -> Row:
    """Return what parts/_drop_zone.html prints."""
    most = package_bytes(competition)
    return {
        "name": "file",
        "label": _("Drop agent.py, agent.zip, policy.onnx or a folder here"),
        "help": _("One Python file, one ONNX model, one zip, or a folder with agent.py; at most %(most)s.")
        % {"most": size(most)},
        "accept": ".py,.zip,.onnx",
        "max_bytes": most,
        "max_label": size(most),
        "errors": [line_of(error)] if error and error.field == "file" else [],
    }


def package_bytes(competition: Competition) -> int:
    """Return how large an upload may be."""
    spec = spec_of(competition.arena)
    most: int = settings.UPLOAD_MAX_BYTES
    return min(most, spec.limits.package_bytes) if spec else most


def quota_row(entry: Entry) -> Row:
    """Return what is left of the day's submissions, and when the count starts anew."""
    left, resets_at = quota_left(entry)
    limit = entry.competition.daily_submissions
    left = max(0, left)
    return {
        "label": _("Submissions used today"),
        "done": min(limit, limit - left),
        "total": limit,
        "left": ngettext("%(left)d left", "%(left)d left", left) % {"left": left},
        "resets": until(resets_at),
        "resets_at": moment(resets_at),
        "resets_utc": f"{resets_at:%Y-%m-%d %H:%M} UTC",
    }


def wait_row(competition: Competition) -> Row:
    """Return how long the verdict on an agent would take that is submitted now."""
    wait = expected_wait(competition.arena, priority=VALIDATION_PRIORITY)
    return {"text": wait_text(wait), "stuck": wait.stuck}


def wait_text(wait: Wait) -> str:
    """Return a place in the queue and what it means in time, as a sentence without its stop."""
    if wait.ahead == 0:
        place = _("nothing is before it")
    else:
        place = ngettext("%(ahead)s match is before it", "%(ahead)s matches are before it", wait.ahead) % {
            "ahead": counted(wait.ahead)
        }
    if wait.seconds is None:
        return place
    if wait.seconds < _SOON:
        return _("%(place)s, it starts within seconds") % {"place": place}
    about = took(round(wait.seconds))
    return _("%(place)s, about %(about)s until it starts") % {"place": place, "about": about}


def commands_text(competition: Competition) -> str:
    """Return the lines that do the same from a terminal."""
    return (
        f"coliseum check agent.py --arena {competition.arena}\n"
        f"coliseum submit agent.py --competition {competition.slug}{_server()}"
    )


def workflow_text(competition: Competition) -> str:
    """Return a workflow for GitHub Actions that submits every tagged version."""
    return f"""\
# .github/workflows/submit.yml: every tag that starts with v is checked and submitted
on:
  push:
    tags: ["v*"]
jobs:
  submit:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
      - run: pip install coliseum-rl
      - run: coliseum check . --arena {competition.arena}
      - run: coliseum submit . --competition {competition.slug}{_server()} -m "$GITHUB_REF_NAME"
        env:
          COLISEUM_TOKEN: ${{{{ secrets.COLISEUM_TOKEN }}}}
"""


def _server() -> str:
    return "" if settings.SITE_URL.startswith("http://localhost:8000") else f" --server {settings.SITE_URL}"


def editor_row(request: HttpRequest, competition: Competition, form: SubmissionForm) -> Row:
    """Return what the editor starts with, and what stands beside it.

    Raises:
        RefusedError: `not_found` where `from` names a submission that is not the visitor's.
    """
    spec = spec_of(competition.arena)
    start = _source_of(request, optional_id(request, "from")) or (starter_of(spec.id) if spec else _STARTER)
    sent = form.data.get("code") if form.is_bound else None
    return {
        "code": start if sent is None else sent,
        "starter": start,
        "draft": f"draft:{competition.slug}",
        "is_sent": sent is not None,
        "is_version": bool(request.GET.get("from")),
        "about": to_html(_about(spec.id), shift=1) if spec else "",
    }


def _source_of(request: HttpRequest, submission_id: str) -> str:
    """Return the source of one's own submission of a single file; empty if none was asked for."""
    if not submission_id:
        return ""
    wanted = submission_for(submission_id, request.user)
    if not owned_by(wanted, request.user) or wanted.package.file_name != "agent.py":
        raise RefusedError("not_found", kind="agent of one file", id=submission_id)
    return storage.read_package(wanted.package_id).decode("utf-8", "replace")


def editor_address(submission: Submission) -> str:
    """Return the editor with a version's source in it."""
    address = reverse("submit", args=[submission.entry.competition.slug])
    return f"{address}?with={EDITOR}&from={submission.pk}"


def is_editable(submission: Submission) -> bool:
    """Say whether the editor can take up a version: one Python file."""
    return submission.package.file_name == "agent.py"


@lru_cache(maxsize=64)
def starter_of(arena: str) -> str:
    """Return an agent of one file that works: the arena's scripted one, else its random one."""
    files = [each for each in registry.get(arena).baselines if each.path.suffix == ".py"]
    files.sort(key=lambda each: each.name == "random")
    return files[0].path.read_text(encoding="utf-8") if files else _STARTER


@lru_cache(maxsize=64)
def _about(arena: str) -> str:
    spec = registry.get(arena)
    certificate = find_certificate(spec)
    sheet = certificate.sheet if certificate else None
    parts = (seats_section(sheet.seats) if sheet else "", counting_section(spec), limits_section(spec))
    return "\n\n".join(part.strip() for part in parts if part.strip())
