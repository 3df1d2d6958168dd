"""A competition from its file and back: what the file says, the form shows and the row keeps is one thing."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import transaction

from arenas import registry
from coliseum.accounts.models import User
from coliseum.competitions.changing import check_rules_stand, renew_rules
from coliseum.competitions.models import Competition
from coliseum.competitions.queries import has_started
from coliseum.competitions.services import create_competition, record_act
from workers.hosting.file import (
    About,
    CompetitionFile,
    Dates,
    Eligibility,
    FinalPhase,
    League,
    LimitOverrides,
    Quotas,
    Reveal,
    Teams,
    Tournament,
)
from workers.hosting.zones import find_zone
from workers.refusals import RefusedError

_TOLD: Final = ("league", "final", "dates", "eligibility")
"""Keys of a competition's options that the file says; others are not its business."""
FIXED: Final = ("dates.opens_at", "reveal.", "limits.", "quotas.target_matches", "league.")
"""Beginnings of the keys that stay as they are once a competition has started."""


def create_from_file(*, host: User | None, file: CompetitionFile) -> Competition:
    """Make a competition as a draft; its tournaments and baselines are the conductor's.

    Raises:
        RefusedError: as `create_competition`.
    """
    about = file.competition
    secret = secrets.token_urlsafe(24) if file.eligibility.link else ""
    return create_competition(
        host=host,
        slug=about.slug,
        title=about.title,
        arena=about.arena,
        opens_at=file.dates.opens_at,
        closes_at=file.dates.closes_at,
        invite_secret=secret,
        **_columns(file),
    )


@transaction.atomic
def change_from_file(*, competition: Competition, actor: User, file: CompetitionFile) -> tuple[str, ...]:
    """Make a competition what a file says; return the keys that changed, as `dates.closes_at`.

    Raises:
        RefusedError: `hosting.other_slug`; `competition.bad_setting` for another arena; `competition.started`
            with all keys that may not change any more; `final.rules_fixed` while a final is under way.
    """
    kept = Competition.objects.select_for_update().get(pk=competition.pk)
    if file.competition.slug != kept.slug:
        raise RefusedError("hosting.other_slug", theirs=file.competition.slug, ours=kept.slug, field="slug")
    arena = registry.get(file.competition.arena).id
    if arena != kept.arena:
        wanted = f"{kept.arena}, as it was made: another arena is another competition"
        raise RefusedError("competition.bad_setting", name="arena", wanted=wanted, field="arena")
    wanted_file = _completed(file, kept)
    changed = changed_keys(file_of(kept), wanted_file)
    fixed = [key for key in changed if key.startswith(FIXED)]
    if has_started(kept) and fixed:
        raise RefusedError("competition.started", keys=", ".join(fixed), field=fixed[0])
    check_rules_stand(kept, [_column_of(key) for key in changed])
    if changed:
        columns = _columns(wanted_file) | {
            "title": wanted_file.competition.title,
            "opens_at": wanted_file.dates.opens_at,
            "closes_at": wanted_file.dates.closes_at,
        }
        if file.eligibility.link and not kept.invite_secret:
            columns["invite_secret"] = secrets.token_urlsafe(24)
        columns["options"] |= {name: value for name, value in kept.options.items() if name not in _TOLD}
        for name, value in columns.items():
            setattr(kept, name, value)
        kept.save(update_fields=list(columns))
        competition.refresh_from_db()
        record_act(competition=kept, actor=actor, verb="changed", subject=", ".join(changed)[:120])
        renew_rules(competition=kept, actor=actor)
    return changed


