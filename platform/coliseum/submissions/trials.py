"""Writes about trials: begin one, note how it stands, record its verdict."""

from dataclasses import dataclass

from django.db import transaction

from coliseum import clock
from coliseum.submissions.models import Purpose, Submission, Trial, Verdict


@dataclass(frozen=True, slots=True)
class Look:
    """How a trial stands after a look at its matches."""

    verdict: Verdict
    matches: int
    episodes: int
    points: float | None
    ratio: float = 0.0


def open_trial(*, submission: Submission, opponent: Submission, purpose: Purpose) -> Trial:
    """Begin a trial; the same one again is the one there is."""
    made, _ = Trial.objects.get_or_create(
        submission=submission,
        opponent=opponent,
        purpose=purpose,
        defaults={"started_at": clock.now()},
    )
    return made


@transaction.atomic
def record_look(*, trial: Trial, look: Look) -> bool:
    """Write how an open trial stands; True if this decided it.

    A gate that is won by an agent which waits for it puts the agent into play in its predecessor's place.
    """
    decided_at = None if look.verdict == Verdict.OPEN else clock.now()
    changed = Trial.objects.filter(pk=trial.pk, verdict=Verdict.OPEN).update(
        verdict=look.verdict,
        matches=look.matches,
        episodes=look.episodes,
        points=look.points,
        ratio=look.ratio,
        decided_at=decided_at,
    )
    if not changed or decided_at is None:
        return False
    trial.refresh_from_db()
    if trial.purpose == Purpose.GATE and look.verdict == Verdict.BETTER:
        _replace(trial)
    return True


def _replace(trial: Trial) -> None:
    """Let a better agent play where it was to replace its predecessor and nothing happened meanwhile."""
    new = Submission.objects.select_for_update().select_related("entry").get(pk=trial.submission_id)
    if not new.only_if_better or new.is_active or new.suspended_at or new.entry.is_out:
        return
    was_active = Submission.objects.filter(pk=trial.opponent_id, is_active=True).update(is_active=False)
    room = new.entry.competition.active_submissions - new.entry.submissions.filter(is_active=True).count()
    if was_active or room > 0:
        Submission.objects.filter(pk=new.pk, state="ready").update(is_active=True)
