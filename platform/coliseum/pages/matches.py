"""Matches: the list, one match with its player, its state, its files."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from coliseum.accounts.models import User
from coliseum.matches.audits import audit_of
from coliseum.matches.models import Match, MatchState, Seat
from coliseum.matches.queries import episode_of, is_sealed, match_for, queue_place
from coliseum.matches.replays import replay_file, trajectory_of
from coliseum.matches.revealing import check_replay, is_openly_replayed, may_see_replay, shown_to
from coliseum.pages import integrity
from coliseum.pages.match_lists import match_list
from coliseum.pages.methods import require_safe
from coliseum.pages.parameters import known_id, live_url, number
from coliseum.pages.playing import episode_rows, player
from coliseum.pages.rows import Row, arena_title, dated_fact, match_kind, seat_rows, spec_of, winner_of
from coliseum.pages.societies import society_rows
from coliseum.pages.wording import ago, amount, score, share, size, took
from coliseum.tournaments.queries import pairing_of
from workers.refusals import INFRASTRUCTURE_ERROR, OUTCOMES, RefusedError
from workers.spec import Isolation, MatchKind

REASONS = {
    "newcomer": gettext_lazy("one of the agents is new and gets its first matches"),
    "explore": gettext_lazy("the pairing was drawn at random, so that everybody meets"),
    "gain": gettext_lazy("the outcome of this pairing tells most about the ratings"),
    "floor": gettext_lazy("the agent had played too little"),
    "validation": gettext_lazy("an upload was validated"),
    "calibration": gettext_lazy("the house's agents try the arena out; it moves no rating"),
    "common seeds": gettext_lazy("all agents play this scenario"),
    "validation again": gettext_lazy("a suspended agent was validated again"),
    "holdout": gettext_lazy("the first of the board meet a host's held-out agents; it moves no rating"),
    "gate": gettext_lazy("a new agent is measured against its predecessor; it moves no rating"),
    "exploit": gettext_lazy("an exploiter tries to beat its target; it moves no rating"),
    "control": gettext_lazy("an exploiter plays somebody who is not its target; it moves no rating"),
}
IMMUTABLE = "public, max-age=31536000, immutable"


@require_safe
def matches(request: HttpRequest) -> HttpResponse:
    """List the public matches of all competitions, newest first."""
    context = match_list(request, None) | {"section": "matches"}
    return render(request, "matches/list.html", context)


@require_safe
def match(request: HttpRequest, match_id: str) -> HttpResponse:
    """Show a match: the player, who got what, and everything needed to check it."""
    user = cast(User, request.user)
    wanted = match_for(known_id("match", match_id), user)
    episodes = list(wanted.episodes.all())
    shown = number(request, "episode", least=1, otherwise=1)
    if episodes and shown > len(episodes):
        raise RefusedError("not_found", kind="episode", id=f"{wanted.pk}.{shown}")
    seats = list(wanted.seats.all())
    own = _own_teams(user, seats)
    sees = may_see_replay(wanted, user)
    context = {
        "section": "matches",
        "match": wanted,
        "competition": wanted.competition,
        "seats": seat_rows(wanted, seats),
        "state": state_rows(wanted, seats),
        "replay": player(wanted, shown - 1) if sees else None,
        "withheld": "" if sees else shown_to(wanted.competition),
        "episodes": episode_rows(wanted, shown - 1),
        "society": society_rows(wanted, shown - 1),
        "times": _times(wanted, seats),
        "logs": [_log(wanted, seat) for seat in seats if seat.submission.entry.team_id in own],
        "facts": _facts(wanted),
        "versions": [
            _fact(name, str(version), is_code=True) for name, version in sorted(wanted.versions.items())
        ],
        "count": integrity.count_form(wanted, cast(User, request.user)),
        "verify": f"coliseum verify {wanted.pk} --server {settings.SITE_URL}",
        "replay_url": "" if is_sealed(wanted) or not sees else reverse("replay", args=[wanted.pk]),
        "live_url": "" if wanted.state == MatchState.FINISHED else live_url(f"match:{wanted.pk}"),
    }
    return render(request, "matches/match.html", context)


def _own_teams(user: User, seats: list[Seat]) -> set[str]:
    """Return the teams among the seats whose logs this person may read."""
    teams = {seat.submission.entry.team_id for seat in seats}
    if not user.is_authenticated:
        return set()
    if user.is_staff:
        return teams
    return set(user.teams.filter(pk__in=teams).values_list("pk", flat=True))


@require_safe
def state(request: HttpRequest, match_id: str) -> HttpResponse:
    """Give the state of a match alone, for a page that is kept fresh."""
    wanted = match_for(known_id("match", match_id), cast(User, request.user))
    context = {"match": wanted, "state": state_rows(wanted, list(wanted.seats.all()))}
    return render(request, "matches/_state.html", context)


def state_rows(match: Match, seats: list[Seat]) -> Row:
    """Return how a match stands, in words that say whose turn, or whose fault, it is."""
    return {
        "word": match.state,
        "label": match.get_state_display(),
        "text": _state_text(match, seats),
        "url": "" if match.state == MatchState.FINISHED else reverse("match-state", args=[match.pk]),
        "is_done": match.state == MatchState.FINISHED,
    }


def _state_text(match: Match, seats: list[Seat]) -> str:
    if match.state == MatchState.QUEUED:
        place = queue_place(match)
        before = {"matches": amount(place, "match", "matches")}
        waits = (
            _("Waiting for a worker: %(matches)s before it.") % before
            if place
            else _("Waiting for a worker: it is next.")
        )
        again = _("The last attempt failed by our fault and counts for nobody.") if match.error else ""
        return f"{waits} {again}".rstrip()
    if match.state == MatchState.RUNNING:
        if not match.started_at:
            return _("Being played. The replay is here when it is over.")
        since = {"when": ago(match.started_at)}
        return _("Being played, started %(when)s. The replay is here when it is over.") % since
    if match.state == MatchState.FAILED:
        return f"{_(OUTCOMES[INFRASTRUCTURE_ERROR].meaning)} {match.error}"
    if match.state == MatchState.CANCELLED:
        return _("Cancelled by the host; it counts for nobody.")
    return result_line(match, seats)


def result_line(match: Match, seats: list[Seat]) -> str:
    """Return the result in a sentence: who beat whom and by how much, or all places."""
    if match.kind == MatchKind.VALIDATION.value:
        return _("A validation match: it decides whether the agent may play, and counts for no rating.")
    if len(seats) == 1:
        told = {"agent": seats[0].submission, "score": score(seats[0].score)}
        return _("%(agent)s scored %(score)s on average.") % told
    order = sorted(seats, key=lambda seat: seat.rank or len(seats))
    best = winner_of(match, seats)
    if len(seats) == 2:
        first, second = order
        told = {
            "first": first.submission,
            "second": second.submission,
            "points": _points(match, first, second),
        }
        if best is None:
            return _("%(first)s and %(second)s drew, %(points)s.") % told
        return _("%(first)s beat %(second)s, %(points)s.") % told
    places = ", ".join(f"{seat.rank}. {seat.submission}" for seat in order)
    return _("Final places: %(places)s.") % {"places": places}


def _points(match: Match, first: Seat, second: Seat) -> str:
    """Return both scores: summed where an episode gives a point, else the means."""
    spec = spec_of(match.competition.arena)
    if spec is None or spec.objective in {"outcome", "rank"}:
        count = len(match.episodes.all())
        told = {"one": score((first.score or 0) * count), "other": score((second.score or 0) * count)}
        return _("%(one)s to %(other)s points") % told
    told = {"one": score(first.score), "other": score(second.score)}
    return _("%(one)s to %(other)s on average") % told


def _times(match: Match, seats: list[Seat]) -> list[Row]:
    """Return how long each member of the line-up thought."""
    rows = []
    for seat in seats:
        quantiles = seat.usage.get("step_quantiles") or []
        if len(quantiles) == 4:
            rows.append(
                {
                    "name": str(seat.submission),
                    "load": took(float(seat.usage.get("load_seconds", 0.0))),
                    "median": took(quantiles[0]),
                    "p99": took(quantiles[2]),
                    "slowest": took(quantiles[3]),
                }
            )
    return rows


def _log(match: Match, seat: Seat) -> Row:
    """Return what an agent printed and why it failed, for its owner."""
    causes = []
    for episode in match.episodes.all():
        for place, result in enumerate(episode.seats):
            if result["agent"] == seat.position and result["message"]:
                where = _("Episode %(episode)d, seat %(seat)d, turn %(turn)s") % {
                    "episode": episode.index + 1,
                    "seat": place,
                    "turn": result["failed_turn"],
                }
                causes.append(f"{where}: {result['message']}\n{result['evidence']}".strip())
    return {
        "name": str(seat.submission),
        "url": reverse("submission", args=[seat.submission_id]),
        "text": str(seat.usage.get("log", "")),
        "causes": "\n\n".join(dict.fromkeys(causes)),
        "used": _used(match, seat),
    }


def _used(match: Match, seat: Seat) -> list[Row]:
    """Return what an agent used: wall time by the referee's clock beside processor time."""
    if not seat.usage:
        return []
    used = seat.usage
    thought = sum(
        result["think_seconds"]
        for episode in match.episodes.all()
        for result in episode.seats
        if result["agent"] == seat.position
    )
    rows = [
        _fact(_("Wall time, loading"), took(used["load_seconds"])),
        _fact(_("Wall time, all turns"), took(thought)),
        _fact(_("CPU time, whole match"), took(used["cpu_seconds"])),
        _fact(_("Bank left"), took(used["bank_left_seconds"])),
        _fact(_("Peak memory"), size(used["peak_memory_bytes"])),
    ]
    if used["idle_cpu_seconds"] > 0:
        rows.insert(3, _fact(_("CPU time, out of turn"), took(used["idle_cpu_seconds"])))
    return rows


