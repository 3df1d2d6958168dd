"""The shapes that the API takes: unknown fields are refused, texts are such as every database stores."""

from typing import Annotated, Literal, TypeVar

from django.http import HttpRequest
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from coliseum.api.answers import field_refusal
from coliseum.api.bodies import JSON, read_json
from workers.refusals import RefusedError

T = TypeVar("T", bound="Taken")


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


class Changes(Taken):
    """What a host changes of a competition; what is left out stays as it is."""

    title: Line = ""
    summary: Annotated[str, Field(max_length=200), AfterValidator(_storable)] = ""
    overview: Words = ""
    rules: Words = ""
    closes_at: Moment | None = None
    daily_submissions: StrictInt = 5
    active_submissions: StrictInt = 2
    target_matches: StrictInt = 200


class Joining(Taken):
    """What may be said when joining or accepting rules; all of it may be left out."""

    version: StrictInt | None = None
    """Of the rules that were read."""
    invitation: Line = ""
    """What an invitation link ends with."""
    note: Line = ""
    """What the host reads, where the host decides."""


class Answered(Taken):
    """Whether somebody is let in; who is not reads the reason."""

    lets_in: StrictBool
    reason: Line = ""


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


class Naming(Taken):
    """Whom a team sends into a final."""

    submissions: Annotated[list[Line], Field(max_length=100)]
    """Ids; none leaves the choice to the rule."""


class Withdrawal(Taken):
    """Whose place is taken, and why; everybody can read the reason."""

    submission: Line
    reason: Line


class ClosedSeason(Taken):
    """How a season ends."""

    reason: Line = ""
    keeps_champion: StrictBool = False
    """Whether a copy of number 1 stays in play as an agent of the house."""


class NewFinal(Taken):
    """A final as a host announces it; what is left out gets the file's value, or its default."""

    naming_ends_at: Moment
    finalists_per_owner: StrictInt | None = None
    prize_places: StrictInt | None = None
    budget_episodes: StrictInt | None = None
    cuts: Annotated[list[StrictInt], Field(max_length=20)] | None = None


class NewDeadline(Taken):
    """Until when finalists are named now, and why that changed."""

    naming_ends_at: Moment
    reason: Line = ""


class NewRole(Taken):
    """What one of the host's own agents is for."""

    submission: Line
    role: Line
    """main, background or holdout."""


class NewAnnouncement(Taken):
    """What a host tells everybody."""

    title: Line
    text: Words
    """Markdown."""
    is_pinned: StrictBool = False


class NewNote(Taken):
    """What a team wants to remember of a version."""

    note: Annotated[str, Field(max_length=4000), AfterValidator(_storable)]


class Target(Taken):
    """Whom an exploiter is made to beat."""

    target: Line
    """Submission id of one of the first of the board."""


class Counted(Taken):
    """Whether a match is rated, and why; everybody can read the reason."""

    counted: StrictBool
    reason: Line


class MatchAct(Taken):
    """What to do with several matches, and why; everybody can read the reason."""

    act: Literal["void", "restore", "rerun"]
    matches: Annotated[list[Line], Field(max_length=500)] = []
    """Ids; or all of one agent's:"""
    submission: Line = ""
    reason: Line = ""
    is_preview: StrictBool = False
    """Only say what it would be done with."""


class Invited(Taken):
    """What joins a team."""

    invitation: Line
    """What the invitation link ends with."""
    version: StrictInt | None = None
    """Of the rules that were read."""


class NewName(Taken):
    """What a team is called from now on."""

    name: Line


class Member(Taken):
    """One member of the caller's team."""

    member: Line
    """User name."""


class Topic(Taken):
    """What to follow."""

    topic: Line


class Forum(Taken):
    """Where people talk about a competition."""

    url: Line
    """https; empty for nowhere."""


class NoticeChoice(Taken):
    """Which notice."""

    notice: Line = ""
    """Its id; none means all of them."""


class NewWays(Taken):
    """How somebody wants to be told; what is left out stays as it is."""

    ways: dict[str, list[Literal["site", "mail", "webhook"]]] = {}
    """By kind."""
    digest: Literal["off", "daily", "weekly"] | None = None
    """How often mail comes."""


class NewWebhook(Taken):
    """Where to send news."""

    url: Line
    """https, on port 443, in the public network."""


class ToRejected(Taken):
    """What a host writes to those whose submissions a code rejected."""

    code: Line
    title: Line
    text: Words
    """Markdown."""


class NewProfile(Taken):
    """What somebody says of himself; what is left out stays, an empty text takes it back."""

    display_name: Line | None = None
    bio: Annotated[str, Field(max_length=2000), AfterValidator(_storable)] | None = None
    """Markdown."""
    affiliation: Line | None = None
    link: Line | None = None
    """A web address."""


def read_optional(request: HttpRequest, form: type[T]) -> T:
    """Return a body that may be left out.

    Raises:
        RefusedError: `request.*` for a body that is there and wrong.
    """
    body = read_json(request.body) if request.content_type == JSON and request.body else {}
    try:
        return form.model_validate(body)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise field_refusal([{**each, "loc": ("body", "body", *each["loc"])} for each in found]) from error
