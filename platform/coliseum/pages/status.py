"""The status page: how the site does, for everybody; the same as JSON."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coliseum.league.models import Incident
from coliseum.league.status import SiteStatus, WorkerLine, site_status
from coliseum.matches.waiting import ALIVE_SECONDS
from coliseum.pages.host_console import queue_rows
from coliseum.pages.methods import require_safe
from coliseum.pages.parameters import known_only
from coliseum.pages.rows import Row, moment
from coliseum.pages.wording import ago, counted, took

_WORDS: Final = {"ok": "success", "delayed": "warning", "down": "error"}


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Show queue, speed, workers, validation times and incidents, as of now."""
    known_only(request, ())
    now = site_status()
    context = {
        "section": "status",
        "as_of": f"{now.as_of:%Y-%m-%d %H:%M:%S} UTC",
        "as_of_at": moment(now.as_of),
        "tone": _WORDS[now.state],
        "said": _said(now),
        "advice": _advice(now),
        "queue": queue_rows(now.queue),
        "workers": [_worker_row(number, line, now.as_of) for number, line in enumerate(now.workers, start=1)],
        "validations": _validation_rows(now),
        "canary": _canary(now),
        "incidents": [incident_row(each) for each in now.incidents],
    }
    return _fresh(render(request, "status/status.html", context))


@require_safe
def status_json(request: HttpRequest) -> HttpResponse:
    """Give the same for programs."""
    known_only(request, ())
    return _fresh(JsonResponse(status_body(site_status())))


def _fresh(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-cache"
    return response


def _said(now: SiteStatus) -> str:
    if now.problem:
        return now.problem
    playing = sum(line.is_playing for line in now.workers)
    text = ngettext(
        "All is well: %(count)d worker is playing.", "All is well: %(count)d workers are playing.", playing
    )
    return text % {"count": playing}


def _advice(now: SiteStatus) -> str:
    """Return what who reads this can do."""
    if now.state == "down":
        return _(
            "Nothing is lost: uploads are taken, and all that waits is played when a worker is back. "
            "Who runs this site starts one with coliseum worker; coliseum doctor says what a machine lacks."
        )
    if now.state == "delayed":
        return _("Validations come first; league matches wait for them. More workers make it faster.")
    return ""


def _worker_row(number: int, line: WorkerLine, as_of: datetime) -> Row:
    if line.is_playing:
        word, label = "ready", _("plays")
    elif line.seen_at < as_of - timedelta(seconds=ALIVE_SECONDS):
        word, label = "retired", _("gone")
    else:
        word, label = "failed", _("refuses to play")
    return {
        "name": _("worker %(number)d") % {"number": number},
        "word": word,
        "label": label,
        "seen": ago(line.seen_at),
        "seen_at": moment(line.seen_at),
        "slots": line.slots,
        "isolation": f"{line.level}, {_(line.level_name)}",
        "speed": f"{line.speed:.2f}",
        "probes": _("%(held)d of %(all)d") % {"held": line.probes_held, "all": line.probes}
        if line.probes
        else _("none told"),
    }


def _validation_rows(now: SiteStatus) -> list[Row]:
    found = now.validations
    if not found.count:
        return []
    return [
        {"label": _("verdicts in the last hour"), "value": counted(found.count)},
        {"label": _("half of them within"), "value": took(found.p50_seconds or 0)},
        {"label": _("95 % within"), "value": took(found.p95_seconds or 0)},
    ]


def _canary(now: SiteStatus) -> str:
    last = ago(now.queue.finished_at)
    return _("The last match was finished %(when)s.") % {"when": last} if last else ""


def incident_row(each: Incident) -> Row:
    """Return what status/_incident.html prints."""
    return {
        "id": each.pk,
        "title": each.title,
        "text": each.text,
        "is_open": each.ended_at is None,
        "started": f"{each.started_at:%Y-%m-%d %H:%M} UTC",
        "started_at": moment(each.started_at),
        "ended": f"{each.ended_at:%Y-%m-%d %H:%M} UTC" if each.ended_at else "",
        "ended_at": moment(each.ended_at),
        "took": took((each.ended_at - each.started_at).total_seconds()) if each.ended_at else "",
    }


def status_body(now: SiteStatus) -> Mapping[str, object]:
    """Return the status as JSON values; times in UTC, lengths of time in seconds."""
    return {
        "as_of": moment(now.as_of),
        "state": now.state,
        "problem": now.problem,
        "queue": {
            "waiting": now.queue.waiting,
            "running": now.queue.running,
            "oldest_at": moment(now.queue.oldest_at) or None,
            "matches_per_second": round(now.queue.matches_per_second, 3),
            "expected_seconds": now.queue.expected_seconds,
            "finished_at": moment(now.queue.finished_at) or None,
        },
        "workers": [
            {
                "is_playing": line.is_playing,
                "seen_at": moment(line.seen_at),
                "slots": line.slots,
                "isolation": line.level,
                "speed": round(line.speed, 3),
            }
            for line in now.workers
        ],
        "validations": {
            "count": now.validations.count,
            "p50_seconds": now.validations.p50_seconds,
            "p95_seconds": now.validations.p95_seconds,
        },
        "incidents": [
            {
                "title": each.title,
                "text": each.text,
                "started_at": moment(each.started_at),
                "ended_at": moment(each.ended_at) or None,
            }
            for each in now.incidents
        ],
    }
