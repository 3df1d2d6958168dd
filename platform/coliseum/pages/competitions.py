"""Competitions: the list, the overview, rules, matches and the public log."""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coliseum.accounts.models import User
from coliseum.competitions.files import told_in
from coliseum.competitions.models import Act, Competition, CompetitionState
from coliseum.competitions.queries import (
    acts_of,
    competition_for,
    is_host,
    joined_by,
    shown_phase,
    teams_in,
    visible_competitions,
)
from coliseum.competitions.rules import has_accepted
from coliseum.leaderboards.queries import snapshot_of, standings_of
from coliseum.pages.boards import board_of, board_rows, source_line
from coliseum.pages.following import follow_button, topic_of
from coliseum.pages.markdown import to_html
from coliseum.pages.match_lists import match_list, rendered
from coliseum.pages.methods import require_safe
from coliseum.pages.notices import pinned_rows
from coliseum.pages.paging import by_number
from coliseum.pages.parameters import (
    choice,
    known_only,
    known_slug,
    live_url,
    search_text,
)
from coliseum.pages.rows import (
    Row,
    arena_title,
    competition_card,
    moment,
    spec_of,
    state_word,
)
from coliseum.pages.wording import ago, amount, counted, size, took, until

VERBS = {
    "gave a role": gettext_lazy("gave a role to"),
    "cut": gettext_lazy("made a cut in"),
    "open": gettext_lazy("opened it"),
    "paused": gettext_lazy("paused it"),
    "closed": gettext_lazy("closed it"),
    "created": gettext_lazy("made it"),
    "announced": gettext_lazy("announced"),
    "asked for a calibration": gettext_lazy("asked for a calibration"),
    "calibrated": gettext_lazy("calibrated"),
    "cancelled": gettext_lazy("cancelled"),
    "cancelled tournament": gettext_lazy("cancelled tournament"),
    "changed": gettext_lazy("changed"),
    "changed the rules": gettext_lazy("changed the rules"),
    "changed tournament": gettext_lazy("changed tournament"),
    "closed phase": gettext_lazy("closed phase"),
    "could not start tournament": gettext_lazy("could not start tournament"),
    "declared": gettext_lazy("declared"),
    "disqualified": gettext_lazy("disqualified"),
    "edited": gettext_lazy("edited"),
    "entered exploiter": gettext_lazy("entered exploiter"),
    "finished tournament": gettext_lazy("finished tournament"),
    "merged": gettext_lazy("merged"),
    "moved deadline": gettext_lazy("moved deadline"),
    "opened phase": gettext_lazy("opened phase"),
    "opened tournament": gettext_lazy("opened tournament"),
    "ordered again": gettext_lazy("ordered again"),
    "paused tournament": gettext_lazy("paused tournament"),
    "posted": gettext_lazy("posted"),
    "quarantined": gettext_lazy("quarantined"),
    "reinstated": gettext_lazy("reinstated"),
    "renamed": gettext_lazy("renamed"),
    "renewed": gettext_lazy("renewed"),
    "restored": gettext_lazy("restored"),
    "resumed tournament": gettext_lazy("resumed tournament"),
    "revealed seeds": gettext_lazy("revealed seeds"),
    "started tournament": gettext_lazy("started tournament"),
    "suspended": gettext_lazy("suspended"),
    "took back": gettext_lazy("took back"),
    "voided": gettext_lazy("voided"),
    "withdrew": gettext_lazy("withdrew"),
    "wrote to": gettext_lazy("wrote to"),
}
TABS = (
    ("competition", gettext_lazy("Overview")),
    ("rules", gettext_lazy("Rules")),
    ("leaderboard", gettext_lazy("Leaderboard")),
    ("competition-matches", gettext_lazy("Matches")),
    ("tournaments", gettext_lazy("Tournaments")),
    ("phases", gettext_lazy("Seasons")),
    ("announcements", gettext_lazy("News")),
    ("submit", gettext_lazy("Submit")),
    ("log", gettext_lazy("Log")),
)


def frame(request: HttpRequest, competition: Competition, current: str) -> Row:
    """Return the context every page of a competition shares: head, tabs, event stream."""
    runs_it = is_host(competition, request.user)
    tabs = TABS + ((("own-team", gettext_lazy("Team")),) if request.user.is_authenticated else ())
    tabs += (("host-console", gettext_lazy("Host")),) if runs_it else ()
    return {
        "section": "competitions",
        "competition": competition,
        "arena": {"title": arena_title(competition.arena), "url": reverse("arena", args=[competition.arena])},
        "state": {"word": state_word(competition.state), "label": competition.get_state_display()},
        "deadline": {"text": until(competition.closes_at), "at": moment(competition.closes_at)},
        "tabs_label": competition.title,
        "tabs": [
            {
                "url": reverse(name, args=[competition.slug]),
                "label": label,
                "count": "",
                "is_current": name == current,
            }
            for name, label in tabs
        ],
    }


