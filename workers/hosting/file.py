"""What may stand in competition.toml: one struct a table, its limits, and a sentence on every key.

The sentences are read by `captions`: the schema, the template and docs/host.md show the same ones.
"""

import ast
import inspect
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Final, Literal, TypeAlias

from msgspec import Meta, Struct

MIB: Final = 1024 * 1024
GIB: Final = 1024 * MIB

Slug: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=60,
        pattern="^[a-z0-9]+(-[a-z0-9]+)*$",
        extra={"expected": "1 to 60 small letters, digits and single dashes"},
    ),
]
Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=80)]
Person: TypeAlias = Annotated[str, Meta(min_length=1, max_length=254)]
Domain: TypeAlias = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=120,
        pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*\.[a-z]{2,}$",
        extra={"expected": "an e-mail domain in small letters, as example.org"},
    ),
]
PLAIN_HTTPS: Final = r"^https://([A-Za-z0-9-]+\.)+[A-Za-z]{2,}(:443)?([/?#][!#-&(-;=?-\[\]-_a-~]*)?$"
"""An address that may stand in a page: no name or password, no port of its own, no quotes or brackets."""
Forum: TypeAlias = Annotated[
    str,
    Meta(
        max_length=200,
        pattern=f"^$|{PLAIN_HTTPS}",
        extra={"expected": "an https address, without name or password in it"},
    ),
]
Markdown: TypeAlias = Annotated[str, Meta(max_length=20_000, extra={"lines": True})]
Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]
LoadSeconds: TypeAlias = Annotated[float, Meta(ge=0.1, le=600)]
StepSeconds: TypeAlias = Annotated[float, Meta(ge=0.001, le=600)]
Format: TypeAlias = Literal[
    "round_robin",
    "swiss",
    "single_elimination",
    "double_elimination",
    "groups_and_knockout",
    "swiss_and_cut",
    "tables",
]


class Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One table of the file."""


class About(Table, frozen=True):
    """What it is called, what is played, what people read."""

    slug: Slug
    """Short name in the address; it never changes."""
    title: Name
    """What people call it."""
    arena: Name
    """Id of the arena with its version; it never changes."""
    summary: Annotated[str, Meta(max_length=200)] = ""
    """One sentence for cards and lists; left out: the arena's own."""
    overview: Markdown = ""
    """Markdown, shown on the competition's page."""
    rules: Markdown = ""
    """Markdown; whoever joins accepts them, and accepts them again when they change."""
    evaluation: Markdown = ""
    """Markdown: how agents are evaluated, beyond what the site says by itself."""
    prizes: Markdown = ""
    """Markdown: what there is to win."""
    faq: Markdown = ""
    """Markdown: questions that are asked often."""
    forum_url: Forum = ""
    """https address of the place where people talk about it; left out: there is none."""


class Dates(Table, frozen=True):
    """Moments, each with its difference to UTC."""

    opens_at: Moment | None = None
    """From then on teams can submit; left out: as soon as a host opens it."""
    closes_at: Moment | None = None
    """No submissions after this; left out: until a host closes it."""
    zone: Annotated[str, Meta(max_length=64)] = ""
    """IANA name, as Europe/Berlin: then every time in the file must have the offset in force there."""


class Eligibility(Table, frozen=True):
    """Who may take part; everybody may watch."""

    who: Literal["open", "invited", "domain", "approval"] = "open"
    """open: whoever has an account; invited: people you name; domain: people with a confirmed e-mail address
    of certain domains; approval: whoever asks and is let in by a host."""
    invited: Annotated[tuple[Person, ...], Meta(max_length=2000)] = ()
    """Names or e-mail addresses; only with who = "invited". Nobody but the hosts sees them."""
    link: bool = False
    """Whether an invitation link lets people in too; only with who = "invited". The host's page shows it."""
    domains: Annotated[tuple[Domain, ...], Meta(max_length=100)] = ()
    """E-mail domains, as example.org; only with who = "domain"."""


class Teams(Table, frozen=True):
    """Who submits together."""

    max_members: Annotated[int, Meta(ge=1, le=50)] = 5
    """Most people of a team; 1: everybody alone."""
    merge_until: Moment | None = None
    """Until then teams may merge; left out: until the end."""


class Reveal(Table, frozen=True):
    """What is shown to whom, and when; it stays as it is once the competition has started."""

    replays: Literal["public", "participants", "after_close"] = "public"
    """Who sees replays: everybody; who has joined; or until the end only the teams of a match."""
    code: Literal["never", "after_close"] = "never"
    """Whether everybody may download the agents that passed validation, once the competition is closed."""


class LimitOverrides(Table, frozen=True):
    """What one agent may use in one match; left out: the arena's own limit."""

    load_seconds: LoadSeconds | None = None
    """Import of the agent and its construction, once a match."""
    reset_seconds: StepSeconds | None = None
    """One call of `reset`, once an episode."""
    step_seconds: StepSeconds | None = None
    """One call of `act`; what goes beyond is taken from the bank."""
    bank_seconds: Annotated[float, Meta(ge=0, le=3600)] | None = None
    """Spare thinking time for the whole match."""
    memory_bytes: Annotated[int, Meta(ge=16 * MIB, le=64 * GIB)] | None = None
    """Memory beyond the interpreter and its libraries."""
    scratch_bytes: Annotated[int, Meta(ge=0, le=4 * GIB)] | None = None
    """Size of the agent's private /tmp, where the sandbox offers one."""
    threads: Annotated[int, Meta(ge=1, le=256)] | None = None
    """Threads and processes at a time."""
    log_bytes: Annotated[int, Meta(ge=0, le=16 * MIB)] | None = None
    """Kept of the head and of the tail of what it prints."""


