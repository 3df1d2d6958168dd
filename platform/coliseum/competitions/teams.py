"""Writes about the people of a team: invite, join, merge, leave, remove, rename, and who is captain.

How it works. What a team does about its people it does in one competition: a team that plays elsewhere too is
split off first, so that nobody comes to see agents of another competition by it. An invitation brings in one
person, or, accepted by the captain of another team, that whole team: its entry is merged into this one, stays
with its results, and keeps the same members as the team it went into, who so see its code and logs.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.accounts.names import claim_name, hand_over_names, people_like, release_names
from coliseum.competitions.eligibility import check_eligible
from coliseum.competitions.models import Competition, Entry, Invitation, Team
from coliseum.competitions.rules import accept_rules
from coliseum.competitions.services import (
    HOUSE,
    check_joinable,
    check_name,
    entry_of,
    hold_people,
    record_act,
)
from coliseum.ids import digest_of
from workers.refusals import RefusedError

INVITATION_DAYS = 7


@dataclass(frozen=True, slots=True)
class Joined:
    """What accepting an invitation did."""

    entry: Entry
    merged: Entry | None
    """The entry that went into it, if a whole team came."""


def captain_of(team: Team) -> User | None:
    """Return who leads a team: the one named, else whoever has been in it longest; the house has none."""
    if team.captain_id and team.members.filter(pk=team.captain_id).exists():
        return team.captain
    longest = team.members.through.objects.filter(team=team).order_by("pk").select_related("user").first()
    return longest.user if longest else None


def is_captain(team: Team, user: User) -> bool:
    """Say whether a person leads a team."""
    captain = captain_of(team)
    return captain is not None and captain.pk == user.pk


def check_teams_open(competition: Competition) -> None:
    """Refuse once teams do not change any more.

    Raises:
        RefusedError: `team.closed` after the host's date for it, else as `check_joinable`.
    """
    check_joinable(competition)
    if competition.merge_until and clock.now() > competition.merge_until:
        raise RefusedError("team.closed", ended_at=clock.shown(competition.merge_until))


@transaction.atomic
def invite(*, entry: Entry, actor: User) -> str:
    """Make a link's secret part, shown once and good for a week; a link before it ends.

    Raises:
        RefusedError: `team.not_captain`, `team.refused` for a full team, or as `check_teams_open`.
    """
    entry = _led(entry, actor, "invite people")
    check_teams_open(entry.competition)
    _check_size(entry.competition, entry.team.members.count() + 1)
    _end_invitation(entry)
    secret = secrets.token_urlsafe(24)
    now = clock.now()
    Invitation.objects.create(
        entry=entry,
        digest=digest_of(secret),
        made_by=actor,
        made_at=now,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    return secret


@transaction.atomic
def revoke_invitation(*, entry: Entry, actor: User) -> None:
    """End the link that is out.

    Raises:
        RefusedError: `team.not_captain`.
    """
    _end_invitation(_led(entry, actor, "take invitations back"))


def invitation_with(secret: str) -> Invitation:
    """Return the invitation that a link stands for.

    Raises:
        RefusedError: `team.bad_invitation` for unknown, revoked and old ones alike.
    """
    found = (
        Invitation.objects.select_related("entry__competition", "entry__team", "made_by")
        .filter(digest=digest_of(secret), revoked_at=None, expires_at__gt=clock.now())
        .exclude(entry__merged_into__isnull=False)
        .first()
    )
    if found is None:
        raise RefusedError("team.bad_invitation")
    return found


@transaction.atomic
def accept_invitation(*, secret: str, user: User, version: int | None = None) -> Joined:
    """Join the team of an invitation, with one's whole team if one leads another; doing it twice is once.

    Whoever calls takes the agents of a merged entry out of play in the same transaction.

    Args:
        secret: of the link.
        user: who accepts it, and the rules with it.
        version: of the rules that were shown; None where nothing else can have been.

    Raises:
        RefusedError: `team.bad_invitation`; `team.refused` for a team that would be too large, or for a
            member of another team who does not lead it; as `check_teams_open`, `check_eligible` and
            `accept_rules`.
    """
    entry = invitation_with(secret).entry
    competition = entry.competition
    own = entry_of(competition, user)
    hold_people(_people_of(own) | {user.pk})
    both = [entry.pk] if own is None else [entry.pk, own.pk]
    list(Entry.objects.select_for_update().filter(pk__in=both).order_by("pk").values_list("pk"))
    entry.refresh_from_db(fields=["team", "merged_into", "disqualified_at"])
    own = entry_of(competition, user)
    if own is not None and own.pk == entry.pk:
        return Joined(entry, None)
    check_teams_open(competition)
    if entry.is_out:
        raise RefusedError("team.bad_invitation")
    if own is not None and not is_captain(own.team, user):
        raise RefusedError("team.refused", name=user.username)
    if own is None:
        check_eligible(competition, user)
    accept_rules(competition=competition, user=user, number=version)
    coming = _people_of(own) | {user.pk}
    _check_size(competition, len(_people_of(entry) | coming))
    _own_team(entry).members.add(*coming)
    if own is not None:
        _merge(own, entry, user)
    _keep_alike(entry)
    return Joined(entry, own)


def _merge(own: Entry, entry: Entry, actor: User) -> None:
    """Note that an entry went into another one; nobody needs its team's name and link any more."""
    if own.is_disqualified:
        raise RefusedError("auth.not_allowed", action="merge: the entry is disqualified")
    _own_team(own)
    competition = entry.competition
    Entry.objects.filter(merged_into=own).update(merged_into=entry)
    Entry.objects.filter(pk=own.pk).update(merged_into=entry)
    _end_invitation(own)
    release_names(owner=str(own.pk), realm=_realm(competition))
    hand_over_names(realm=f"agents:{competition.pk}", owner=str(own.pk), to=str(entry.pk))
    subject = f"{own.team.name[:55]} into {entry.team.name[:55]}"
    record_act(competition=competition, actor=actor, verb="merged", subject=subject)


