"""The shapes that the API takes: unknown fields are refused, texts are such as every database stores."""

from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    model_validator,
)
from pydantic_core import PydanticCustomError

from workers.refusals import RefusedError


class Taken(BaseModel):
    """Base of all request bodies: unknown fields are refused with the list of known ones."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _known_only(cls, body: object) -> object:
        if isinstance(body, dict):
            for name in body:
                if name not in cls.model_fields:
                    raise RefusedError(
                        "request.unknown_field", name=name, known=list(cls.model_fields), field=str(name)
                    )
        return body


def _storable(text: str) -> str:
    """Refuse what no database column takes: zero characters and halves of surrogate pairs."""
    if "\0" in text or (not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)):
        raise PydanticCustomError("unstorable", "zero or half characters")
    return text


Line = Annotated[str, Field(max_length=400), AfterValidator(_storable)]
Words = Annotated[str, Field(max_length=20_000), AfterValidator(_storable)]


def _as_text(moment: object) -> object:
    if moment is not None and not isinstance(moment, str):
        raise PydanticCustomError("datetime_type", "not a text")
    return moment


Moment = Annotated[AwareDatetime, BeforeValidator(_as_text)]


class NewCompetition(Taken):
    """What a host sends to make a competition; what is left out gets its default."""

    slug: Line
    title: Line
    arena: Line
    summary: Annotated[str, Field(max_length=200), AfterValidator(_storable)] | None = None
    overview: Words = ""
    rules: Words = ""
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    daily_submissions: StrictInt | None = None
    active_submissions: StrictInt | None = None
    target_matches: StrictInt | None = None


class NewState(Taken):
    """Where a competition shall go."""

    state: Line
    reason: Line = ""


class Disqualification(Taken):
    """Whom to take out, and why; everybody can read the reason."""

    team: Line
    """The team's id."""
    reason: Line


class NewTournament(Taken):
    """What a host sends to make a tournament; what is left out gets its default."""

    title: Line
    format: Line
    """round_robin, swiss, single_elimination, double_elimination, groups_and_knockout, swiss_and_cut or
    tables."""
    options: dict[str, StrictBool | StrictInt] = {}
    """Of the format, by name."""
    source: Line = "active"
    """active, top or chosen."""
    size: StrictInt = 0
    """How many of the leaderboard, where the source is top."""
    chosen: Annotated[list[Line], Field(max_length=1024)] = []
    """Submissions, where the source is chosen."""
    seeding: Line = "rating"
    """rating or draw."""
    release: Line = "at_once"
    """at_once, by_round or at_end."""
    starts_at: Moment | None = None


class Reason(Taken):
    """Why; everybody can read it."""

    reason: Line = ""


class Releasing(Taken):
    """What to show everybody."""

    everything: StrictBool = False
    """All rounds that are held back, once no more is played; else the first of them."""


class Leaving(Taken):
    """Which agent to take out of a tournament, how and why; everybody can read the reason."""

    submission: Line
    disqualified: StrictBool = False
    """Else it withdraws."""
    reason: Line = ""
