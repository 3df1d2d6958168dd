"""The demo: competitions with the arenas' own baselines as entrants."""

import logging
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from arenas import registry
from coliseum.competitions.models import Competition, CompetitionState
from coliseum.competitions.services import create_competition, house_entry, move_competition
from coliseum.submissions.models import Submission
from coliseum.submissions.services import Upload, accept_upload
from workers.baselines import baseline_package
from workers.refusals import RefusedError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DemoCompetition:
    """One competition of the demo."""

    slug: str
    title: str
    arena: str
    summary: str
    overview: str


DEMO = (
    DemoCompetition(
        slug="connect-four",
        title="Connect Four Open",
        arena="connect_four-v3",
        summary="Four in a row against everybody else's agents. The place to start.",
        overview=(
            "Two agents drop discs into a grid of seven columns; four in a row win.\n\n"
            "Every match is **two episodes from the same seed with the seats swapped**, so going first is "
            "worth nothing. Agents are rated by a Bradley-Terry fit over all matches; the board shows how "
            "sure it is."
        ),
    ),
    DemoCompetition(
        slug="lunar-lander",
        title="Moon Landing",
        arena="LunarLander-v3",
        summary="Land softly between the flags: one agent, one lander, the same seeds for all.",
        overview=(
            "One agent flies a lander with three engines through Box2D's physics. The score is the sum of "
            "rewards; 200 is a clean landing.\n\n"
            "All agents fly **the same scenarios**, so nobody is lucky. The board shows the interquartile "
            "mean with a bootstrap interval."
        ),
    ),
    DemoCompetition(
        slug="multiwalker",
        title="Three Walkers, One Beam",
        arena="multiwalker-v9",
        summary="Carry a beam together: three bipedal robots, one agent in each of them.",
        overview=(
            "Three walkers carry a beam across rough ground. One agent plays all three, each in a process of "
            "its own; they cannot talk, and everybody falls together."
        ),
    ),
)

RULES = (
    "1. One submission is one `.py` file or one zip with `agent.py`.\n"
    "2. Agents run in a sandbox without network; they may use numpy and onnxruntime.\n"
    "3. A fault of an agent loses the episode. A fault of the platform never costs anybody a point.\n"
    "4. Your code and your logs are yours: nobody but your team can read them. Replays are public.\n"
)


def create_demo() -> list[Competition]:
    """Make the demo competitions that are not there yet and enter the baselines of their arenas."""
    made = []
    for wanted in DEMO:
        competition = Competition.objects.filter(slug=wanted.slug).first()
        if competition is None:
            try:
                competition = _open(wanted)
            except RefusedError as error:
                # The site must start although one of its arenas cannot be played here now.
                logger.warning("demo_left_out", extra={"arena": wanted.arena, "problem": error.message})
                continue
            made.append(competition)
        enter_baselines(competition)
    return made


def _open(wanted: DemoCompetition) -> Competition:
    competition = create_competition(
        host=None,
        slug=wanted.slug,
        title=wanted.title,
        arena=wanted.arena,
        summary=wanted.summary,
        overview=wanted.overview,
        rules=RULES,
    )
    move_competition(competition=competition, to=CompetitionState.OPEN, actor=None)
    return competition


def enter_baselines(competition: Competition, names: Collection[str] | None = None) -> list[Submission]:
    """Submit the arena's baselines for the house, by the same way as everybody's agents.

    Args:
        competition: of the arena.
        names: which of them; all, if left out. Who is entered already is passed over.
    """
    arena = registry.get(competition.arena)
    entry = house_entry(competition)
    entered = []
    for baseline in arena.baselines:
        is_wanted = names is None or baseline.name in names
        if not is_wanted or entry.submissions.filter(baseline=baseline.name).exists():
            continue
        content, file_name = baseline_package(arena, baseline.name)
        with tempfile.NamedTemporaryFile(suffix=f"-{file_name}") as staged:
            staged.write(content)
            staged.flush()
            upload = Upload(
                file=staged.file,
                path=Path(staged.name),
                original_name=file_name,
                name=baseline.title,
                note=baseline.description,
                baseline=baseline.name,
            )
            try:
                submission, _ = accept_upload(entry=entry, user=None, upload=upload)
            except RefusedError as error:
                raise RuntimeError(f"Baseline {baseline.name} of {arena.id}: {error.message}") from error
        entered.append(submission)
    return entered
