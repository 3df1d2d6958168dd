"""Whether a moment has the difference to UTC that is in force in a zone: summer time makes people err."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

from workers.hosting.lines import Path
from workers.hosting.problems import Problem, make_problem
from workers.hosting.shape import shown


def find_zone(name: str) -> ZoneInfo | None:
    """Return a zone by its IANA name, or nothing where there is none of it."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None


def check_zone(name: str, moments: Mapping[Path, datetime]) -> Iterator[Problem]:
    """Yield what is wrong with the zone of a file and the moments in it."""
    zone = find_zone(name)
    if zone is None:
        by_fold = {known.lower(): known for known in available_timezones()}
        near = get_close_matches(name.lower(), by_fold, n=1, cutoff=0.7)
        yield make_problem(
            "hosting.bad_value",
            ("dates", "zone"),
            expected="the IANA name of a time zone, as Europe/Berlin",
            got=shown(name),
            suggestion=by_fold[near[0]] if near else "",
        )
        return
    for path, moment in moments.items():
        local = moment.replace(tzinfo=None)
        if local != local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None):
            yield make_problem("hosting.wrong_offset", path, got=shown(moment), zone=name)
            continue
        # Where the clocks are put back an hour comes twice, with two differences.
        right = [local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)]
        if moment.utcoffset() not in right:
            expected = " or ".join(dict.fromkeys(map(_as_text, right)))
            yield make_problem("hosting.wrong_offset", path, expected=expected, got=shown(moment), zone=name)


def _as_text(offset: timedelta | None) -> str:
    minutes = round((offset or timedelta()).total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
