"""Episodes of every arena as they are recorded: what they weigh and what recording them costs.

Run: python -m tests.recordings [--episodes 3] [arena ids]   writes the table of docs/replays.md
"""

import argparse
import re
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from arenas import extras, registry
from arenas.adapters import open_arena
from arenas.codec import compile_codec
from arenas.errors import ArenaError
from arenas.recorders import recorder_for
from arenas.replay import ActionLog, EpisodeRecorder
from arenas.spec import ArenaSpec
from arenas.thought import levels_of
from arenas.trajectory import decode_trajectory
from tests.arenas.games.harness import load, new_agent, start_of

PAGE = Path(__file__).parents[1] / "docs" / "replays.md"
MARK = "<!-- recordings: made by `python -m tests.recordings` -->"
MOST_SECONDS = 20.0
"""An arena is given so much, and at least one episode."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One episode with what it took."""

    stored: bytes
    turns: int
    record_seconds: float
    """Processor seconds of the recorder, `finish` left out."""
    step_seconds: float
    """Processor seconds of the environment's steps."""
    log: ActionLog
    """What was played, to play it again."""


def installed() -> list[str]:
    """Return the arenas that can be opened here."""
    return [name for name in registry.names() if extras.is_installed(registry.get(name))]


def record(spec: ArenaSpec, seed: int = 3, most_turns: int = 10_000) -> Recording:
    """Play an episode between the arena's best baselines, with times of thought."""
    adapter = open_arena(spec)
    try:
        recorder = recorder_for(adapter)
        codecs = [compile_codec(schema) for schema in adapter.action_schemas]
        played = EpisodeRecorder(spec, seed, codecs)
        agents = [_agent(spec, seat) for seat in range(spec.seats)]
        adapter.reset(seed)
        for seat, agent in enumerate(agents):
            if hasattr(agent, "reset"):
                agent.reset(start_of(adapter, seat, seed))
        recorder.start(adapter)
        seconds: list[list[float]] = [[] for _ in agents]
        stepped = recorded = 0.0
        while not adapter.is_over and adapter.turns < most_turns:
            asked, actions = adapter.asked(), {}
            for each in asked:
                began = time.perf_counter()
                actions[each.seat] = agents[each.seat].act(each.observation)
                seconds[each.seat].append(time.perf_counter() - began)
            started = time.process_time()
            adapter.step(actions)
            between = time.process_time()
            encoded = {seat: codecs[seat].encode(action) for seat, action in actions.items()}
            drawing = time.process_time()
            recorder.turn(adapter, asked[0].seat if len(asked) == 1 else -1)
            recorded += time.process_time() - drawing
            played.add_turn(encoded, adapter.rewards)
            stepped += between - started
        return Recording(recorder.finish(levels_of(seconds)), adapter.turns, recorded, stepped, played.log)
    finally:
        adapter.close()


_loaded: dict[Path, ModuleType] = {}


def _agent(spec: ArenaSpec, seat: int) -> object:
    """Return the strongest baseline, in seat 0 of an arena with several the second strongest."""
    place = -2 if seat == 0 and spec.seats > 1 and len(spec.baselines) > 2 else -1
    path = spec.baselines[place].path
    if path not in _loaded:
        _loaded[path] = load(path)
    return new_agent(_loaded[path])


def row(name: str, episodes: int) -> str:
    """Return an arena's line of the table."""
    spec = registry.get(name)
    began = time.monotonic()
    found: list[Recording] = []
    for seed in range(episodes):
        if found and time.monotonic() - began > MOST_SECONDS:
            break
        found.append(record(spec, seed))
    scene = decode_trajectory(found[0].stored)["scene"]
    turns = sum(each.turns for each in found)
    size = statistics.median(len(each.stored) for each in found) / 1000
    cost = 1e6 * sum(each.record_seconds for each in found) / max(1, turns)
    share = sum(each.record_seconds for each in found) / max(1e-9, sum(each.step_seconds for each in found))
    middle = statistics.median(each.turns for each in found)
    return f"| `{name}` | {scene} | {middle:g} | {size:.1f} | {cost:.1f} | {100 * share:.0f} % |"


def table(ids: Sequence[str], episodes: int) -> str:
    """Return the whole table; an arena that cannot be played says so on the screen alone."""
    lines = ["| arena | scene | turns | kB | µs a turn | of a step |", "|---|---|---|---|---|---|"]
    for name in ids:
        try:
            lines.append(row(name, episodes))
        except (ArenaError, ImportError) as error:
            print(f"{name}: {error}")
            continue
        print(lines[-1], flush=True)
    return "\n".join(lines)


def main() -> None:
    """Read the command line, measure, and write the table into the document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("arenas", nargs="*")
    parser.add_argument("--episodes", type=int, default=3)
    options = parser.parse_args()
    made = table(options.arenas or installed(), options.episodes)
    if not options.arenas:
        text = PAGE.read_text()
        marked = re.escape(MARK)
        PAGE.write_text(re.sub(f"{marked}.*?{marked}", lambda _: f"{MARK}\n{made}\n{MARK}", text, flags=re.S))


if __name__ == "__main__":
    main()
