"""How likely a format crowns the best entry: the tournament played many times from given strengths."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import exp, sqrt

import numpy as np

from workers.league.comparisons import Floats
from workers.league.formats.contract import Field, FormatError, History, Pairing, Score, require_count
from workers.league.formats.plan import Plan


@dataclass(frozen=True, slots=True)
class Chance:
    """How matches end in the simulation."""

    episodes: int = 2
    """Of a match; a match of two is their mean, so it can be drawn."""
    draws: float = 0.0
    """Share of episodes that are drawn, whatever the strengths."""

    def __post_init__(self) -> None:
        require_count("episodes", self.episodes, 1)
        if not 0 <= self.draws <= 1:
            raise FormatError(f"draws is {self.draws}; it must be 0 to 1")


@dataclass(frozen=True, slots=True)
class Crowning:
    """What the simulations gave."""

    probability: float
    """That first place goes to the entry that is really the best; a shared one counts by its share."""
    error: float
    """Standard error of the probability."""
    matches: float
    """Mean number of matches of a tournament."""
    runs: int


def crowning_probability(
    plan: Plan,
    strengths: Floats,
    *,
    runs: int,
    rng: np.random.Generator,
    chance: Chance | None = None,
    seeded: bool = True,
) -> Crowning:
    """Play a tournament many times, and count how often the best wins it.

    Args:
        plan: the format.
        strengths: (entries,) in logits, or (draws, entries) draws of a posterior, one a run.
        runs: how many tournaments.
        rng: all chance comes from here.
        chance: how matches end.
        seeded: whether seeds follow the mean strength; else they are drawn for each run.

    Raises:
        FormatError: there are no entries or no runs, or a strength is not finite.
    """
    truths = np.atleast_2d(np.asarray(strengths, np.float64))
    if runs < 1 or not truths.size or not np.isfinite(truths).all():
        raise FormatError("the simulation needs entries, finite strengths and at least one run")
    chance = chance or Chance()
    count = truths.shape[1]
    by_mean = np.argsort(-truths.mean(axis=0), kind="stable")
    crowned, matches = np.zeros(runs), np.zeros(runs)
    for run in range(runs):
        truth = truths[run % len(truths)]
        order = by_mean if seeded else rng.permutation(count)
        field = Field(tuple(int(entry) for entry in order), lot=int(rng.integers(1 << 62)))
        fields, histories = play_out(plan, field, dict(enumerate(truth.tolist())), rng=rng, chance=chance)
        first = [row.entry for row in plan.standings(fields, histories) if row.place == 1]
        crowned[run] = (int(np.argmax(truth)) in first) / max(len(first), 1)
        matches[run] = sum(len(history.scores) for history in histories)
    # Half a success and half a failure more keep the error honest where all runs agree.
    smoothed = (crowned.sum() + 0.5) / (runs + 1)
    error = sqrt(smoothed * (1 - smoothed) / runs)
    return Crowning(float(crowned.mean()), error, float(matches.mean()), runs)


def play_out(
    plan: Plan, field: Field, strength: Mapping[int, float], *, rng: np.random.Generator, chance: Chance
) -> tuple[list[Field], list[History]]:
    """Play a tournament to its end.

    Args:
        plan: the format.
        field: of its first stage.
        strength: of each entry, in logits.
        rng: all chance comes from here.
        chance: how matches end.

    Returns:
        The field and the history of each stage.
    """
    fields, histories = [field], [History()]
    while True:
        due = plan.due(fields, histories)
        if not due:
            following = plan.next_field(fields, histories)
            if following is None:
                return fields, histories
            fields.append(following)
            histories.append(History())
            continue
        history = histories[-1]
        played = {(score.round, score.number, score.match) for score in history.scores}
        issued = {pairing.name for pairing in history.pairings}
        scores = [
            Score(*one.pairing.name, match, _play(one.pairing, strength, rng, chance))
            for one in due
            for match in range(1, one.matches + 1)
            if (*one.pairing.name, match) not in played
        ]
        new = tuple(one.pairing for one in due if one.pairing.name not in issued)
        histories[-1] = replace(history, pairings=history.pairings + new, scores=(*history.scores, *scores))


def _play(
    pairing: Pairing, strength: Mapping[int, float], rng: np.random.Generator, chance: Chance
) -> tuple[float, ...]:
    """Return points of one match: the mean of its episodes."""
    lineup = pairing.lineup
    if len(lineup) == 2:
        p = 1 / (1 + exp(min(strength[lineup[1]] - strength[lineup[0]], 700.0)))
        drawn = rng.random(chance.episodes) < chance.draws
        won = rng.random(chance.episodes) < p
        points = float(np.where(drawn, 0.5, won).mean())
        return points, 1 - points
    # Plackett-Luce: whoever has the largest strength plus Gumbel noise is first.
    noise = rng.gumbel(size=(chance.episodes, len(lineup)))
    ability = noise + np.array([strength[entry] for entry in lineup])
    beaten = (ability[:, :, None] > ability[:, None, :]).sum(axis=2) / (len(lineup) - 1)
    return tuple(float(points) for points in beaten.mean(axis=0))