def _facts(match: Match) -> list[Row]:
    arena = match.competition.arena
    rows: list[Row] = [
        _fact(
            _("Competition"),
            match.competition.title,
            url=reverse("competition", args=[match.competition.slug]),
        ),
        _fact(_("Arena"), arena_title(arena), url=reverse("arena", args=[arena])),
        _fact(_("Kind"), match_kind(match.kind)),
    ]
    if match.kind == MatchKind.TOURNAMENT.value:
        rows += _tournament_facts(match)
    if match.reason in REASONS:
        rows.append(_fact(_("Why these agents"), str(REASONS[match.reason])))
    if match.kind == MatchKind.LEAGUE.value and match.propensity < 1:
        rows.append(
            _fact(
                _("Chance of this pairing"),
                _("%(share)s when it was drawn") % {"share": share(match.propensity)},
            )
        )
    rows.append(dated_fact(pgettext("moment", "Queued"), match.queued_at))
    if match.state == MatchState.FINISHED:
        rows += _finished_facts(match)
    return rows


def _tournament_facts(match: Match) -> list[Row]:
    """Return where a match stands in its tournament and why these agents meet."""
    paired = pairing_of(match)
    if paired is None:
        return []
    pairing = paired.pairing
    tournament = pairing.stage.tournament
    stage = pairing.stage.number
    place = f"?stage={stage}&round={pairing.round}#p{stage}-{pairing.round}-{pairing.number}"
    address = f"{reverse('tournament', args=[tournament.pk])}{place}"
    where = _(pairing.label) if pairing.label else _("Round %(number)d") % {"number": pairing.round}
    rows = [
        _fact(_("Tournament"), tournament.title, url=address),
        _fact(
            _("Place in it"),
            _("%(round)s, match %(number)d of the pairing") % {"round": where, "number": paired.number},
        ),
    ]
    if pairing.why:
        rows.append(_fact(_("Why these agents"), pairing.why))
    if match.is_held:
        rows.append(_fact(_("Result"), _("held back: only hosts and administrators see this page")))
    return rows


