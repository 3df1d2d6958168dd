"""What a strange environment is: looked up by its id, opened, and played at random for a few episodes."""

import difflib
import importlib
import inspect
import pkgutil
import re
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, Final

import msgspec
import numpy as np

from arenas.adapters import open_arena
from arenas.adapters.making import make_zoo
from arenas.errors import ArenaError, ArenaUnavailableError
from arenas.headless import import_headless
from arenas.registry import fold
from arenas.spec import ArenaSpec, Argument, Kind, Wrapper, WrapperArgument

EPISODES: Final = 6
MOST_TURNS: Final = 2_000
_SECONDS: Final = 20.0
_SEED: Final = 1


class Wanted(msgspec.Struct, frozen=True):
    """What an operator asks for."""

    environment: str
    """As `ArenaSpec.environment`; `module:id` imports the module that registers the id."""
    kind: Kind | None = None
    """Found out where the id is in one registry only, or names a class of one kind."""
    arguments: dict[str, Argument] = {}
    wrappers: tuple[tuple[str, dict[str, WrapperArgument]], ...] = ()
    """Name and arguments of each."""
    folder: str = ""
    """Where the module of `module:attribute` lies, if it is not installed."""


class Survey(msgspec.Struct, frozen=True):
    """What random play showed of an environment; one element an episode, or an episode and seat."""

    kind: Kind
    environment: str
    seat_names: tuple[str, ...]
    description: str
    """First sentence of the environment's own documentation; may be empty."""
    returns: tuple[tuple[float, ...], ...]
    lengths: tuple[int, ...]
    truncated: tuple[bool, ...]
    """Whether the environment itself cut the episode off."""
    unended: int
    """Episodes that were given up after `MOST_TURNS` turns."""
    slowest_seconds: float


class Answer(msgspec.Struct):
    """What the surveying process says."""

    survey: Survey | None = None
    problem: str = ""
    suggestions: tuple[str, ...] = ()
    """Ids that were probably meant; the problem then is that there is no such id."""


@dataclass(slots=True)
class _UnknownIdError(Exception):
    suggestions: tuple[str, ...]


def survey(wanted: Wanted) -> Answer:
    """Find an environment, open it and play it; never raises for a faulty one, but it may hang or crash.

    Run it in a process of its own: `workers.adopting` does.
    """
    try:
        return Answer(survey=_survey(wanted))
    except _UnknownIdError as error:
        return Answer(problem="unknown", suggestions=error.suggestions)
    except ArenaError as error:
        return Answer(problem=str(error))
    except Exception as error:
        return Answer(problem=f"{wanted.environment} cannot be made ({type(error).__name__}: {error}).")


def survey_in_child(stream: BinaryIO) -> None:
    """Survey what the stream asks for and print the answer; the main function of the surveying process."""
    answer = survey(msgspec.json.decode(stream.read(), type=Wanted))
    sys.stdout.buffer.write(b"\n" + msgspec.json.encode(answer))


def _survey(wanted: Wanted) -> Survey:
    if wanted.folder:
        sys.path.insert(0, wanted.folder)
    environment, kind = _found(wanted)
    spec = ArenaSpec(
        id=environment,
        title="",
        summary="",
        kind=kind,
        environment=environment,
        seats=1,
        objective="return",
        arguments=wanted.arguments,
        wrappers=tuple(Wrapper(name, arguments) for name, arguments in wanted.wrappers),
        max_turns=MOST_TURNS,
    )
    if kind != "gymnasium":
        made = make_zoo(spec)
        made.reset(seed=_SEED)
        spec = replace(spec, seats=len(made.possible_agents))
        made.close()
    return _played(spec)


def _played(spec: ArenaSpec) -> Survey:
    adapter = open_arena(spec)
    returns, lengths, truncated, unended, slowest = [], [], [], 0, 0.0
    rng = np.random.default_rng(_SEED)
    deadline = time.monotonic() + _SECONDS
    try:
        for episode in range(EPISODES):
            adapter.reset(_SEED + episode)
            while not adapter.is_over:
                begin = time.perf_counter()
                actions = {asked.seat: adapter.random_action(asked.seat, rng) for asked in adapter.asked()}
                adapter.step(actions)
                slowest = max(slowest, time.perf_counter() - begin)
            returns.append(tuple(adapter.rewards))
            lengths.append(adapter.turns)
            unended += adapter.turns >= MOST_TURNS
            truncated.append(adapter.truncated and adapter.turns < MOST_TURNS)
            if time.monotonic() > deadline:
                break
        description = _first_sentence(adapter.environment)
    finally:
        adapter.close()
    return Survey(
        kind=spec.kind,
        environment=spec.environment,
        seat_names=adapter.seat_names,
        description=description,
        returns=tuple(returns),
        lengths=tuple(lengths),
        truncated=tuple(truncated),
        unended=unended,
        slowest_seconds=slowest,
    )


