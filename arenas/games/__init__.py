"""The arenas that come with the project: one folder each, exporting `SPECS`."""

from pathlib import Path
from typing import Final

from arenas.spec import Baseline

RANDOM: Final = Baseline(
    name="random",
    title="Random",
    path=Path(__file__).parent / "random_agent.py",
    description="Draws a legal action uniformly; the floor every agent is measured against.",
)
"""The same file serves every arena."""
