"""Competitions, entries and acts as the API sends them."""

from typing import Any

from django.http import HttpRequest

from arenas import registry
from arenas.errors import ArenaError
from coliseum.api.addresses import page_address
from coliseum.api.schemas import ActRow, CompetitionDetail, EntryRow
from coliseum.api.seen import user_of
from coliseum.competitions.models import Act, Competition, Entry
from coliseum.competitions.rules import accepted_rules, current_rules
from coliseum.competitions.services import entry_of
from coliseum.submissions.services import quota_left


def competition_fields(competition: Competition) -> dict[str, Any]:  # Any: the fields of CompetitionRow
    """Return what lists tell of a competition."""
    return {
        "slug": competition.slug,
        "title": competition.title,
        "arena": competition.arena,
        "state": competition.state,
        "summary": competition.summary,
        "opens_at": competition.opens_at,
        "closes_at": competition.closes_at,
        # Annotated by the queries that list competitions.
        "entries": competition.entry_count,  # type: ignore[attr-defined]
        "url": page_address("competition", competition.slug),
    }


def competition_detail(request: HttpRequest, competition: Competition) -> CompetitionDetail:
    """Return all that is told of a competition, and the caller's place and quota in it."""
    entry = entry_of(competition, user_of(request))
    left, resets_at = quota_left(entry) if entry else (None, None)
    accepted = accepted_rules(competition, user_of(request))
    return CompetitionDetail(
        **competition_fields(competition),
        overview=competition.overview,
        rules=competition.rules,
        evaluation=competition.evaluation,
        prizes=competition.prizes,
        faq=competition.faq,
        rules_version=current_rules(competition).number,
        rules_accepted=accepted.version.number if accepted else None,
        eligibility=competition.eligibility,
        replays=competition.replays,
        code=competition.code,
        max_members=competition.max_members,
        merge_until=competition.merge_until,
        forum_url=competition.forum_url,
        daily_submissions=competition.daily_submissions,
        active_submissions=competition.active_submissions,
        target_matches=competition.target_matches,
        limits=limits_of(competition),
        hosts=[host.username for host in competition.hosts.order_by("username")],
        joined=entry is not None,
        team_id=entry.team_id if entry else None,
        submissions_left=None if left is None else max(left, 0),
        submissions_reset_at=resets_at,
    )


def limits_of(competition: Competition) -> dict[str, float]:
    """Return what one agent may use here, in seconds and bytes by name; empty where the arena is gone."""
    try:
        limits = registry.get(competition.arena).limits
    except ArenaError:
        return {}
    told = {name: float(getattr(limits, name)) for name in limits.__dataclass_fields__}
    return told | {name: float(value) for name, value in competition.limits.items() if name in told}


def entry_row(entry: Entry) -> EntryRow:
    """Return a team in a competition."""
    return EntryRow(
        competition=entry.competition.slug,
        team=entry.team.name,
        team_id=entry.team_id,
        members=sorted(member.username for member in entry.team.members.all()),
        joined_at=entry.joined_at,
        disqualified=entry.is_disqualified,
        disqualified_reason=entry.disqualified_reason,
    )


def act_row(act: Act) -> ActRow:
    """Return a line of the public log."""
    return ActRow(
        id=act.pk,
        at=act.at,
        actor=act.actor.username if act.actor else None,
        verb=act.verb,
        subject=act.subject,
        reason=act.reason,
    )