def _first_sentence(environment: object) -> str:
    text = inspect.cleandoc(type(environment).__doc__ or "")
    words = [
        line for line in text.split("\n\n") if line.strip() and not line.lstrip().startswith(("#", "<", "!"))
    ]
    sentence = " ".join(words[0].split()).partition(". ")[0] if words else ""
    return f"{sentence.rstrip('.')}." if 0 < len(sentence) <= 200 else ""


def _found(wanted: Wanted) -> tuple[str, Kind]:
    """Return the environment's id as it is registered, and its kind.

    Raises:
        _UnknownIdError: no registry has it.
        ArenaUnavailableError: its module cannot be imported, or the kind is not clear.
    """
    module, colon, rest = wanted.environment.partition(":")
    if colon:
        try:
            home = import_headless(module)
        except ImportError as error:
            raise ArenaUnavailableError(f"The module {module} cannot be imported: {error}.") from error
        if rest.isidentifier():
            if not hasattr(home, rest):
                raise _UnknownIdError(tuple(f"{module}:{near}" for near in _nearest(rest, _makers(home))))
            return wanted.environment, wanted.kind or _kind_of(getattr(home, rest))
    kinds = dict(_registered(rest if colon else wanted.environment))
    if wanted.kind:
        kinds = {kind: name for kind, name in kinds.items() if kind == wanted.kind}
    if not kinds:
        listed = [name for _, name in _listed()]
        raise _UnknownIdError(_nearest(wanted.environment, listed))
    # A world that can be played either way is played all at once: every seat thinks at the same time.
    kind = next(kind for kind in ("gymnasium", "parallel", "aec") if kind in kinds)
    return (f"{module}:{kinds[kind]}" if colon else kinds[kind]), kind


def _registered(name: str) -> Iterator[tuple[Kind, str]]:
    """Give the kinds and full ids of a name; its family may be left out where that is no other's name."""
    folded, listed = fold(name), [(fold(known), kind, known) for kind, known in _listed()]
    exact = [(kind, known) for each, kind, known in listed if each == folded]
    yield from exact or [(kind, known) for each, kind, known in listed if each.rpartition("/")[2] == folded]


def _listed() -> Iterator[tuple[Kind, str]]:
    gymnasium, zoo = import_headless("gymnasium"), import_headless("pettingzoo")
    yield from (("gymnasium", name) for name in gymnasium.registry)
    yield from (("parallel", name) for name in zoo.parallel_registry)
    yield from (("aec", name) for name in zoo.aec_registry)
    for world in _particle_worlds():
        yield "parallel", f"mpe2/{world}"
        yield "aec", f"mpe2/{world}"


def _particle_worlds() -> Iterator[str]:
    try:
        mpe2 = importlib.import_module("mpe2")
    except ImportError:
        return
    names = (module.name for module in pkgutil.iter_modules(mpe2.__path__))
    yield from (name.replace("_v", "-v") for name in names if re.search(r"_v\d+$", name))


def _kind_of(constructor: Any) -> Kind:  # Any: third-party, untyped.
    gymnasium, zoo = import_headless("gymnasium"), import_headless("pettingzoo")
    kinds: tuple[tuple[Kind, type], ...] = (
        ("gymnasium", gymnasium.Env),
        ("parallel", zoo.ParallelEnv),
        ("aec", zoo.AECEnv),
    )
    for kind, base in kinds:
        if isinstance(constructor, type) and issubclass(constructor, base):
            return kind
    raise ArenaUnavailableError(
        "Say --kind gymnasium, parallel or aec: a function does not tell what it makes."
    )


def _makers(module: object) -> list[str]:
    return [name for name, made in vars(module).items() if callable(made) and name[0].isupper()]


def _nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the names nearest to one that may lack its family and version."""
    listed = {fold(each): each for each in known}
    bare = {each.rpartition("/")[2].rpartition("-v")[0]: full for each, full in listed.items()}
    wanted = fold(name)
    near = [bare[wanted]] if wanted in bare else []
    near += [listed[each] for each in difflib.get_close_matches(wanted, listed, n=3, cutoff=0.5)]
    near += [bare[each] for each in difflib.get_close_matches(wanted, bare, n=3, cutoff=0.6)]
    return tuple(dict.fromkeys(near))[:3]
