"""Search the numbers of a small controller by the cross-entropy method; NumPy only, one core.

How it works. Each round draws many variants around the current numbers, plays all of them on the same
few seeds, and moves to the mean and spread of the best fifth. The agent's module says where to begin
(`START`) and how far to look (`SPREAD`), and its `Agent` takes the numbers to play with.
Run: python -m arenas.games.search CartPole-v1 --minutes 1 --out numbers.npy
Source: Mannor, Rubinstein & Gat 2003, ICML, section 4 (cross-entropy for policy search).
"""

import argparse
import time
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from arenas import registry
from arenas.adapters import Adapter, open_arena
from arenas.spec import ArenaSpec

Numbers: TypeAlias = NDArray[np.float64]

VARIANTS = 40
ELITE = 8
TEST_SEEDS = range(1_000_000, 1_000_100)


def play(adapter: Adapter, make: Callable[[], Any], seed: int) -> float:  # Any: an agent, plain Python.
    """Return the mean over seats of what one episode earns when the same agent takes every seat."""
    adapter.reset(seed)
    spec = adapter.spec
    agents = [make() for _ in range(spec.seats)]
    for seat, agent in enumerate(agents):
        if hasattr(agent, "reset"):
            agent.reset(
                SimpleNamespace(
                    arena=spec.id, seat=seat, role=spec.role_of(seat), seats=spec.seats, seed=seed
                )
            )
    while not adapter.is_over:
        adapter.step({asked.seat: agents[asked.seat].act(asked.observation) for asked in adapter.asked()})
    return sum(adapter.rewards) / spec.seats


def returns(adapter: Adapter, make: Callable[[], Any], seeds: Iterable[int]) -> Numbers:  # Any: as above.
    """Return what each seed's episode earns."""
    return np.array([play(adapter, make, seed) for seed in seeds])


def search(
    adapter: Adapter, module: ModuleType, minutes: float, seeds_a_round: int, report: Callable[[str], None]
) -> Numbers:
    """Return the numbers found after this many CPU minutes; reports a Markdown table."""
    rng = np.random.default_rng(1)
    mean, spread = np.array(module.START, float), np.array(module.SPREAD, float)
    floor = 0.02 * spread
    best, best_worth = mean, -np.inf
    begin = next_report = time.process_time()
    rounds = 0
    report("| CPU minutes | episodes | mean return of the elite | of the centre, 20 fresh seeds |")
    report("|---|---|---|---|")
    while (spent := (time.process_time() - begin) / 60) < minutes:
        seeds = rng.integers(0, 900_000, seeds_a_round).tolist()
        variants = mean + spread * rng.standard_normal((VARIANTS, len(mean)))
        variants[0] = mean
        worths = np.array([returns(adapter, partial(module.Agent, v), seeds).mean() for v in variants])
        elite = variants[np.argsort(worths)[-ELITE:]]
        mean, spread = elite.mean(axis=0), np.maximum(elite.std(axis=0), floor)
        rounds += 1
        if rounds % 5 == 0:  # a lucky round must not be kept: the centre is judged on seeds of its own
            judged = rng.integers(900_000, 999_999, 20).tolist()
            centre = returns(adapter, partial(module.Agent, mean), judged).mean()
            if centre > best_worth:
                best, best_worth = mean, centre
            if time.process_time() >= next_report or spent >= minutes:
                episodes = rounds * VARIANTS * seeds_a_round + rounds // 5 * 20
                report(
                    f"| {spent:.1f} | {episodes:,} | {np.sort(worths)[-ELITE:].mean():.1f} | {centre:.1f} |"
                )
                next_report += max(15.0, minutes * 6)
    return best


def searched_agent(spec: ArenaSpec) -> ModuleType:
    """Return the module of an arena's searched agent."""
    assert spec.folder is not None
    return import_module(f"arenas.games.{spec.folder.name}.baselines.searched.agent")


def main() -> None:
    """Search, write the numbers, and print what they earn on seeds nobody has seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("arena", help="one whose folder has baselines/searched/agent.py")
    parser.add_argument("--minutes", type=float, default=3.0, help="CPU minutes to search")
    parser.add_argument("--seeds", type=int, default=6, help="episodes of each variant a round")
    parser.add_argument("--out", type=Path, required=True, help="where to write the numbers (.npy)")
    arguments = parser.parse_args()
    spec = registry.get(arguments.arena)
    module = searched_agent(spec)
    adapter = open_arena(spec)
    numbers = search(
        adapter, module, arguments.minutes, arguments.seeds, lambda line: print(line, flush=True)
    )
    np.save(arguments.out, numbers)
    earned = returns(adapter, partial(module.Agent, numbers), TEST_SEEDS)
    half = 1.96 * earned.std(ddof=1) / np.sqrt(len(earned))
    print(f"\nOn {len(earned)} unseen seeds: {earned.mean():.1f} +- {half:.1f} (95 %).")


if __name__ == "__main__":
    main()
