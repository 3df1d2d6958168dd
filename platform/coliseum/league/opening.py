"""From a host's file to a competition with its tournaments and baselines, and back to the file."""

from typing import Final

import msgspec
from django.db import transaction

from arenas import registry
from coliseum.accounts.models import User, Visitor
from coliseum.competitions import files
from coliseum.competitions.calibrations import want_calibration
from coliseum.competitions.models import Competition, CompetitionState, Plan
from coliseum.competitions.queries import is_host
from coliseum.league.conductor import on_uploaded
from coliseum.league.demo import enter_baselines
from coliseum.tournaments.models import Source, Tournament, TournamentState
from coliseum.tournaments.queries import visible_tournaments
from coliseum.tournaments.services import change_tournament, create_tournament
from coliseum.tournaments.wanted import Wanted
from workers.hosting.file import CompetitionFile, Dates, League
from workers.hosting.file import Tournament as Told
from workers.hosting.writing import write_toml
from workers.league.formats.named import FORMATS
from workers.refusals import RefusedError

_SOURCES: Final = {"active": Source.ACTIVE, "top": Source.TOP}


def open_from_file(*, host: User | None, file: CompetitionFile, plan: Plan | None = None) -> Competition:
    """Make a competition as a draft, with its tournaments, and enter the baselines it names.

    Where its host left to calibration how matches are played, that is asked for.

    Args:
        host: who runs it.
        file: what it is to be.
        plan: which the file was written in; of one plan there is one competition, however often it is asked.

    Raises:
        RefusedError: as `create_competition` and `create_tournament`; then nothing was made.
    """
    with transaction.atomic():
        kept = Plan.objects.select_for_update().get(pk=plan.pk) if plan else None
        if kept is not None and kept.competition is not None:
            return kept.competition
        competition = files.create_from_file(host=host, file=file)
        for told in file.tournament:
            create_tournament(competition=competition, actor=host, wanted=_wanted(told))
        if kept is not None:
            kept.competition = competition
            kept.save(update_fields=["competition"])
    _enter(competition, file.league)
    is_left_open = file.league.swap == "calibrated" or not file.league.episodes
    if is_left_open and registry.get(competition.arena).lineup > 1:
        want_calibration(competition=competition, actor=host)
    return competition


def change_from_file(
    *, competition: Competition, actor: User, file: CompetitionFile, seen: CompetitionFile | None = None
) -> tuple[str, ...]:
    """Make a competition what a file says; return the keys that changed.

    Tournaments are known by their names. One that the file does not name stays as it is.

    Args:
        competition: that there is.
        actor: who changes it.
        file: what it is to be.
        seen: what it was when the file was written; None where that does not matter.

    Raises:
        RefusedError: as `competitions.files.change_from_file`; `competition.started` for a tournament that
            has started; `competition.changed_meanwhile`. Then nothing was changed.
    """
    with transaction.atomic():
        kept = Competition.objects.select_for_update().get(pk=competition.pk)
        if seen is not None and file_of(kept) != seen:
            raise RefusedError("competition.changed_meanwhile", names=kept.title)
        changed = files.change_from_file(competition=competition, actor=actor, file=file)
        for index, told in enumerate(file.tournament):
            if _change_tournament(competition, actor, told, index):
                changed = (*changed, f"tournament[{index}]")
    _enter(competition, file.league)
    return changed


def copy_of(competition: Competition, user: Visitor) -> CompetitionFile:
    """Return the file of a competition as the start of another one: without its address, dates and people.

    Of tournaments only those are in it that the person may see.
    """
    file = file_of(competition)
    if is_host(competition, user):
        seen = file.tournament
    else:
        shown = {row.title for row in visible_tournaments(competition, user)}
        seen = tuple(each for each in file.tournament if each.name in shown)
    who = file.eligibility
    return msgspec.structs.replace(
        file,
        dates=Dates(zone=file.dates.zone),
        eligibility=msgspec.structs.replace(who, invited=(), link=who.who == "invited"),
        teams=msgspec.structs.replace(file.teams, merge_until=None),
        tournament=tuple(msgspec.structs.replace(each, starts_at=None) for each in seen),
    )


def file_of(competition: Competition) -> CompetitionFile:
    """Return the file of a competition; tournaments of chosen agents and cancelled ones are not in it."""
    rows = (
        competition.tournaments.filter(source__in=_SOURCES)
        .exclude(state=TournamentState.CANCELLED)
        .order_by("created_at", "pk")
    )
    zone = str(competition.options.get("dates", {}).get("zone", ""))
    return files.file_of(competition, [_told(row, zone) for row in rows])


def text_of(competition: Competition) -> str:
    """Return competition.toml of a competition."""
    return write_toml(file_of(competition))


def _enter(competition: Competition, league: League) -> None:
    if competition.state == CompetitionState.CLOSED:
        return
    for submission in enter_baselines(competition, league.baselines):
        on_uploaded(submission)


def _change_tournament(competition: Competition, actor: User, told: Told, index: int) -> bool:
    """Make or change one tournament; return whether there was anything to do."""
    row = competition.tournaments.filter(title__iexact=told.name).first()
    if row is None:
        create_tournament(competition=competition, actor=actor, wanted=_wanted(told))
        return True
    zone = str(competition.options.get("dates", {}).get("zone", ""))
    if row.source in _SOURCES and _whole(_told(row, zone)) == _whole(told):
        return False
    if row.state != TournamentState.DRAFT:
        raise RefusedError("competition.started", keys=f"tournament[{index}]", field=f"tournament[{index}]")
    change_tournament(tournament=row, actor=actor, wanted=_wanted(told))
    return True


def _wanted(told: Told) -> Wanted:
    return Wanted(
        title=told.name,
        format=told.format,
        options=told.options,
        source=_SOURCES[told.entrants].value,
        size=told.size,
        seeding=told.seeding,
        release=told.release,
        starts_at=told.starts_at,
    )


def _told(row: Tournament, zone: str) -> Told:
    """Return a tournament as the file tells it, options with their defaults left out."""
    usual = {option.name: option.default for option in FORMATS[row.format].options}
    values = {
        "name": row.title,
        "format": row.format,
        "entrants": row.source,
        "size": row.size,
        "seeding": row.seeding,
        "release": row.release,
        "starts_at": files.told_in(zone, row.starts_at),
        **{name: value for name, value in row.options.items() if value != usual.get(name)},
    }
    return msgspec.convert(values, Told)


def _whole(told: Told) -> Told:
    """Return a tournament with all options of its format, so that two that mean the same are equal."""
    options = {option.name: option.default for option in FORMATS[told.format].options}
    return msgspec.structs.replace(told, **(options | told.options))
