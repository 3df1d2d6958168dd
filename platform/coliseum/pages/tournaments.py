"""Tournaments: the list of a competition, the page of one, and the part of it that is kept fresh."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum.accounts.models import Visitor
from coliseum.competitions.queries import competition_for, is_host, teams_in
from coliseum.pages.competitions import frame
from coliseum.pages.methods import require_safe
from coliseum.pages.paging import by_number
from coliseum.pages.parameters import known_id, known_slug, live_url, number
from coliseum.pages.retelling import alert_of
from coliseum.pages.rows import Row, dated_fact, moment
from coliseum.pages.tournament_rounds import round_of_stage
from coliseum.pages.tournament_rows import Cast, entrant_rows, place_rows, stage_rows, tiebreak_rows
from coliseum.pages.wording import ago, amount, counted, took, until
from coliseum.tournaments.chances import RUNS, crowning_of
from coliseum.tournaments.history import Course, read_course
from coliseum.tournaments.models import Tournament, TournamentState
from coliseum.tournaments.previews import Preview, preview
from coliseum.tournaments.queries import (
    departures_of,
    entrants_of,
    held_pairings,
    paired_matches,
    sees_everything,
    tournament_for,
    visible_tournaments,
)
from workers.league.formats import FormatError, Standing
from workers.league.formats.extents import extent_of
from workers.league.formats.named import FORMATS
from workers.refusals import RefusedError

STATE_WORDS = {TournamentState.PAUSED.value: "provisional"}


@require_safe
def tournaments(request: HttpRequest, slug: str) -> HttpResponse:
    """List a competition's tournaments, newest first."""
    wanted = competition_for(known_slug(slug), request.user)
    found = visible_tournaments(wanted, request.user)
    rows, pagination = by_number(request, found, total=found.count(), per_page=24)
    context = frame(request, wanted, "tournaments") | {
        "tournaments": [_list_row(each) for each in rows],
        "pagination": pagination,
        "runs_it": is_host(wanted, request.user),
    }
    return render(request, "tournaments/list.html", context)


def _list_row(tournament: Tournament) -> Row:
    return {
        "title": tournament.title,
        "url": reverse("tournament", args=[tournament.pk]),
        "state": state_chip(tournament),
        "format": _(FORMATS[tournament.format].label),
        "entrants": tournament.entrants.count() or "",
        "champion": _champion_text(tournament),
        "when": _when(tournament),
        "when_at": moment(tournament.finished_at or tournament.started_at or tournament.starts_at),
    }


def _when(tournament: Tournament) -> str:
    if tournament.finished_at:
        return _("over %(ago)s") % {"ago": ago(tournament.finished_at)}
    if tournament.started_at:
        return _("started %(ago)s") % {"ago": ago(tournament.started_at)}
    if tournament.starts_at:
        return _("starts %(until)s") % {"until": until(tournament.starts_at) or _("now")}
    return ""


def _champion_text(tournament: Tournament) -> str:
    if tournament.state != TournamentState.FINISHED or held_pairings(tournament).exists():
        return ""
    cast_ = _cast(tournament, None)
    first = [
        cast_.describe(row.entry)["name"]
        for row in _standings(_course(tournament, everything=True))
        if row.place == 1
    ]
    return _(" and ").join(first)


def state_chip(tournament: Tournament) -> Row:
    """Return the chip of a tournament's state."""
    state = tournament.state
    label = (
        _("announced")
        if state == TournamentState.DRAFT and tournament.starts_at
        else tournament.get_state_display()
    )
    return {"word": STATE_WORDS.get(state, state), "label": label}


@require_safe
def tournament(request: HttpRequest, tournament_id: str) -> HttpResponse:
    """Show a tournament: bracket or tables, rounds with their matches, who takes part."""
    return tournament_page(request, tournament_for(known_id("tournament", tournament_id), request.user))


def tournament_page(
    request: HttpRequest, wanted: Tournament, error: RefusedError | None = None
) -> HttpResponse:
    """Return the page, with what was refused on top."""
    competition = competition_for(wanted.competition.slug, request.user)
    form = FORMATS[wanted.format]
    context = frame(request, competition, "tournaments") | course_context(request, wanted)
    context |= {
        "error": alert_of(error),
        "format": {"label": _(form.label), "summary": _(form.summary)},
        "facts": _facts(wanted),
        "entrants": _entrants(wanted, request.user),
        "preview": _preview(wanted) if wanted.state == TournamentState.DRAFT else None,
        "runs_it": sees_everything(wanted, request.user),
        "acts": _acts(wanted),
        "has_acts": not wanted.is_over or context["held"] is not None,
        "cancel": None if wanted.is_over else _cancel(wanted),
        "may_take_out": wanted.state in {"running", "paused", "finished"},
        "live_url": live_url(f"tournament:{wanted.pk}"),
    }
    return render(request, "tournaments/tournament.html", context, status=error.status if error else 200)


