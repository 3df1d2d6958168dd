"""Golden playthroughs, a text an arena of seeded random play: `python -m tests.playthroughs [ARENA ...]`.

A text shows the facts of the spec, the spaces, then turns with what seats saw, did and earned. Its diff is
what changed in the arena's behaviour. Numbers are rounded to four significant digits before they are shown,
and to three decimals before they are hashed: the texts are those of the locked libraries on one kind of
machine.
"""

import hashlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import numpy as np

import arenas.games
from arenas import registry
from arenas.adapters import Adapter, open_arena
from arenas.extras import is_installed
from arenas.scoring import score_episode
from arenas.spec import ArenaSpec

FOLDER = Path(__file__).parent / "arenas" / "playthroughs"
GAMES = Path(arenas.games.__file__).parent
SEED = 4242
TURNS = 40
HEAD, TAIL, EVERY = 5, 2, 10
"""Turns that are shown: the first, the last, and some between."""
NUMBERS = 36
"""An array of more numbers is shown by its hash."""
MOVES = 12
"""Legal actions that are listed of a mask."""
SEATS = 4
"""Of more seats only the first are shown; the hash of a turn is over all."""
HEAVY_BYTES, HEAVY_TURNS = 4_000, 8
"""Arenas with large observations or many seats are dear to step; a few turns must do."""


def shipped_specs() -> list[ArenaSpec]:
    """Return the specs of the arenas that come with the package."""
    specs = [registry.get(name) for name in registry.names()]
    return [spec for spec in specs if spec.folder is not None and GAMES in spec.folder.parents]


def path_of(spec: ArenaSpec) -> Path:
    """Return the file of an arena's playthrough."""
    return FOLDER / f"{spec.id.replace('/', '__')}.txt"


def playthrough(spec: ArenaSpec) -> str:
    """Play an episode with seeded random legal actions and return it as text."""
    with closing(open_arena(spec)) as adapter:
        adapter.reset(SEED)
        size = max(_bytes_of(asked.observation) for asked in adapter.asked())
        most = HEAVY_TURNS if size > HEAVY_BYTES or spec.seats > SEATS else TURNS
        lines = [*_facts(spec, adapter), "", *_turns(spec, adapter, most), *_end(spec, adapter, most)]
    return "\n".join(lines) + "\n"


def _facts(spec: ArenaSpec, adapter: Adapter) -> Iterator[str]:
    yield f"arena: {spec.id}"
    yield f"environment: {spec.kind} {spec.environment}"
    if spec.arguments:
        yield f"arguments: {', '.join(f'{name}={value!r}' for name, value in spec.arguments.items())}"
    for wrapper in spec.wrappers:
        told = ", ".join(f"{name}={value!r}" for name, value in wrapper.arguments.items())
        yield f"wrapper: {wrapper.name}({told})"
    yield f"seats: {spec.seats}, line-up: {spec.lineup}, objective: {spec.objective}"
    yield f"swaps seats: {spec.swaps_seats}, episodes: {spec.episodes}, most turns: {spec.max_turns}"
    names = adapter.seat_names[:SEATS]
    yield f"seats are called: {', '.join(names)}{', ...' if spec.seats > SEATS else ''}"
    if spec.roles:
        yield f"roles: {', '.join(spec.roles)}"
    yield from _spaces("observation", adapter.observation_schemas)
    yield from _spaces("action", adapter.action_schemas)


def _spaces(kind: str, schemas: tuple[object, ...]) -> Iterator[str]:
    """Tell each different space once, with the seats that have it."""
    texts = [_schema(schema) for schema in schemas]
    for text in dict.fromkeys(texts):
        seats = [str(seat) for seat, other in enumerate(texts) if other == text]
        which = "all seats" if len(seats) == len(texts) else f"seats {', '.join(seats)}"
        yield f"{kind} space of {which}: {text}"


def _schema(schema: object) -> str:
    text = repr(schema)
    return text if len(text) <= 240 else f"{text[:200]}... #{_digest(text.encode())}"


