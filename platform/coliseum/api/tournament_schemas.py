"""The shapes of tournaments that the API sends; fields may be added, never renamed."""

from datetime import datetime

from ninja import Schema


class TournamentRow(Schema):
    """A tournament in a list."""

    id: str
    competition: str
    title: str
    format: str
    state: str
    reason: str
    """Why it is paused or was cancelled."""
    starts_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    url: str


class TournamentPage(Schema):
    """A page of tournaments."""

    items: list[TournamentRow]
    next: str | None


class EntrantRow(Schema):
    """An agent in a tournament."""

    submission: str
    agent: str
    team: str
    seed: int | None
    """From 1; null before the start."""
    rating: float | None
    """In the league at the start."""
    left: str
    """Empty, withdrawn or disqualified."""


class PlaceRow(Schema):
    """Where an agent stands."""

    place: int | None
    """From 1, shared where nothing separates; null is no place."""
    submission: str
    why: str


class PairedMatchRow(Schema):
    """A match of a pairing."""

    number: int
    match: str
    state: str
    points: list[float] | None
    """By place in the pairing's line-up; null until it is over, empty where it counts for nobody."""


class PairingRow(Schema):
    """Who meets whom."""

    round: int
    number: int
    label: str
    why: str
    lineup: list[str]
    """Submissions by seat of the first match; a single one has a bye."""
    matches: list[PairedMatchRow]


class StageRow(Schema):
    """A stage with its field and its pairings."""

    number: int
    field: list[str]
    """Submissions in seed order."""
    pairings: list[PairingRow]


class TournamentDetail(TournamentRow):
    """A tournament in full, as far as the caller may see it."""

    options: dict[str, int | bool]
    source: str
    size: int
    seeding: str
    release: str
    lot: str
    """The seed that decides what nothing else decides; drawn at the start."""
    crowning: float | None
    """Probability that this format crowns the best agent; null while it was not computed."""
    crowning_error: float | None
    crowning_runs: int
    is_final: bool
    """Whether the places are those of the end, with nothing held back from the caller."""
    entrants: list[EntrantRow]
    places: list[PlaceRow]
    stages: list[StageRow]


class PreviewRow(Schema):
    """What a draft would be if it started now."""

    entrants: list[str]
    """Their agents, as shown."""
    is_enough: bool
    least_entrants: int
    most_matches: int
    slots: int
    """Matches that the workers now alive play at a time."""
    seconds: float
    """Of play, if the workers do nothing else; the longest it may be."""
