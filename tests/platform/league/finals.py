"""Ways to announce a final, let it begin, and play it out."""

from datetime import datetime, timedelta

import pytest

from coliseum import clock
from coliseum.competitions.models import Phase
from coliseum.competitions.phases import announce_final
from coliseum.leaderboards.services import rate_phase
from coliseum.league import conductor
from coliseum.submissions.models import Submission, SubmissionState
from tests.platform.league.strengths import Table
from workers.refusals import RefusedError

SMALL = {"budget_episodes": 64, "prize_places": 1, "cuts": [16, 32]}


def another(of: Submission, number: int) -> Submission:
    """Give an entry one more agent that passed validation."""
    package = of.package
    package.pk = f"{number:064d}"
    package.save()
    return Submission.objects.create(
        entry=of.entry,
        number=number,
        name=of.name,
        package=package,
        state=SubmissionState.READY,
        uploaded_at=clock.now(),
    )


def soon() -> datetime:
    return clock.now() + timedelta(days=2)


def announce(competition, **options) -> Phase:
    return announce_final(competition=competition, actor=None, naming_ends_at=soon(), options=options)


def begin(competition, **options) -> Phase:
    """Announce a final and let its naming end."""
    phase = announce(competition, **(SMALL | options))
    Phase.objects.filter(pk=phase.pk).update(naming_ends_at=clock.now())
    conductor.tick()
    phase.refresh_from_db()
    return phase


def play_out(phase: Phase, table: Table, *, ticks: int = 200) -> None:
    """Play whatever is scheduled until the phase has come to rest."""
    for _ in range(ticks):
        table.play()
        rate_phase(phase=phase)
        conductor.tick()
        phase.refresh_from_db()
        if phase.settled_at:
            return
    raise AssertionError("the final did not end")


def refused(code: str):
    return pytest.raises(RefusedError, match="") if not code else _Refused(code)


class _Refused:
    def __init__(self, code: str) -> None:
        self.code = code

    def __enter__(self) -> "_Refused":
        return self

    def __exit__(self, kind, error, trace) -> bool:
        assert isinstance(error, RefusedError), f"{self.code} was expected"
        assert error.code == self.code
        return True