class Quotas(Table, frozen=True):
    """How much a team may send, and how long an agent is played."""

    daily_submissions: Annotated[int, Meta(ge=1, le=1000)] = 5
    """For each team and UTC day; rejected ones do not count."""
    active_submissions: Annotated[int, Meta(ge=1, le=5)] = 2
    """Agents of a team that are in play at a time."""
    target_matches: Annotated[int, Meta(ge=1, le=100_000)] = 200
    """An agent with so many rated matches gets no new ones by itself."""


class League(Table, frozen=True):
    """How league matches are played, and which of the house's agents take part."""

    swap: Literal["calibrated", "always", "never"] = "calibrated"
    """Whether a match is played in every seating; calibrated: as a trial of the baselines advises."""
    episodes: Annotated[int, Meta(ge=0, le=64)] = 0
    """Episodes of a match in each seating; 0: as a trial of the baselines advises."""
    baselines: Annotated[tuple[Name, ...], Meta(max_length=32)] | None = None
    """The arena's own agents to enter; left out: all of them; []: none."""


class FinalPhase(Table, frozen=True):
    """The evaluation after the end, on fresh hidden seeds; left out: there is none."""

    finalists_per_owner: Annotated[int, Meta(ge=1, le=5)] = 2
    """Agents each owner names; who names none enters the best and the latest."""
    prize_places: Annotated[int, Meta(ge=1, le=100)] = 3
    """Places that must be told apart before it may stop."""
    budget_episodes: Annotated[int, Meta(ge=16, le=100_000)] = 600
    """Most episodes of a finalist; places still open then are shared."""
    cuts: Annotated[tuple[Annotated[int, Meta(ge=1, le=100_000)], ...], Meta(max_length=16)] | None = None
    """Episodes of each finalist after which those without a chance of a prize leave; growing, up to the
    budget; left out: 32, 64, 128, 256."""


class Tournament(Table, frozen=True):
    """A tournament of this competition's agents; its format decides which of the options count."""

    name: Name
    """What people call it; each has its own."""
    format: Format = "swiss_and_cut"
    """How it is played."""
    entrants: Literal["active", "top"] = "active"
    """Who takes part: all agents in play, or the best of the leaderboard."""
    size: Annotated[int, Meta(ge=0, le=1024)] = 0
    """How many of the best; only with entrants = "top"."""
    seeding: Literal["rating", "draw"] = "rating"
    """Order of the seeds."""
    release: Literal["at_once", "by_round", "at_end"] = "at_once"
    """When results are shown."""
    starts_at: Moment | None = None
    """When it starts by itself; left out: when a host starts it."""
    rounds: int | None = None
    """Swiss and tables: rounds; 0: as many as the field needs."""
    matches: int | None = None
    """Round robin, Swiss, tables: matches of a pairing."""
    cycles: int | None = None
    """Round robin and groups: how often each meets each."""
    accelerated: bool | None = None
    """Swiss: whether the strong meet earlier."""
    best_of: int | None = None
    """Eliminations: matches of a series at most; odd."""
    final_best_of: int | None = None
    """Eliminations: the same for the final; 0: like the others."""
    third_place: bool | None = None
    """Eliminations: whether there is a match for third place."""
    reset: bool | None = None
    """Double elimination: who comes to the final without a loss has to lose twice there."""
    groups: int | None = None
    """Groups and knockout: how many groups."""
    cut: int | None = None
    """Formats of two stages: how many go on."""
    by_score: bool | None = None
    """Tables: whether those of like score sit together."""

    @property
    def options(self) -> dict[str, int | bool]:
        """Return the format's options that are given, by name."""
        given = {name: getattr(self, name) for name in self.__struct_fields__[OPTIONS_FROM:]}
        return {name: value for name, value in given.items() if value is not None}


OPTIONS_FROM: Final = Tournament.__struct_fields__.index("rounds")
"""Where the options of the formats begin among the keys of a tournament."""


class CompetitionFile(Table, frozen=True):
    """The file."""

    competition: About
    """What it is called, what is played, what people read."""
    dates: Dates = Dates()
    """Moments, each with its difference to UTC."""
    eligibility: Eligibility = Eligibility()
    """Who may take part; everybody may watch."""
    teams: Teams = Teams()
    """Who submits together."""
    reveal: Reveal = Reveal()
    """What is shown to whom, and when; it stays as it is once the competition has started."""
    limits: LimitOverrides = LimitOverrides()
    """What one agent may use in one match; left out: the arena's own limit."""
    quotas: Quotas = Quotas()
    """How much a team may send, and how long an agent is played."""
    league: League = League()
    """How league matches are played, and which of the house's agents take part."""
    final: FinalPhase | None = None
    """The evaluation after the end, on fresh hidden seeds; left out: there is none."""
    tournament: Annotated[tuple[Tournament, ...], Meta(max_length=32)] = ()
    """Tournaments of this competition's agents."""


TABLES: Final[dict[str, type[Table]]] = {
    "competition": About,
    "dates": Dates,
    "eligibility": Eligibility,
    "teams": Teams,
    "reveal": Reveal,
    "limits": LimitOverrides,
    "quotas": Quotas,
    "league": League,
    "final": FinalPhase,
    "tournament": Tournament,
}


@cache
def captions(table: type[Table]) -> dict[str, str]:
    """Return the sentence below each key of a table, as it is written here."""
    (body,) = ast.parse(inspect.getsource(table)).body
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, text in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            found[field.target.id] = _text(text)
    return found


def _text(statement: ast.stmt) -> str:
    value: Any = getattr(statement, "value", None)  # Any: of ast.Expr, or of what lacks its sentence
    assert isinstance(value, ast.Constant)
    return " ".join(str(value.value).split())