@require_safe
def course(request: HttpRequest, tournament_id: str) -> HttpResponse:
    """Give what changes while a tournament runs, for a page that is kept fresh."""
    wanted = tournament_for(known_id("tournament", tournament_id), request.user)
    return render(request, "tournaments/_course.html", course_context(request, wanted))


def course_context(request: HttpRequest, wanted: Tournament) -> Row:
    """Return how a tournament stands, as far as this person may know.

    Raises:
        RefusedError: `request.bad_field` for a stage or round that cannot be read.
    """
    user = request.user
    chosen = number(request, "stage", least=1, otherwise=0), number(request, "round", least=1, otherwise=0)
    everything = sees_everything(wanted, user)
    held = held_pairings(wanted)
    shown = _course(wanted, everything=everything)
    cast_ = _cast(wanted, user)
    standings = _standings(shown)
    is_decided = wanted.state == TournamentState.FINISHED and (everything or not held.exists())
    first = [row for row in place_rows(standings, cast_) if row["place"] == "1"]
    return {
        "tournament": wanted,
        "chip": state_chip(wanted),
        "state_text": _state_text(wanted),
        "held": _held(wanted, everything=everything),
        "progress": _progress(wanted, shown) if wanted.state in {"running", "paused"} else None,
        "crowning": _crowning(wanted),
        "champions": first if is_decided else [],
        "places": place_rows(standings, cast_) if _has_places(shown) else [],
        "stages": _stages(shown, cast_, wanted, chosen),
        "tiebreaks": tiebreak_rows()
        if wanted.format not in {"single_elimination", "double_elimination"}
        else [],
        "course_url": reverse("tournament-course", args=[wanted.pk])
        + (f"?stage={chosen[0]}&round={chosen[1]}" if all(chosen) else ""),
    }


def _course(wanted: Tournament, *, everything: bool) -> Course:
    try:
        return read_course(wanted, released_only=not everything)
    except FormatError as error:
        raise RefusedError("tournament.bad_format", problem=str(error)) from error


def _cast(wanted: Tournament, user: Visitor | None) -> Cast:
    mine = teams_in(wanted.competition, user) if user is not None else set()
    return Cast({each.number: each for each in entrants_of(wanted)}, frozenset(mine))


def _standings(shown: Course) -> tuple[Standing, ...]:
    try:
        return shown.standings()
    except FormatError:
        # It is paused then, and its host reads why; the page must open all the same.
        return ()


def _stages(shown: Course, cast_: Cast, wanted: Tournament, chosen: tuple[int, int]) -> list[Row]:
    try:
        return stage_rows(shown, cast_, list(paired_matches(wanted)), chosen)
    except FormatError:
        return []


def _has_places(shown: Course) -> bool:
    """Say whether the table of the whole is another than that of the only stage."""
    return bool(shown.fields) and (len(shown.plan.parts) > 1 or hasattr(shown.plan.parts[0].stage, "tree"))


def _state_text(wanted: Tournament) -> str:
    if wanted.state == TournamentState.DRAFT:
        start = (
            _("It starts by itself %(until)s.") % {"until": until(wanted.starts_at) or _("now")}
            if wanted.starts_at
            else _("A draft: only hosts see it.")
        )
        return f"{start} {wanted.reason}".strip()
    if wanted.state == TournamentState.PAUSED:
        told = _("Paused: what is being played ends, nothing new begins.")
        return f"{told} {wanted.reason}".strip()
    if wanted.state == TournamentState.CANCELLED:
        told = _("Cancelled; there is no champion.")
        return f"{told} {wanted.reason}".strip()
    if wanted.state == TournamentState.RUNNING:
        return _("Started %(ago)s; matches are being played.") % {"ago": ago(wanted.started_at)}
    return _("Over %(ago)s.") % {"ago": ago(wanted.finished_at)}


def _held(wanted: Tournament, *, everything: bool) -> Row | None:
    held = list(held_pairings(wanted))
    if not held:
        return None
    first = held[0]
    where = round_of_stage(first.round, first.stage.number)
    if everything:
        text = _("Results from %(round)s on are held back: only hosts and administrators see them.")
    elif wanted.release == "at_end":
        text = _("Results from %(round)s on are not released yet; the host shows them when all is over.")
    else:
        text = _("Results from %(round)s on are not released yet; the host shows them round by round.")
    return {
        "text": text % {"round": where},
        "next": where,
        "is_over": wanted.is_over,
        "is_by_round": wanted.release == "by_round",
    }


def _progress(wanted: Tournament, shown: Course) -> Row:
    played = sum(len(history.scores) for history in shown.histories)
    extent = extent_of(shown.plan, len(shown.fields[0].entries)) if shown.fields else None
    most = max(extent.most_matches, played) if extent else played
    is_exact = extent is not None and extent.least_matches == extent.most_matches
    label = _("Matches played") if is_exact else _("Matches played, of at most")
    return {"label": label, "done": played, "total": most, "left": ""}


