"""What one seat may see of a table with hidden cards, as panels of text: for people who play.

How it works. Spectators see all cards, because they look at the match when it is over. Who plays sees the
panels of those games whose lines are known here, and of these only what is written below as open to all;
of any other game only what it shows to agents in that seat. Nothing else leaves the referee.
"""

import json
from typing import Any, Final

from arenas.adapters import Adapter
from arenas.adapters.open_spiel import Table
from arenas.recorders import recorder_for
from arenas.recorders.panel import PanelRecorder
from arenas.recorders.timeline import Panel
from arenas.trajectory import decode_trajectory

_OPEN_LINES: Final = ("Chips in:", "Folded", "Points:", "Place:", "Won:", "Reward:")
"""How lines of another seat begin that everybody may read."""
_OWN_HAND: Final = frozenset(
    ("leduc_poker", "hearts", "leduc_holdem", "texas_holdem", "texas_holdem_no_limit")
)
"""Games in which a seat sees its own cards and the table."""
_OTHERS_HANDS: Final = frozenset(("hanabi",))
"""Games in which a seat sees all cards but its own; of these it has been told something at most."""
_OPEN_MOVES: Final = frozenset(
    ("leduc_poker", "hanabi", "leduc_holdem", "texas_holdem", "texas_holdem_no_limit")
)
"""Games in which everybody sees every move that is made."""
_LINES: Final = 40


def panels_for(adapter: Adapter, seat: int) -> list[Panel]:
    """Return what a seat sees now, a panel for each seat and one for the table where the game is known."""
    name = _name_of(adapter)
    if name in _OWN_HAND:
        return [_without_cards(panel, seat) for panel in _all_panels(adapter)]
    if name in _OTHERS_HANDS:
        return [_without_own_cards(panel, seat) for panel in _all_panels(adapter)]
    return [{"title": f"Seat {seat + 1}", "lines": _seen(adapter, seat)[-_LINES:], "seat": seat}]


def shows_moves(adapter: Adapter) -> bool:
    """Say whether every seat may be told what another one did."""
    return _name_of(adapter) in _OPEN_MOVES


def _name_of(adapter: Adapter) -> str:
    environment = adapter.environment
    if isinstance(environment, Table):
        return environment.name
    name = str((getattr(environment, "metadata", None) or {}).get("name", ""))
    return name.rpartition("_v")[0]


def _all_panels(adapter: Adapter) -> list[Panel]:
    recorder = recorder_for(adapter)
    if not isinstance(recorder, PanelRecorder):
        return []
    recorder.start(adapter)
    panels: list[Panel] = decode_trajectory(recorder.finish())["panels"][0]
    return panels


def _without_cards(panel: Panel, seat: int) -> Panel:
    if panel["seat"] in (None, seat):
        return panel
    return panel | {"lines": [line for line in panel["lines"] if line.startswith(_OPEN_LINES)]}


def _without_own_cards(panel: Panel, seat: int) -> Panel:
    if panel["seat"] != seat:
        return panel
    told = [line.partition(", told: ")[2] for line in panel["lines"]]
    lines = [f"Card {number}: told {words or 'nothing'}" for number, words in enumerate(told)]
    return panel | {"lines": lines}


def _seen(adapter: Adapter, seat: int) -> list[str]:
    """Return in lines what the game itself shows to a seat."""
    if isinstance(adapter.environment, Table):
        return _seen_in_spiel(adapter.environment.state, seat)
    table: Any = getattr(adapter.environment, "env", None)
    if hasattr(table, "get_state"):
        raw = table.get_state(seat).get("raw_obs", {})
        hidden = {"legal_actions", "current_player"}
        return [f"{_title(key)}: {_plain(value)}" for key, value in raw.items() if key not in hidden]
    observation = next((each.observation for each in adapter.asked() if each.seat == seat), None)
    return _observation_lines(observation)


def _seen_in_spiel(state: Any, seat: int) -> list[str]:  # Any: pyspiel has no types.
    kind = state.get_game().get_type()
    if kind.provides_observation_string:
        text = state.observation_string(seat)
    elif kind.provides_information_state_string:
        text = state.information_state_string(seat)
    else:
        text = "This game has no words for what it shows."
    return [line for line in str(text).splitlines() if line.strip()]


def _observation_lines(observation: object) -> list[str]:
    if observation is None:
        return ["It is not your turn."]
    if isinstance(observation, dict):
        return [f"{_title(key)}: {_plain(part)}" for key, part in observation.items() if key != "action_mask"]
    return [f"You see: {_plain(observation)}"]


def _title(key: object) -> str:
    return str(key).replace("_", " ").capitalize()


def _plain(value: object) -> str:
    if hasattr(value, "tolist"):
        value = value.tolist()
    try:
        text = json.dumps(value, default=str)
    except (TypeError, ValueError):
        text = str(value)
    return text.replace('"', "")[:400]
