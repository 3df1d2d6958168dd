"""Make an arena of any environment: survey it in a process of its own, and guess what it needs."""

import math
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from arenas import registry
from arenas.errors import UnknownArenaError
from arenas.spec import ArenaSpec, Objective, Wrapper
from arenas.surveying import MOST_TURNS, Answer, Survey, Wanted
from workers.refusals import RefusedError

SURVEY_SECONDS: Final = 120.0
_PROGRAM: Final = (
    "import sys; from arenas.surveying import survey_in_child; survey_in_child(sys.stdin.buffer)"
)
_SLACK: Final = 2


@dataclass(frozen=True, slots=True)
class Wish:
    """What an operator says of the arena; what is None or empty is guessed from the survey."""

    id: str = ""
    title: str = ""
    summary: str = ""
    objective: Objective | None = None
    max_turns: int | None = None


def survey_in_process(wanted: Wanted, *, seconds: float = SURVEY_SECONDS) -> Survey:
    """Look an environment over, in a process that may hang, crash or print what it likes.

    Raises:
        RefusedError: `arena.no_environment`, or `arena.unavailable` with what the environment did.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own program; what it opens is what the operator named
            [sys.executable, "-c", _PROGRAM],
            input=msgspec.json.encode(wanted),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RefusedError(
            "arena.unavailable", problem=f"{wanted.environment} did not answer within {seconds:.0f} seconds."
        ) from None
    try:
        answer = msgspec.json.decode(done.stdout.splitlines()[-1], type=Answer)
    except (IndexError, msgspec.MsgspecError):
        last = (done.stderr.decode(errors="replace").strip().splitlines() or ["it printed nothing"])[-1]
        raise RefusedError(
            "arena.unavailable",
            problem=f"{wanted.environment} ended its process with status {done.returncode}: {last}",
        ) from None
    if answer.survey is not None:
        return answer.survey
    if answer.problem != "unknown":
        raise RefusedError("arena.unavailable", problem=answer.problem)
    if answer.suggestions:
        raise RefusedError(
            "arena.no_environment",
            environment=wanted.environment,
            suggestions=" or ".join(answer.suggestions),
        )
    raise RefusedError("arena.no_environment", environment=wanted.environment)


def arena_from(wanted: Wanted, survey: Survey, wish: Wish) -> ArenaSpec:
    """Return the arena that a survey suggests, with what the operator wished in its place.

    Raises:
        RefusedError: `arena.bad_id` where the id has no version or is taken.
    """
    name = _id(survey.environment, wish.id)
    seats = len(survey.seat_names)
    objective, zero_sum, team = _kind_of_game(survey)
    spec = ArenaSpec(
        id=name,
        title=wish.title or _title(name),
        summary=wish.summary or survey.description or f"{_title(name)}, added by the operator.",
        kind=survey.kind,
        environment=survey.environment,
        seats=seats,
        objective=objective,
        arguments=wanted.arguments,
        wrappers=tuple(Wrapper(each, arguments) for each, arguments in wanted.wrappers),
        zero_sum=zero_sum,
        team_of_seat=team,
        swaps_seats=seats > 1 and not team,
        max_turns=wish.max_turns or _most_turns(survey),
        forfeit_score=_forfeit_score(survey) if objective in {"score", "return"} else 0.0,
        tags=("added",),
    )
    if wish.objective and wish.objective != objective:
        spec = replace(spec, objective=wish.objective)
    return spec


def _id(environment: str, wished: str) -> str:
    name = wished or environment.rpartition(":")[2]
    for family in ("classic/", "butterfly/", "sisl/", "atari/", "mpe2/"):
        name = name.removeprefix(family)
    if not registry.is_id(name):
        raise RefusedError("arena.bad_id", given=name)
    return name


def is_taken(name: str) -> bool:
    """Say whether there is an arena of this id already, ours or added."""
    try:
        return registry.get(name).id.lower() == name.lower()
    except UnknownArenaError:
        return False


def _title(name: str) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.rpartition("/")[2].rpartition("-v")[0])
    return " ".join(words.replace("_", " ").replace("-", " ").split())


def _kind_of_game(survey: Survey) -> tuple[Objective, bool, tuple[int, ...]]:
    """Return objective, whether it is zero-sum, and the line-up's member of each seat, from random play."""
    seats = len(survey.seat_names)
    if seats == 1:
        return "score", True, ()
    if all(max(returns) - min(returns) < 1e-9 for returns in survey.returns) and any(
        any(returns) for returns in survey.returns
    ):
        return "return", False, (0,) * seats  # All get the same: one agent takes all the seats.
    sums = [sum(returns) for returns in survey.returns]
    if max(sums) - min(sums) > 1e-6:
        return "return", False, ()
    return ("outcome" if seats == 2 else "rank"), True, ()


def _most_turns(survey: Survey) -> int:
    if survey.unended:
        return MOST_TURNS
    if survey.truncated and all(survey.truncated) and len(set(survey.lengths)) == 1:
        return survey.lengths[0]
    return max(10, math.ceil(max(survey.lengths) * _SLACK / 10) * 10 * _SLACK)


def _forfeit_score(survey: Survey) -> float:
    """Return what is below all that random play earned, by as much as its returns are spread."""
    returns = [each for episode in survey.returns for each in episode]
    return float(math.floor(min(returns) - max(1.0, max(returns) - min(returns))))
