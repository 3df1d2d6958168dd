"""The life of one table inside the live referee: open the arena, seat the agents, play, tell the end."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import msgspec

from arenas import registry
from arenas.adapters import Adapter, open_arena
from arenas.codec import Discrete
from arenas.errors import ArenaError, UnknownArenaError
from arenas.extras import install_line, is_installed
from arenas.pictures import MODE
from arenas.recorders import recorder_for
from arenas.recorders.text import FramesRecorder
from arenas.spec import ArenaSpec, Limits
from workers.errors import MatchError
from workers.live.ending import ending, result_word
from workers.live.hand import Hand, LeftError
from workers.live.scene import is_shown_in_pictures
from workers.live.show import ShowTable
from workers.live.table import LiveTable
from workers.live.wire import MOST_SEATS, Chair, Order, TableSpec, Word
from workers.refusals import printable
from workers.sandbox import Launcher
from workers.spec import EpisodeSpec


class Session:
    """One table; `run` is called in a thread of its own.

    Args:
        order: opens the table.
        launcher: starts the agents; shared by all tables.
        send: hands a word to the worker.
    """

    def __init__(self, order: Order, launcher: Launcher, send: Callable[[Word], None]) -> None:
        assert order.spec is not None
        self.hand = Hand()
        self._spec: TableSpec = order.spec
        self._packages = order.packages
        self._launcher = launcher
        self._send = send

    def run(self) -> None:
        """Play until the episode, the person's patience, or the table's time is over."""
        try:
            arena = registry.get(self._spec.arena)
            last, replay = self._play(arena)
        except LeftError as left:
            last, replay = ending(str(left)), b""
        except (ArenaError, UnknownArenaError) as error:
            last, replay = ending("broken", detail=str(error)), b""
        except MatchError as error:
            last, replay = ending("broken", detail=f"{error} That is our fault, not yours."), b""
        self._send(Word(self._spec.table, _json(last), is_whole=True, is_over=True, replay=replay))

    def _play(self, arena: ArenaSpec) -> tuple[dict[str, Any], bytes]:  # Any: a JSON object.
        spec = self._spec
        self._say({"kind": "note", "text": "The agents are taking their seats."}, True)
        with closing(_open(arena, spec.seed)) as adapter:
            if reason := why_not(arena, () if spec.is_show else adapter.action_schemas):
                return ending("broken", detail=reason), b""
            with closing(self._lay(arena, adapter)) as table:
                for seat, chair in enumerate(spec.chairs):
                    if seat != spec.seat:
                        package, file_name = self._package_of(chair)
                        table.join(package, file_name, seed=(spec.seed + seat) % 2**31)
                    elif isinstance(table, LiveTable):
                        table.sit(seat, turn_seconds=spec.turn_seconds, table_seconds=spec.table_seconds)
                result = table.play_episode(EpisodeSpec(spec.seed, tuple(range(arena.seats))))
            # Pictures are made from matches that are stored; a table is not.
            replay = b"" if is_shown_in_pictures(adapter) else result.trajectory
        names = [chair.name for chair in spec.chairs]
        return result_word(arena, names, spec.seat, result) | {"replay": bool(replay)}, replay

    def _lay(self, arena: ArenaSpec, adapter: Adapter) -> LiveTable | ShowTable:
        limits = _limits(arena, self._spec)
        if self._spec.is_show:
            table = ShowTable(arena, adapter, self._launcher, limits, hand=self.hand, say=self._tell)
            table.pace = self._spec.pace
            return table
        return LiveTable(arena, adapter, self._launcher, limits, hand=self.hand, say=self._say)

    def _package_of(self, chair: Chair) -> tuple[bytes, str]:
        """Return package and file name of an agent.

        Raises:
            MatchError: it did not come along.
        """
        key = chair.agent.digest if chair.agent else chair.baseline
        package = self._packages.get(key)
        if package is None:
            raise MatchError(f"The agent {chair.name} did not come to the table.")
        if chair.agent:
            return package, chair.agent.file_name
        return package, "agent.zip" if package[:2] == b"PK" else "agent.py"

    def _say(self, word: dict[str, Any], is_whole: bool) -> None:  # Any: a JSON object.
        self._send(Word(self._spec.table, _json(word), is_whole=is_whole))

    def _tell(self, news: dict[str, Any], whole: dict[str, Any]) -> None:  # Any: as above.
        self._send(Word(self._spec.table, _json(news), is_whole=True, whole=_json(whole)))


def why_not(arena: ArenaSpec, actions: tuple[object, ...]) -> str:
    """Return why people cannot play in an arena, in a sentence; empty where they can."""
    if arena.seats > MOST_SEATS:
        return f"{arena.title} has {arena.seats} seats; people play where there are at most {MOST_SEATS}."
    if not all(isinstance(schema, Discrete) for schema in actions):
        return f"{arena.title} wants numbers, not choices: people can play arenas with discrete actions."
    return ""


def survey() -> dict[str, str]:
    """Return for every arena why people cannot play it; empty where they can, as far as can be told cheaply.

    An arena with controls has discrete actions by what controls are. It is not opened for that: it may be one
    of two dozen with an emulator each, and who sits down there is told anyway.
    """
    found = {}
    for name in registry.names():
        arena = registry.get(name)
        if not is_installed(arena):
            found[name] = f"{arena.title} is not installed here: {install_line(arena) or arena.environment}."
            continue
        if arena.controls and arena.seats <= MOST_SEATS:
            found[name] = ""
            continue
        try:
            with closing(open_arena(arena)) as adapter:
                found[name] = why_not(arena, adapter.action_schemas)
        except ArenaError as error:
            found[name] = printable(str(error))
    return found


def _open(arena: ArenaSpec, seed: int) -> Adapter:
    """Open an arena; one that can be shown in pictures only is made to render them.

    Raises:
        ArenaError: it cannot be made here.
    """
    adapter = open_arena(arena)
    adapter.reset(seed)
    if not isinstance(recorder_for(adapter), FramesRecorder):
        return adapter
    adapter.close()
    return open_arena(replace(arena, arguments=dict(arena.arguments) | {"render_mode": MODE}))


def _limits(arena: ArenaSpec, spec: TableSpec) -> Limits:
    return Limits(
        **msgspec.structs.asdict(spec.limits),
        package_bytes=arena.limits.package_bytes,
        unpacked_bytes=arena.limits.unpacked_bytes,
    )


def _json(word: dict[str, Any]) -> bytes:  # Any: as above.
    # Infinite rewards and such are no JSON; the arenas' adapters refuse them before.
    return json.dumps(word, separators=(",", ":"), ensure_ascii=False).encode()
