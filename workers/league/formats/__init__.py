"""Tournament formats: each a pure function from entries and results to the next pairings and the table."""

from workers.league.formats.contract import (
    Departure,
    Due,
    Field,
    FormatError,
    History,
    Pairing,
    Score,
    Stage,
    Standing,
)
from workers.league.formats.crowning import Chance, Crowning, crowning_probability
from workers.league.formats.double_elimination import DoubleElimination
from workers.league.formats.groups import Groups
from workers.league.formats.lots import seed_field
from workers.league.formats.plan import Part, Plan, groups_and_knockout, swiss_and_cut
from workers.league.formats.round_robin import RoundRobin
from workers.league.formats.single_elimination import SingleElimination
from workers.league.formats.swiss import Swiss
from workers.league.formats.tables import Tables

__all__ = [
    "Chance",
    "Crowning",
    "Departure",
    "DoubleElimination",
    "Due",
    "Field",
    "FormatError",
    "Groups",
    "History",
    "Pairing",
    "Part",
    "Plan",
    "RoundRobin",
    "Score",
    "SingleElimination",
    "Stage",
    "Standing",
    "Swiss",
    "Tables",
    "crowning_probability",
    "groups_and_knockout",
    "seed_field",
    "swiss_and_cut",
]
