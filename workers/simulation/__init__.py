"""The league's engine in worlds whose truth is known: how soon, how sure, how fair, how robust it is."""

from workers.simulation.experiments import Finding, Job, run
from workers.simulation.gates import Gate, judge_gates
from workers.simulation.profiles import PROFILES, Profile, jobs
from workers.simulation.report import as_markdown, as_object
from workers.simulation.season import Season, SeasonError, forecast, read_season, summarise

__all__ = [
    "PROFILES",
    "Finding",
    "Gate",
    "Job",
    "Profile",
    "Season",
    "SeasonError",
    "as_markdown",
    "as_object",
    "forecast",
    "jobs",
    "judge_gates",
    "read_season",
    "run",
    "summarise",
]
