"""Plays the house's agents of the social dilemmas in all kinds of company: the tables of their READMEs.

Run: python -m tests.arenas.games.dilemmas 12
"""

import argparse

import numpy as np

from arenas import registry
from arenas.adapters import open_arena
from arenas.measures import measure
from arenas.recorders import recorder_for
from arenas.trajectory import decode_trajectory, untrack
from tests.arenas.games.harness import baseline, play

COMPANIES = {
    "coliseum/harvest-v1": ("frugal", "greedy", "random"),
    "coliseum/cleanup-v1": ("reciprocal", "greedy", "random"),
}


def company(arena: str, names: list[str], episodes: int) -> str:
    """Return a line on one company: the mean return of a seat of each agent, 95 %, and the measures."""
    spec = registry.get(arena)
    adapter = open_arena(spec)
    earned, measured = [], []
    for seed in range(episodes):
        recorder = recorder_for(adapter)
        earned.append(play(adapter, [baseline(spec, name) for name in names], seed, recorder))
        drawn = decode_trajectory(recorder.finish())
        returns = np.array([untrack(track, drawn["turns"] + 1) for track in drawn["rewards"]], float).T
        measured.append([np.nan if value is None else value for _, value in measure(spec.measures, returns)])
    adapter.close()
    seats, told = np.array(earned), []
    for name in dict.fromkeys(names):
        # The seats of one episode share its luck: their mean is one number of it.
        means = seats[:, [each == name for each in names]].mean(axis=1)
        told.append(
            f"{names.count(name)} {name} {means.mean():.0f} +- {1.96 * means.std(ddof=1) / episodes**0.5:.0f}"
        )
    known = np.array(measured)
    shown = [
        f"{column[~np.isnan(column)].mean():.2f}" if (~np.isnan(column)).any() else "-" for column in known.T
    ]
    return f"{', '.join(told)}: {' '.join(shown)}"


def main() -> None:
    """Print all companies of both lands."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("episodes", type=int, nargs="?", default=12)
    episodes = arguments.parse_args().episodes
    for arena, (good, greedy, random) in COMPANIES.items():
        companies = [[name] * 5 for name in (random, greedy, good)]
        for names in [*companies, [good] * 4 + [greedy], [greedy] * 4 + [good]]:
            print(arena, company(arena, names, episodes), flush=True)


if __name__ == "__main__":
    main()