@transaction.atomic
def rename_team(*, entry: Entry, actor: User, name: str) -> Team:
    """Give a team another name in its competition.

    Raises:
        RefusedError: `team.not_captain`, `name.length`, `name.characters`; `name.taken` where it looks like
            another team, a person who is not in it, or the house; `competition.closed` once it is over.
    """
    entry = _led(entry, actor, "rename the team")
    check_joinable(entry.competition)
    name = check_name(name)
    members = _people_of(entry)
    if any(person.pk not in members for person in people_like(name)) or name.casefold() == HOUSE.casefold():
        raise RefusedError("name.taken", name=name, field="name")
    team = _own_team(entry)
    if name == team.name:
        return team
    realm, owner = _realm(entry.competition), str(entry.pk)
    release_names(owner=owner, realm=realm)
    claim_name(realm=realm, name=name, owner=owner)
    before, team.name = team.name, name
    team.save(update_fields=["name"])
    subject = f"{before[:55]} to {name[:55]}"
    record_act(competition=entry.competition, actor=actor, verb="renamed", subject=subject)
    return team


@transaction.atomic
def make_captain(*, entry: Entry, actor: User, username: str) -> User:
    """Hand the lead to another member.

    Raises:
        RefusedError: `team.not_captain`, or `not_found` for somebody who is no member.
    """
    entry = _led(entry, actor, "hand over the lead")
    person = _member(entry, username)
    team = _own_team(entry)
    team.captain = person
    team.save(update_fields=["captain"])
    return person


@transaction.atomic
def leave_team(*, entry: Entry, user: User) -> None:
    """Take oneself out of a team; what one sent stays with it.

    Raises:
        RefusedError: `team.refused` for the last member, `not_found` for who is in no such team, or as
            `check_joinable`.
    """
    entry = _locked(entry)
    check_joinable(entry.competition)
    _take_out(entry, _member(entry, user.username))


