"""How long agents thought in their latest matches."""

from collections import defaultdict
from statistics import median
from typing import Final

from coliseum.competitions.models import Competition
from coliseum.matches.models import MatchState, Seat

_LOOKED_AT: Final = 4000
"""Latest seats of a competition that are read: a tenth of a second."""
_ENOUGH: Final = 20
"""Latest matches of an agent that its time is taken from."""
_P99: Final = 2
"""Which of the four quantiles of a seat's usage is the one that 99 % of its turns stayed below."""


def turn_times(competition: Competition) -> dict[str, float]:
    """Return for each agent, by submission id, a time in seconds that 99 % of its turns stay below.

    It is the median over its latest matches, so that one slow worker does not speak for the agent. Agents
    that did not play lately are left out.
    """
    latest = (
        Seat.objects.filter(match__competition=competition, match__state=MatchState.FINISHED)
        .order_by("-match_id")
        .values_list("submission_id", "usage")[:_LOOKED_AT]
    )
    times: dict[str, list[float]] = defaultdict(list)
    for agent, usage in latest:
        quantiles = usage.get("step_quantiles") or []
        if len(quantiles) > _P99 and len(times[agent]) < _ENOUGH:
            times[agent].append(float(quantiles[_P99]))
    return {agent: median(known) for agent, known in times.items() if known}
