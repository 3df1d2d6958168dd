"""What the API answers, in the shapes of tournament. Made by `python -m tests.client_calls`."""

from datetime import datetime

from workers.client.answers.base import Answer, Listing


class TournamentRow(Answer, frozen=True):
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


class TournamentPage(Listing, frozen=True):
    """A page of tournaments."""

    items: tuple[TournamentRow, ...]
    next: str | None


class EntrantRow(Answer, frozen=True):
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


class PlaceRow(Answer, frozen=True):
    """Where an agent stands."""

    place: int | None
    """From 1, shared where nothing separates; null is no place."""
    submission: str
    why: str


class PairedMatchRow(Answer, frozen=True):
    """A match of a pairing."""

    number: int
    match: str
    state: str
    points: tuple[float, ...] | None
    """By place in the pairing's line-up; null until it is over, empty where it counts for nobody."""


class PairingRow(Answer, frozen=True):
    """Who meets whom."""

    round: int
    number: int
    label: str
    why: str
    lineup: tuple[str, ...]
    """Submissions by seat of the first match; a single one has a bye."""
    matches: tuple[PairedMatchRow, ...]


class StageRow(Answer, frozen=True):
    """A stage with its field and its pairings."""

    number: int
    field: tuple[str, ...]
    """Submissions in seed order."""
    pairings: tuple[PairingRow, ...]


class TournamentDetail(TournamentRow, frozen=True):
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
    entrants: tuple[EntrantRow, ...]
    places: tuple[PlaceRow, ...]
    stages: tuple[StageRow, ...]


class PreviewRow(Answer, frozen=True):
    """What a draft would be if it started now."""

    entrants: tuple[str, ...]
    """Their agents, as shown."""
    is_enough: bool
    least_entrants: int
    most_matches: int
    slots: int
    """Matches that the workers now alive play at a time."""
    seconds: float
    """Of play, if the workers do nothing else; the longest it may be."""
