"""The shapes of competitions, teams and people that the API sends; fields may be added, never renamed."""

from datetime import datetime

from ninja import Schema


class CompetitionRow(Schema):
    """A competition in a list."""

    slug: str
    title: str
    arena: str
    state: str
    summary: str
    opens_at: datetime
    closes_at: datetime | None
    entries: int
    url: str


class CompetitionPage(Schema):
    """A page of competitions."""

    items: list[CompetitionRow]
    next: str | None


class CompetitionDetail(CompetitionRow):
    """A competition in full."""

    overview: str
    rules: str
    evaluation: str
    prizes: str
    faq: str
    rules_version: int
    """Of the rules in force."""
    rules_accepted: int | None
    """The version the caller accepted last; submitting needs the one in force."""
    eligibility: str
    """Who may join: `open`, `invited`, `domain` or `approval`."""
    replays: str
    """Who sees replays: `public`, `participants` or `after_close`."""
    code: str
    """When everybody may download agents: `never` or `after_close`."""
    max_members: int
    merge_until: datetime | None
    limits: dict[str, float]
    """What one agent may use, in seconds and bytes by name."""
    forum_url: str
    """Where people talk about it; empty for nowhere."""
    daily_submissions: int
    active_submissions: int
    target_matches: int
    hosts: list[str]
    joined: bool
    team_id: str | None
    """Of the caller's team in it."""
    submissions_left: int | None
    """Of the caller's team today; null before joining."""
    submissions_reset_at: datetime | None


class CompetitionWritten(CompetitionDetail):
    """A competition after its file was sent."""

    created: bool
    """Whether it was made now."""
    changed: list[str]
    """Keys of the file that changed it, as `dates.closes_at`; empty for a new one."""


class EntryRow(Schema):
    """A team in a competition."""

    competition: str
    team: str
    team_id: str
    members: list[str]
    joined_at: datetime
    disqualified: bool
    disqualified_reason: str


class EntryPage(Schema):
    """A page of teams in a competition."""

    items: list[EntryRow]
    next: str | None


class ActRow(Schema):
    """What somebody did to a competition, for everybody to read."""

    id: int
    at: datetime
    actor: str | None
    """null for the platform."""
    verb: str
    subject: str
    reason: str


class ActPage(Schema):
    """A page of the public log."""

    items: list[ActRow]
    next: str | None


class RulesRow(Schema):
    """What whoever joins agrees to."""

    version: int
    text: str
    """Markdown."""
    terms: dict[str, str]
    """Who sees replays and code, by name."""
    made_at: datetime
    accepted: int | None
    """The version the caller accepted last."""


class JoinRequestRow(Schema):
    """Somebody asks to be let in."""

    id: int
    competition: str
    person: str
    note: str
    state: str
    """`waiting`, `approved` or `declined`."""
    asked_at: datetime
    answered_at: datetime | None
    reason: str
    """Why not."""


class JoinRequestPage(Schema):
    """A page of requests."""

    items: list[JoinRequestRow]
    next: str | None


class TeamRow(Schema):
    """A team of the caller's."""

    id: str
    name: str


class Me(Schema):
    """Who calls."""

    name: str
    is_staff: bool
    may_host: bool
    scopes: list[str] | None
    """Of the token; null for a browser."""
    competition: str | None
    """The only one the token is for; null for all."""
    teams: list[TeamRow]
    unread_notices: int
    """100 at most."""


class TeamDetail(TeamRow):
    """A team as everybody may see it."""

    is_house: bool
    """The platform's own team, which enters baselines."""
    captain: str | None
    members: list[str]
    merged_into: str | None
    """Id of the team it went into."""
    competitions: list[str]
    url: str


class InvitationMade(Schema):
    """An invitation to a team, shown this once."""

    invitation: str
    url: str
    """Where people accept it in a browser."""


class FollowList(Schema):
    """What somebody follows."""

    items: list[str]
    """`competition:` and its address, or `agents:` and the number of an entry."""


class Person(Schema):
    """A person as everybody may see him."""

    name: str
    display_name: str
    bio: str
    """Markdown."""
    affiliation: str
    link: str
    joined_at: datetime
    teams: list[TeamRow]
    url: str


class Hit(Schema):
    """Something that was looked for."""

    kind: str
    """`competition`, `agent`, `person` or `arena`."""
    id: str
    """By which the API knows it: slug, submission, user name, or arena."""
    title: str
    about: str
    url: str


class HitPage(Schema):
    """A page of what was found."""

    items: list[Hit]
    next: str | None
