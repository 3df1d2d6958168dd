"""One process at a time runs a job, whatever number of schedulers call it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from coliseum import clock
from coliseum.league.models import Baton


@contextmanager
def baton(name: str, *, seconds: float = 60.0) -> Iterator[bool]:
    """Yield True if this process may run the job now, False if another one does.

    Args:
        name: of the job.
        seconds: after which a holder that died loses the right.
    """
    now = clock.now()
    Baton.objects.get_or_create(name=name, defaults={"held_until": now})
    until = now + timedelta(seconds=seconds)
    taken = bool(Baton.objects.filter(name=name, held_until__lte=now).update(held_until=until))
    try:
        yield taken
    finally:
        if taken:
            Baton.objects.filter(name=name, held_until=until).update(held_until=clock.now())