def _crowning(wanted: Tournament) -> Row | None:
    if wanted.state in {TournamentState.DRAFT, TournamentState.CANCELLED}:
        return None
    found = crowning_of(wanted)
    if found is None:
        return {"is_done": False, "text": "", "done": 0, "total": RUNS, "when": "", "when_at": ""}
    probability, error = found
    return {
        "is_done": wanted.crowning_runs >= RUNS,
        "text": f"{100 * probability:.0f} % \N{PLUS-MINUS SIGN} {max(1.0, 196 * error):.0f}",
        "done": counted(wanted.crowning_runs),
        "total": counted(RUNS),
        "when": ago(wanted.crowned_at),
        "when_at": moment(wanted.crowned_at),
    }


def _facts(wanted: Tournament) -> list[Row]:
    form = FORMATS[wanted.format]
    rows = [(_("Format"), _(form.label))]
    for option in form.options:
        value = wanted.options.get(option.name, option.default)
        text = (_("yes") if value else _("no")) if isinstance(value, bool) else str(value)
        rows.append((_(option.label), _auto(option.help, value) or text))
    entrants = wanted.get_source_display()
    rows += [
        (_("Entrants"), f"{entrants} ({wanted.size})" if wanted.size else entrants),
        (_("Seeds by"), wanted.get_seeding_display()),
        (_("Results are shown"), wanted.get_release_display()),
    ]
    facts: list[Row] = [{"label": label, "value": text, "url": "", "is_code": False} for label, text in rows]
    for label, at in (
        (_("Starts"), None if wanted.started_at else wanted.starts_at),
        (_("Started"), wanted.started_at),
        (_("Over"), wanted.finished_at),
    ):
        if at:
            facts.append(dated_fact(label, at))
    if wanted.started_at:
        facts.append({"label": _("Lot"), "value": str(wanted.lot), "url": "", "is_code": True})
    return facts


def _auto(explained: str, value: object) -> str:
    """Return what a zero means, where zero has a meaning of its own."""
    return _(explained)[3:].rstrip(".") if explained.startswith("0: ") and value == 0 else ""


def _entrants(wanted: Tournament, user: Visitor) -> list[Row]:
    return entrant_rows(_cast(wanted, user), list(departures_of(wanted)))


def _preview(wanted: Tournament) -> Row:
    try:
        seen = preview(wanted)
    except FormatError as error:
        return {"text": _("It cannot be played: %(why)s.") % {"why": error}, "names": [], "is_enough": False}
    return {"text": _preview_text(seen), "names": seen.entrants[:64], "is_enough": seen.is_enough}


def _preview_text(seen: Preview) -> str:
    extent = seen.extent
    entrants = amount(len(seen.entrants), "entrant", "entrants")
    if not seen.is_enough:
        return _("%(entrants)s: it takes at least %(least)s.") % {
            "entrants": entrants,
            "least": seen.least_entrants,
        }
    matches = amount(extent.most_matches, "match", "matches")
    if extent.least_matches != extent.most_matches:
        matches = _("%(least)s to %(matches)s") % {"least": counted(extent.least_matches), "matches": matches}
    told = (
        _(
            "%(entrants)s: %(rounds)s, %(pairings)s, %(matches)s, about %(time)s with the %(places)s of the "
            "workers now alive."
        )
        if seen.slots
        else _(
            "%(entrants)s: %(rounds)s, %(pairings)s, %(matches)s, about %(time)s of play, but no worker is "
            "alive now."
        )
    )
    return told % {
        "entrants": entrants,
        "rounds": amount(extent.rounds, "round", "rounds"),
        "pairings": amount(extent.pairings, "pairing", "pairings"),
        "matches": matches,
        "time": took(seen.seconds),
        "places": amount(seen.slots, "place", "places"),
    }


def _acts(wanted: Tournament) -> list[Row]:
    acts = {
        "draft": [("start", _("Start it now"), True)],
        "running": [("pause", _("Pause it"), False)],
        "paused": [("resume", _("Resume it"), True)],
    }
    return [
        {"act": act, "label": label, "is_primary": is_primary, "wants_reason": act == "pause"}
        for act, label, is_primary in acts.get(wanted.state, [])
    ]


def _cancel(wanted: Tournament) -> Row:
    """Return what parts/_confirm.html takes to cancel a tournament."""
    return {
        "key": "cancel",
        "button": _("Cancel it"),
        "title": _("Cancel %(title)s?") % {"title": wanted.title},
        "text": _("No more matches and no champion; what was played stays to be seen."),
        "action": reverse("tournament-cancel", args=[wanted.pk]),
        "slug": "cancel",
        "submit_label": _("Cancel the tournament"),
    }