def _turns(spec: ArenaSpec, adapter: Adapter, most: int) -> Iterator[str]:
    """Play; tell the first turns, some between, and the last."""
    rng = np.random.default_rng(SEED)
    adapter.reset(SEED)
    told: list[list[str]] = []
    while not adapter.is_over and adapter.turns < most:
        lines = [f"turn {adapter.turns}"]
        asked = adapter.asked()
        for one in asked[:SEATS]:
            lines.append(f"  seat {one.seat} sees {_shown(one.observation)}")
        if len(asked) > SEATS:
            lines.append(f"  all see #{_digest(b''.join(_rounded(one.observation) for one in asked))}")
        actions = {one.seat: adapter.random_action(one.seat, rng) for one in asked}
        acts = [f"{seat}: {_shown(action)}" for seat, action in list(actions.items())[:SEATS]]
        adapter.step(actions)
        lines.append(f"  do {'; '.join(acts)}{' ...' if len(actions) > SEATS else ''}")
        lines.append(f"  have earned {_shown(np.array(adapter.rewards))}")
        told.append(lines)
    skipped = False
    for number, lines in enumerate(told):
        if number < HEAD or number >= len(told) - TAIL or number % EVERY == 0:
            yield from lines
            skipped = False
        elif not skipped:
            yield "..."
            skipped = True


def _end(spec: ArenaSpec, adapter: Adapter, most: int) -> Iterator[str]:
    if not adapter.is_over:
        yield f"still running after {most} turns"
        return
    yield f"over after {adapter.turns} turns{', cut off' if adapter.truncated else ''}"
    scores = score_episode(spec, adapter.rewards, {}, adapter.survival())
    yield f"ranks: {', '.join(str(score.rank) for score in scores)}"


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_part(key, part)}" for key, part in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_shown, value)) + ")"
    if isinstance(value, str):
        return repr(value)
    array = np.asarray(value)
    if array.size <= NUMBERS:
        return "[" + " ".join(_number(number) for number in array.ravel()) + "]"
    return f"{array.dtype} {array.shape} #{_digest(_rounded(array))}"


def _part(key: object, part: object) -> str:
    if key != "action_mask":
        return _shown(part)
    legal = np.flatnonzero(np.asarray(part))
    listed = " ".join(map(str, legal[:MOVES].tolist()))
    return f"[{listed}{' ...' if legal.size > MOVES else ''}] {legal.size} of {np.asarray(part).size} legal"


def _number(number: object) -> str:
    text = f"{number:.4g}" if isinstance(number, float | np.floating) else str(number)
    return "0" if text == "-0" else text


def _rounded(value: object) -> bytes:
    if isinstance(value, Mapping):
        return b"".join(_rounded(part) for part in value.values())
    if isinstance(value, tuple):
        return b"".join(map(_rounded, value))
    if isinstance(value, str):
        return value.encode()
    array = np.asarray(value)
    return (
        (np.round(array.astype(np.float64), 3) + 0.0).tobytes()
        if array.dtype.kind == "f"
        else array.tobytes()
    )


def _bytes_of(value: object) -> int:
    if isinstance(value, Mapping):
        return sum(_bytes_of(part) for part in value.values())
    return len(value) if isinstance(value, str | tuple) else np.asarray(value).nbytes


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=6).hexdigest()


def main(wanted: list[str]) -> None:
    """Write the playthroughs of the named arenas, or of all that are installed, and drop those of none."""
    FOLDER.mkdir(exist_ok=True)
    specs = shipped_specs()
    chosen = [registry.get(name) for name in wanted] or [spec for spec in specs if is_installed(spec)]
    for spec in chosen:
        path_of(spec).write_text(playthrough(spec), encoding="utf-8")
    if not wanted:
        known = {path_of(spec) for spec in specs}
        for path in set(FOLDER.glob("*.txt")) - known:
            path.unlink()


if __name__ == "__main__":
    main(sys.argv[1:])
