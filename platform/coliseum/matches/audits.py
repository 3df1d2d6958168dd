"""Random audits: finished matches are played again, and what does not hold goes into quarantine.

How it works. Which matches are drawn follows from their ids under the secret of their seeds: a worker cannot
know it, and nobody can choose it. A drawn match is scheduled a second time with the same agents, seats and
seeds. If every episode comes out the same, the result is reproduced. If not, the recorded actions are
replayed: agents may look at the clock, but the same actions must give the same result.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from arenas import registry
from arenas.adapters import open_arena
from arenas.errors import ArenaError
from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.models import Competition
from coliseum.competitions.services import record_act
from coliseum.matches.models import Audit, AuditVerdict, Match, MatchState, Seat
from coliseum.matches.queries import episodes_with_actions
from coliseum.matches.services import Plan, schedule_matches
from workers.refusals import RefusedError
from workers.replaying import ReplayEpisode, ReplayFile, verify_replay
from workers.spec import MatchKind, SeatResult

AUDITED_KINDS: Final = (MatchKind.LEAGUE.value, MatchKind.TOURNAMENT.value)
_STEADY_AUDITS: Final = 3
"""After so many audits in which an agent did the very same, another course of the match is strange."""


def is_drawn(match: Match) -> bool:
    """Say whether a match is to be audited: a share of settings.AUDIT_PER_MILLE, by HMAC-SHA-256."""
    drawn = hmac.digest(bytes.fromhex(match.seed_secret), f"audit:{match.pk}".encode(), hashlib.sha256)
    return int.from_bytes(drawn[:8]) * 1000 < settings.AUDIT_PER_MILLE << 64


def order_audits(matches: Sequence[Match]) -> list[Audit]:
    """Schedule a second playing of those finished matches that are drawn; twice for none."""
    drawn = [
        match
        for match in matches
        if match.kind in AUDITED_KINDS and match.state == MatchState.FINISHED and is_drawn(match)
    ]
    # Code that is gone with its owner's account cannot play again.
    erased = Seat.objects.filter(match__in=drawn, submission__package__erased_at__isnull=False)
    gone = set(erased.values_list("match_id", flat=True)) if drawn else set()
    return [order_audit(match=match) for match in drawn if match.pk not in gone]


@transaction.atomic
def order_audit(*, match: Match) -> Audit:
    """Schedule the second playing of a finished match; one that was ordered before is given back."""
    Match.objects.select_for_update().get(pk=match.pk)
    known = Audit.objects.filter(match=match).first()
    if known:
        return known
    lineup = tuple(seat.submission for seat in match.seats.select_related("submission").order_by("position"))
    plan = Plan(MatchKind.AUDIT, lineup, reason="audit")
    again = schedule_matches(competition=match.competition, plans=[plan])[0]
    return Audit.objects.create(match=match, again=again)


def judge_audit(again: Match) -> Audit | None:
    """Compare a second playing with the first; a result that does not hold is taken out of the ratings."""
    audit = (
        Audit.objects.select_related("match__competition", "match__phase")
        .filter(again=again, verdict=AuditVerdict.WAITING)
        .first()
    )
    if audit is None:
        return None
    if again.state != MatchState.FINISHED:
        return _close(audit, AuditVerdict.UNPLAYED, _("It could not be played again, by a fault of ours."))
    where, same = _where(audit.match, again), _("every action was the same.")
    if _digests(audit.match) == _digests(again):
        return _close(audit, AuditVerdict.REPRODUCED, f"{where}: {same}")
    problem = _problem(audit.match)
    if not problem and _were_steady(audit.match):
        problem = _("Its agents always played the same before, and played otherwise now.")
    if not problem:
        otherwise = _(
            "an agent chose otherwise, which it may; the recorded actions give the recorded result."
        )
        return _close(audit, AuditVerdict.REPLAYED, f"{where}: {otherwise}")
    _close(audit, AuditVerdict.DIFFERS, f"{where}: {problem}"[:400])
    set_counted(match=audit.match, counted=False, actor=None, verb="quarantined", reason=problem)
    return audit


def _close(audit: Audit, verdict: AuditVerdict, note: str) -> Audit:
    audit.verdict, audit.note, audit.judged_at = verdict, note, clock.now()
    audit.save(update_fields=["verdict", "note", "judged_at"])
    return audit


def _where(first: Match, again: Match) -> str:
    if first.worker == again.worker:
        return _("Played again on the same worker, the only one there is")
    return _("Played again on another worker")


def _digests(match: Match) -> list[str]:
    return list(match.episodes.order_by("index").values_list("digest", flat=True))


def _problem(match: Match) -> str:
    """Return what is wrong with a recorded match when its actions are replayed here; empty if nothing is."""
    arena = registry.get(match.competition.arena)
    replay = ReplayFile(arena=arena.id, episodes=tuple(map(_replayed, episodes_with_actions(match))))
    try:
        adapter = open_arena(arena)
        try:
            verdicts = verify_replay(arena, adapter, replay)
        finally:
            adapter.close()
    except ArenaError as error:
        return f"The arena failed: {error}"
    return next((verdict.detail for verdict in verdicts if not verdict.ok), "")


def _replayed(episode: Any) -> ReplayEpisode:  # Any: a row; its packed columns have no static type
    return ReplayEpisode(
        seed=episode.seed,
        seating=tuple(episode.seating),
        actions=bytes(episode.actions),
        digest=episode.digest,
        turns=episode.turns,
        seats=msgspec.convert(tuple(episode.seats), tuple[SeatResult, ...]),
        truncated=episode.truncated,
    )


def _were_steady(match: Match) -> bool:
    """Say whether all agents of a match did the very same in each of several audits before."""
    for seat in match.seats.all():
        verdicts = list(
            Audit.objects.filter(match__seats__submission=seat.submission_id)
            .exclude(verdict__in=(AuditVerdict.WAITING, AuditVerdict.UNPLAYED))
            .values_list("verdict", flat=True)
        )
        if len(verdicts) < _STEADY_AUDITS or set(verdicts) != {AuditVerdict.REPRODUCED}:
            return False
    return True


@transaction.atomic
def set_counted(*, match: Match, counted: bool, actor: User | None, verb: str, reason: str) -> bool:
    """Take a finished match out of the ratings, or back into them; False if it was so already.

    Raises:
        RefusedError: `request.bad_field` without a reason, `match.not_ready` while it is not finished.
    """
    reason = reason.strip()
    if not reason:
        raise RefusedError("request.bad_field", name="reason", wanted="given; it is public", field="reason")
    if match.state != MatchState.FINISHED:
        raise RefusedError("match.not_ready", state=match.state)
    changed = Match.objects.filter(pk=match.pk, is_counted=not counted).update(is_counted=counted)
    if changed:
        match.is_counted = counted
        record_act(
            competition=match.competition,
            actor=actor,
            verb=verb,
            subject=f"match {match.pk}",
            reason=reason[:400],
        )
    return bool(changed)


def audited_by(again: Match) -> Match:
    """Return the match whose second playing this is.

    Raises:
        Audit.DoesNotExist: it is none.
    """
    return Audit.objects.select_related("match__competition", "match__phase").get(again=again).match


def audit_of(match: Match) -> Audit | None:
    """Return what the audit of a match found, if it was drawn."""
    return Audit.objects.select_related("again").filter(match=match).first()


def uncounted_matches(competition: Competition | None = None) -> QuerySet[Match]:
    """Return the finished matches that are kept out of the ratings, newest first."""
    matches = Match.objects.filter(state=MatchState.FINISHED, is_counted=False)
    if competition is not None:
        matches = matches.filter(competition=competition)
    return (
        matches.select_related("competition", "phase", "audit")
        .prefetch_related("seats__submission")
        .order_by("-id")
    )


def audit_counts(competition: Competition | None = None) -> dict[str, int]:
    """Return how many audits gave each verdict."""
    audits = (
        Audit.objects.all() if competition is None else Audit.objects.filter(match__competition=competition)
    )
    counts: dict[str, int] = {}
    for verdict in audits.values_list("verdict", flat=True):
        counts[verdict] = counts.get(verdict, 0) + 1
    return counts
