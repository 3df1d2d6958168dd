"""The agents of the season: which arenas are played, by whose agents."""

from dataclasses import dataclass
from pathlib import Path

AGENTS = Path(__file__).parent / "agents"


@dataclass(frozen=True, slots=True)
class Contest:
    """One competition of the season."""

    slug: str
    title: str
    arena: str
    folder: str
    """Name of the folder of its agents."""
    owners: dict[str, str]
    """Who owns the agents that share an owner, by agent; any other agent has an owner of its own."""


CONTESTS = (
    Contest(
        slug="connect-four",
        title="Connect Four, one season",
        arena="connect_four-v3",
        folder="connect_four",
        owners={"minimax2": "ply", "minimax4": "ply", "mcts50": "monte", "mcts400": "monte"},
    ),
    Contest(
        slug="sumo",
        title="Sumo, one season",
        arena="coliseum/sumo-v1",
        folder="sumo",
        owners={"circler": "round", "spinner": "round"},
    ),
    Contest(
        slug="hearts",
        title="Hearts, one season",
        arena="spiel_hearts-v1",
        folder="hearts",
        owners={"low": "twins", "high": "twins"},
    ),
)


def agent_paths(folder: str) -> list[Path]:
    """Return the agents of a contest, by name."""
    return sorted((AGENTS / folder).glob("[!_]*.py"))


def agent_path(folder: str, name: str) -> Path:
    """Return one agent."""
    return AGENTS / folder / f"{name}.py"