@transaction.atomic
def remove_member(*, entry: Entry, actor: User, username: str) -> User:
    """Take another member out of a team.

    Raises:
        RefusedError: `team.not_captain`, or as `leave_team`.
    """
    entry = _led(entry, actor, "remove members")
    check_joinable(entry.competition)
    person = _member(entry, username)
    _take_out(entry, person)
    return person


def _take_out(entry: Entry, person: User) -> None:
    if entry.team.members.count() == 1:
        raise RefusedError("team.refused")
    team = _own_team(entry)
    team.members.remove(person)
    if team.captain_id == person.pk:
        team.captain = None
        team.save(update_fields=["captain"])
    # A link that the person knows must not lead back in.
    _end_invitation(entry)
    _keep_alike(entry)


@transaction.atomic
def leave_everything(*, user: User, alias: str) -> list[Team]:
    """Take a person whose account ends out of all teams with other members; return the teams of them alone.

    Those keep their member, who has no name any more, and are called by the alias.
    """
    Invitation.objects.filter(entry__team__members=user, revoked_at=None).update(revoked_at=clock.now())
    alone = []
    for team in user.teams.select_for_update(of=("self",)).order_by("pk"):
        if team.members.count() == 1:
            alone.append(team)
            continue
        team.members.remove(user)
        if team.captain_id == user.pk:
            team.captain = None
            team.save(update_fields=["captain"])
    for entry in Entry.objects.filter(team__in=alone):
        release_names(owner=str(entry.pk), realm=f"teams:{entry.competition_id}")
    Team.objects.filter(pk__in=[team.pk for team in alone]).update(name=alias)
    return alone


def _locked(entry: Entry) -> Entry:
    """Return the entry, nobody else's to change until the transaction ends.

    Raises:
        RefusedError: `team.closed` where it has merged into another one.
    """
    related = Entry.objects.select_for_update(of=("self",)).select_related("team", "competition")
    held = related.get(pk=entry.pk)
    if held.merged_into is not None:
        raise RefusedError("team.closed", name=held.merged_into.team.name)
    return held


def _led(entry: Entry, actor: User, action: str) -> Entry:
    held = _locked(entry)
    captain = captain_of(held.team)
    if captain is None or captain.pk != actor.pk:
        name = captain.username if captain else "the captain"
        raise RefusedError("team.not_captain", action=action, captain=name)
    return held


def _member(entry: Entry, username: str) -> User:
    found = entry.team.members.filter(username=username).first() if "\0" not in username else None
    if found is None:
        raise RefusedError("not_found", kind="member", id=username)
    return found


def _people_of(entry: Entry | None) -> set[int]:
    return set(entry.team.members.values_list("pk", flat=True)) if entry else set()


def _check_size(competition: Competition, people: int) -> None:
    if people > competition.max_members:
        raise RefusedError("team.refused", members=competition.max_members)


def _end_invitation(entry: Entry) -> None:
    Invitation.objects.filter(entry=entry, revoked_at=None).update(revoked_at=clock.now())


def _own_team(entry: Entry) -> Team:
    """Return a team that plays this competition alone: the entry's own, or one split off from it."""
    team = entry.team
    if not team.entries.exclude(pk=entry.pk).exists():
        return team
    split = Team.objects.create(name=team.name, captain=captain_of(team), created_at=clock.now())
    split.members.set(team.members.all())
    Entry.objects.filter(pk=entry.pk).update(team=split)
    entry.team = split
    return split


def _keep_alike(entry: Entry) -> None:
    """Give the teams that merged into this entry's the members it has."""
    people = list(entry.team.members.all())
    for merged in entry.merged.select_related("team"):
        merged.team.members.set(people)


def _realm(competition: Competition) -> str:
    return f"teams:{competition.pk}"