@require_safe
def competitions(request: HttpRequest) -> HttpResponse:
    """List the competitions: those that run first, then those to come and those that ended."""
    known_only(request, ("q", "state", "page"))
    text = search_text(request)
    state = choice(request, "state", CompetitionState.values)
    found = visible_competitions(request.user)
    if text:
        found = found.filter(title__icontains=text)
    if state:
        found = found.filter(state=state)
    joined = joined_by(request.user) if isinstance(request.user, User) else set()
    rows, pagination = by_number(request, found, total=found.count(), per_page=24)
    cards = [competition_card(competition, joined) for competition in rows]
    context = {
        "section": "competitions",
        "competitions": sorted(cards, key=lambda card: bool(card["is_over"])),
        "pagination": pagination,
        "search": text,
        "state": state,
        "states": [
            {"value": each.value, "label": each.label, "is_current": each.value == state}
            for each in (CompetitionState.OPEN, CompetitionState.PAUSED, CompetitionState.CLOSED)
        ],
        "is_filtered": bool(text or state),
    }
    return render(request, "competitions/list.html", context)


@require_safe
def competition(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a competition is about, how it is scored, its dates and limits."""
    wanted = competition_for(known_slug(slug), request.user)
    joined = bool(teams_in(wanted, request.user))
    measure = board_of(wanted)
    phase = shown_phase(wanted)
    top = board_rows(list(standings_of(phase)[:5]), mine=set(), is_rating=bool(measure["is_rating"]))[0]
    context = frame(request, wanted, "competition") | {
        "overview": to_html(wanted.overview),
        "follow": follow_button(request.user, topic_of(wanted)),
        "pinned": pinned_rows(wanted),
        "facts": _facts(wanted),
        "scoring": measure,
        "has_joined": joined,
        "rules_changed": joined and not has_accepted(wanted, request.user),
        "is_open": wanted.state == CompetitionState.OPEN,
        "top": top,
        "source": source_line(snapshot_of(phase)),
    }
    return render(request, "competitions/overview.html", context)


def _facts(competition: Competition) -> list[Row]:
    spec = spec_of(competition.arena)
    rows: list[tuple[str, str, str]] = [
        (_("Arena"), arena_title(competition.arena), reverse("arena", args=[competition.arena])),
        (_("Teams"), counted(getattr(competition, "entry_count", 0)), ""),
        (_("Submissions"), _("%(count)s a day and team") % {"count": competition.daily_submissions}, ""),
        (_("Active at a time"), amount(competition.active_submissions, "agent", "agents"), ""),
        (
            _("Rated matches"),
            _("up to %(count)s an agent") % {"count": counted(competition.target_matches)},
            "",
        ),
    ]
    if spec:
        limits = competition.limits
        step = float(limits.get("step_seconds", spec.limits.step_seconds))
        bank = float(limits.get("bank_seconds", spec.limits.bank_seconds))
        memory = int(limits.get("memory_bytes", spec.limits.memory_bytes))
        rows += [
            (
                _("Time per turn"),
                _("%(step)s, and %(bank)s to spare") % {"step": took(step), "bank": took(bank)},
                "",
            ),
            (_("Memory"), size(memory), ""),
            (_("Upload"), _("at most %(size)s") % {"size": size(spec.limits.package_bytes)}, ""),
        ]
    facts: list[Row] = [{"label": label, "value": value, "url": url} for label, value, url in rows]
    return [facts[0], *_dates(competition), *facts[1:]]


def _dates(competition: Competition) -> list[Row]:
    """Return when it opens and closes, and until when teams merge, where the host said so."""
    named = [(_("Opens"), competition.opens_at), (_("Closes"), competition.closes_at)]
    if competition.merge_until:
        named.append((_("Teams merge until"), competition.merge_until))
    return [
        {"label": label} | (zoned(competition, at) if at else {"value": _("when the host says")})
        for label, at in named
    ]


def zoned(competition: Competition, at: datetime) -> Row:
    """Return a time in the zone of the competition, which js/times.js shows in that of the reader."""
    zone = str(competition.options.get("dates", {}).get("zone", ""))
    local = told_in(zone, at) or at
    text = f"{local:%Y-%m-%d %H:%M} {zone or 'UTC'}"
    return {"value": f"{text} ({at:%H:%M} UTC)" if zone else text, "at": moment(at)}


@require_safe
def competition_matches(request: HttpRequest, slug: str) -> HttpResponse:
    """List a competition's matches, newest first, by agent and state if asked."""
    wanted = competition_for(known_slug(slug), request.user)
    context = frame(request, wanted, "competition-matches") | match_list(request, wanted)
    if context["match_list_url"]:
        context["live_url"] = live_url(f"competition:{wanted.slug}")
    return rendered(request, "competitions/matches.html", context)


@require_safe
def log(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what hosts and administrators did, newest first."""
    wanted = competition_for(known_slug(slug), request.user)
    acts = acts_of(wanted)
    rows, pagination = by_number(request, acts, total=acts.count())
    context = frame(request, wanted, "log") | {"acts": act_rows(rows), "pagination": pagination}
    return render(request, "competitions/log.html", context)


def act_rows(acts: Iterable[Act]) -> list[Row]:
    """Return the lines of the public log."""
    return [
        {
            "actor": act.actor.username if act.actor else _("the platform"),
            "actor_url": reverse("person", args=[act.actor.username])
            if act.actor and not act.actor.deleted_at
            else "",
            "verb": VERBS.get(act.verb, act.verb),
            "subject": act.subject,
            "reason": act.reason,
            "when": ago(act.at),
            "when_at": moment(act.at),
        }
        for act in acts
    ]
