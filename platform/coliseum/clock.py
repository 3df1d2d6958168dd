"""What time it is, in one place so that tests can stand still."""

from datetime import UTC, datetime

from django.utils import timezone


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return timezone.now()


def shown(moment: datetime) -> str:
    """Return a time as refusals print it: `2026-11-20 23:59 UTC`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