def _finished_facts(match: Match) -> list[Row]:
    seeds = ", ".join(dict.fromkeys(str(episode.seed) for episode in match.episodes.all()))
    sealed = is_sealed(match)
    rows = [dated_fact(_("Finished"), match.finished_at)] if match.finished_at else []
    rows += [
        _fact(_("Played in"), took(match.seconds)),
        _fact(_("Seed"), _("shown when the competition closes") if sealed else seeds, is_code=not sealed),
        _fact(_("Digest"), match.digest, is_code=True),
    ]
    if match.isolation is not None:
        told = {"level": match.isolation, "name": _(Isolation(match.isolation).label)}
        rows.append(_fact(_("Isolation"), _("level %(level)d, %(name)s") % told))
    audit = audit_of(match)
    if audit is not None:
        rows.append(_fact(_("Audit"), audit_text(audit.note)))
    rows.append(_fact(_("Worker speed"), _("%(speed).2f of the reference machine") % {"speed": match.speed}))
    rows.append(_fact(_("Time limits"), limits_text(match.limit_factor)))
    return rows


def audit_text(note: str) -> str:
    """Return what an audit found, of whose notes the first part says where it was played."""
    if not note:
        return _("drawn, to be played again")
    return ": ".join(_(part) for part in note.split(": ", 1))


def limits_text(factor: float) -> str:
    """Say what became of the arena's limits in seconds on this worker."""
    if factor == 1:
        return _("as written")
    told = {"factor": f"{factor:g}"}
    return _("× %(factor)s: this worker is slower than the reference machine") % told  # noqa: RUF001 - times, not x


def _fact(label: str, value: str, *, url: str = "", is_code: bool = False) -> Row:
    return {"label": label, "value": value, "url": url, "is_code": is_code}


@require_safe
def trajectory(request: HttpRequest, match_id: str, index: int) -> HttpResponse:
    """Send an episode's drawn form as it is stored, gzip-compressed."""
    wanted = match_for(known_id("match", match_id), cast(User, request.user))
    check_replay(wanted, cast(User, request.user))
    response = HttpResponse(trajectory_of(episode_of(wanted, index)), content_type="application/json")
    response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = IMMUTABLE if is_openly_replayed(wanted) else "private, max-age=3600"
    return response


@require_safe
def replay(request: HttpRequest, match_id: str) -> HttpResponse:
    """Send the file that `coliseum verify` plays again and compares."""
    wanted = match_for(known_id("match", match_id), cast(User, request.user))
    check_replay(wanted, cast(User, request.user))
    response = JsonResponse(replay_file(wanted))
    response["Cache-Control"] = "public, max-age=3600" if is_openly_replayed(wanted) else "private, no-store"
    response["Content-Disposition"] = f'inline; filename="{wanted.pk}.replay.json"'
    return response
