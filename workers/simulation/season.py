"""What a season will give: how sure its table, how many hours of machine, how many bytes, from its plan."""

import difflib
import math
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, Final, TypeAlias

import numpy as np

from workers.league.separation import episodes_for
from workers.simulation.crowds import Crowd, draw_crowd
from workers.simulation.leagues import League
from workers.simulation.measures import Step, episodes_to, judge, mean_steps
from workers.simulation.worlds import Recipe, World, draw_world

Content: TypeAlias = Mapping[str, Any]  # Any: as read from a file.
MOST_AGENTS: Final = 150
"""Larger fields are simulated by as many; episodes per agent decide, not the size of the field."""
MOST_EPISODES: Final = 1024
"""Simulated per agent; what comes after is left out and said."""
_SECONDS_PER_DAY: Final = 86_400
_BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "teams": (2, 100_000),
    "agents_per_team": (1, 100),
    "cores": (1, 100_000),
    "seconds_per_match": (0.0001, 1_000_000),
    "days": (0.001, 10_000),
    "seats": (2, 16),
    "episodes_per_match": (1, 64),
    "spread": (1, 2000),
    "first_seat": (-1000, 1000),
    "seed_luck": (0, 2000),
    "cycles": (0, 1000),
    "draws": (0, 0.95),
    "database_bytes": (0, 1e9),
    "replay_bytes": (0, 1e12),
    "replicates": (1, 100),
    "seed": (0, 2**32 - 1),
}


class SeasonError(ValueError):
    """A season file asks for what there is not.

    Args:
        key: what is wrong.
        wanted: what it must be; empty where there is no such key.
        meant: the key that was probably meant.
    """

    def __init__(self, key: str, *, wanted: str = "", meant: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.wanted = wanted
        self.meant = meant


@dataclass(frozen=True, slots=True)
class Season:
    """The plan of a season; spreads in Elo."""

    teams: int
    cores: int
    seconds_per_match: float
    """Of one core, start of the agents included."""
    days: float
    agents_per_team: int = 1
    seats: int = 2
    episodes_per_match: int = 2
    """With two seats a match is played both ways, so 2; otherwise 1."""
    spread: float = 300.0
    first_seat: float = 0.0
    seed_luck: float = 0.0
    cycles: float = 0.0
    draws: float = 0.0
    database_bytes: float = 1010.0
    """Of one match on SQLite, as measured in docs/benchmarks.md."""
    replay_bytes: float = 57.0
    """Of one match of connect four, as measured in docs/benchmarks.md."""
    replicates: int = 4
    seed: int = 1

    @property
    def agents(self) -> int:
        """Return the size of the field."""
        return self.teams * self.agents_per_team

    @property
    def matches(self) -> int:
        """Return how many matches the cores can play, if they never rest."""
        return int(self.cores * self.days * _SECONDS_PER_DAY / self.seconds_per_match)

    @property
    def episodes_per_agent(self) -> float:
        """Return how many episodes each agent plays of them, on average."""
        return self.matches * self.episodes_per_match * self.seats / self.agents


def read_season(content: Content) -> Season:
    """Check a plan.

    Raises:
        SeasonError: a key is unknown, missing, or its value is out of range.
    """
    known = {each.name: each for each in fields(Season)}
    for key in content:
        if key not in known:
            near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.5)
            raise SeasonError(key, meant=near[0] if near else "")
    for name, each in known.items():
        if name in content:
            _check(name, content[name], is_whole=each.type in (int, "int"))
        elif each.default is MISSING:
            raise SeasonError(name, wanted="given")
    given = dict(content)
    if given.get("seats", 2) > 2:
        given.setdefault("episodes_per_match", 1)
    season = Season(**given)
    if season.agents < season.seats:
        raise SeasonError("teams", wanted=f"at least {season.seats}, so that every seat is taken")
    two_seated = ("first_seat", "seed_luck", "cycles", "draws")
    if season.seats > 2 and (wrong := [name for name in two_seated if given.get(name)]):
        raise SeasonError(wrong[0], wanted="left out with more than two seats")
    if season.seats == 2 and season.episodes_per_match % 2:
        raise SeasonError(
            "episodes_per_match", wanted="even with two seats, as each seed is played both ways"
        )
    return season


def forecast(season: Season, replicate: int) -> tuple[Step, ...]:
    """Play one simulated season and return what its table was like on the way.

    Args:
        season: the plan.
        replicate: number of the run; other numbers, other agents.
    """
    agents = min(season.agents, MOST_AGENTS)
    rng = np.random.default_rng([season.seed, replicate])
    world = _field(season, agents, rng)
    rates, true_elo = world.rates(), world.elo()
    league = League(world, rng)
    last = int(min(season.episodes_per_agent, MOST_EPISODES))
    looks = sorted({look for step in range(3, 21) if (look := int(2 ** (step / 2))) < last} | {last})
    return tuple(judge(league.play_until(look), look, rates, true_elo) for look in looks if look)


def summarise(season: Season, runs: list[tuple[Step, ...]]) -> dict[str, Any]:  # Any: JSON.
    """Return what a season is expected to give, as printed as JSON."""
    steps = mean_steps(runs)
    last = steps[-1] if steps else None
    hours = season.cores * season.days * 24.0
    per_agent = season.episodes_per_agent
    # An agent's error after that many episodes against about its equals.
    error = math.sqrt(episodes_for(1.0) / per_agent) if per_agent else None
    return {
        "season": asdict(season),
        "agents": season.agents,
        "simulated_agents": min(season.agents, MOST_AGENTS),
        "matches": season.matches,
        "episodes_per_agent": round(per_agent, 1),
        "simulated_episodes": last.episodes if last else 0,
        "tau": round(last.tau, 4) if last else None,
        "rank_error": round(last.off * season.agents / min(season.agents, MOST_AGENTS), 2) if last else None,
        "coverage": round(last.coverage, 4) if last and last.coverage is not None else None,
        "error_elo": round(error, 1) if error is not None else None,
        "hours": {
            "machine": round(hours, 2),
            "to_tau90": _hours(season, episodes_to(steps, 0.90)),
            "to_tau95": _hours(season, episodes_to(steps, 0.95)),
        },
        "storage": {
            "database_bytes": round(season.matches * season.database_bytes),
            "replay_bytes": round(season.matches * season.replay_bytes),
        },
    }


def _hours(season: Season, episodes: float | None) -> float | None:
    """Return the hours of the machine (all its cores together) until each agent had so many episodes."""
    if episodes is None:
        return None
    return round(episodes / season.episodes_per_agent * season.cores * season.days * 24.0, 2)


def _field(season: Season, agents: int, rng: np.random.Generator) -> World | Crowd:
    if season.seats > 2:
        return draw_crowd(season.spread, agents, season.seats, rng)
    recipe = Recipe(
        "",
        spread=season.spread,
        seat=season.first_seat,
        luck=season.seed_luck,
        cyclic=season.cycles,
        draws=season.draws,
    )
    return draw_world(recipe, agents, rng)


def _check(name: str, value: object, *, is_whole: bool) -> None:
    low, high = _BOUNDS[name]
    kind = "a whole number" if is_whole else "a number"
    is_number = not isinstance(value, bool) and isinstance(value, int if is_whole else int | float)
    # A value that is not a number fails the comparison too.
    if not (is_number and low <= value <= high):  # type: ignore[operator]
        raise SeasonError(name, wanted=f"{kind} from {low:g} to {high:g}")