def file_of(competition: Competition, tournaments: Sequence[Tournament] = ()) -> CompetitionFile:
    """Return the file that a competition could have been opened from; what is the default stays out of it."""
    options: Mapping[str, Any] = competition.options
    zone = str(options.get("dates", {}).get("zone", ""))
    is_usual = competition.summary == _usual_summary(competition.arena)
    final = options.get("final")
    return CompetitionFile(
        competition=About(
            slug=competition.slug,
            title=competition.title,
            arena=competition.arena,
            summary="" if is_usual else competition.summary,
            overview=competition.overview,
            rules=competition.rules,
            evaluation=competition.evaluation,
            prizes=competition.prizes,
            faq=competition.faq,
            forum_url=competition.forum_url,
        ),
        dates=Dates(
            opens_at=told_in(zone, competition.opens_at),
            closes_at=told_in(zone, competition.closes_at),
            zone=zone,
        ),
        eligibility=msgspec.convert(
            {"who": competition.eligibility} | options.get("eligibility", {}), Eligibility
        ),
        teams=Teams(max_members=competition.max_members, merge_until=told_in(zone, competition.merge_until)),
        reveal=msgspec.convert({"replays": competition.replays, "code": competition.code}, Reveal),
        limits=LimitOverrides(**competition.limits),
        quotas=Quotas(
            daily_submissions=competition.daily_submissions,
            active_submissions=competition.active_submissions,
            target_matches=competition.target_matches,
        ),
        league=msgspec.convert(options.get("league", {}), League),
        final=None if final is None else msgspec.convert(final, FinalPhase),
        tournament=tuple(tournaments),
    )


def told_in(zone: str, moment: datetime | None) -> datetime | None:
    """Return a moment with the difference to UTC of a zone, or as it is."""
    place = find_zone(zone) if zone else None
    return moment.astimezone(place) if moment and place else moment


def changed_keys(before: CompetitionFile, after: CompetitionFile) -> tuple[str, ...]:
    """Return the keys of all tables but the tournaments in which two files differ, in the file's order."""
    changed = []
    for name in before.__struct_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if name == "tournament" or old == new:
            continue
        if old is None or new is None:
            changed.append(name)
            continue
        keys = (key for key in old.__struct_fields__ if getattr(old, key) != getattr(new, key))
        changed += [f"{name}.{key}" for key in keys]
    return tuple(changed)


def _columns(file: CompetitionFile) -> dict[str, Any]:  # Any: columns of Competition
    """Return the columns but title, address, arena and dates."""
    options: dict[str, Any] = {}
    if league := msgspec.to_builtins(file.league):
        options["league"] = league
    if file.final is not None:
        options["final"] = msgspec.to_builtins(file.final)
    lists = {key: value for key, value in msgspec.to_builtins(file.eligibility).items() if key != "who"}
    if lists:
        options["eligibility"] = lists
    if file.dates.zone:
        options["dates"] = {"zone": file.dates.zone}
    return {
        "summary": file.competition.summary or _usual_summary(file.competition.arena),
        "overview": file.competition.overview,
        "rules": file.competition.rules,
        "evaluation": file.competition.evaluation,
        "prizes": file.competition.prizes,
        "faq": file.competition.faq,
        "forum_url": file.competition.forum_url,
        "eligibility": file.eligibility.who,
        "max_members": file.teams.max_members,
        "merge_until": file.teams.merge_until,
        "replays": file.reveal.replays,
        "code": file.reveal.code,
        "daily_submissions": file.quotas.daily_submissions,
        "active_submissions": file.quotas.active_submissions,
        "target_matches": file.quotas.target_matches,
        "limits": msgspec.to_builtins(file.limits),
        "options": options,
    }


def _column_of(key: str) -> str:
    table, _, name = key.partition(".")
    return "limits" if table == "limits" else name


def _usual_summary(arena: str) -> str:
    return registry.get(arena).summary[:200]


def _completed(file: CompetitionFile, competition: Competition) -> CompetitionFile:
    """Return the file as it reads when written from the row: the arena's whole id, the start there is."""
    about = file.competition
    summary = "" if about.summary == _usual_summary(competition.arena) else about.summary
    opens_at = file.dates.opens_at or competition.opens_at
    return msgspec.structs.replace(
        file,
        competition=msgspec.structs.replace(about, arena=competition.arena, summary=summary),
        dates=msgspec.structs.replace(file.dates, opens_at=opens_at),
    )
