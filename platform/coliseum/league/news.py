"""What happened that people want to hear of, read from the rows, with who may hear of it.

How it works. A validation and a suspension are told when they happen. Everything else is looked for every few
seconds, from a little before the last look on: who was told of a key is not told again, so that looking twice
tells once, and what a process missed the next one tells.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from coliseum import clock
from coliseum.accounts.models import Follow, User
from coliseum.competitions.agreements import JoinRequest
from coliseum.competitions.models import Announcement, Competition, CompetitionState, Phase
from coliseum.competitions.queries import phases_in_play
from coliseum.ids import first_id
from coliseum.leaderboards.models import Standing
from coliseum.matches.models import Match, MatchState, Seat
from coliseum.notices.models import Kind, Notice, Place
from coliseum.notices.queries import told_places
from coliseum.notices.services import News, is_first_look, note_places
from coliseum.submissions.models import Role, Submission, SubmissionState
from workers.spec import MatchKind

FIRST: Final = 10
"""Matches after which an agent's place is told for the first time."""
LOSSES_A_DAY: Final = 3
"""Most losses that a person is told of a day."""
_LATEST: Final = 300
"""League matches looked at in one look."""
_LONGEST: Final = timedelta(hours=1)
"""How long a match may take from the queue to its end and still be told of."""

People = dict[int, set[int]]
"""Ids of people by id of an entry."""


def validated(matches: Sequence[Match]) -> list[News]:
    """Tell owners what became of their uploads, after these matches."""
    wanted = [match.pk for match in matches if match.kind == MatchKind.VALIDATION.value]
    if not wanted:
        return []
    judged = Submission.objects.filter(seats__match__in=wanted).exclude(role=Role.REHEARSAL)
    agents = list(judged.select_related("entry__team", "entry__competition").distinct())
    members = members_of({agent.entry_id for agent in agents})
    return [each for agent in agents for each in _verdict(agent, members)]


def _verdict(agent: Submission, members: People) -> Iterator[News]:
    if agent.state == SubmissionState.REJECTED:
        yield _of_agent(agent, Kind.REJECTED, members[agent.entry_id], code=agent.code)
    elif agent.state == SubmissionState.READY and agent.retries == 0:
        yield _of_agent(agent, Kind.VALIDATED, members[agent.entry_id])
    elif agent.state == SubmissionState.READY and agent.let_back_at and not agent.suspended_at:
        mark = f"{agent.let_back_at:%Y%m%d%H%M%S}"
        yield _of_agent(agent, Kind.LET_BACK, members[agent.entry_id], mark)


def suspended(agent: Submission) -> list[News]:
    """Tell owners that their agent is out of play."""
    fresh = Submission.objects.select_related("entry__competition").get(pk=agent.pk)
    mark = f"{fresh.suspended_at:%Y%m%d%H%M%S}" if fresh.suspended_at else ""
    people = members_of({fresh.entry_id})[fresh.entry_id]
    return [_of_agent(fresh, Kind.SUSPENDED, people, mark)]


def _of_agent(
    agent: Submission, kind: Kind, people: Collection[int], mark: str = "", **facts: object
) -> News:
    competition = agent.entry.competition
    known = {"agent": str(agent), "submission": agent.pk, **_of(competition), **facts}
    path = f"/submissions/{agent.pk}/"
    return News(kind, f"{kind}:{agent.pk}:{mark}", path, people, known, competition)


def _of(competition: Competition) -> dict[str, str]:
    return {"competition": competition.title, "slug": competition.slug}


def announced(since: datetime) -> Iterator[News]:
    """Tell people what hosts announced: all of a competition, or those of the entries it was sent to."""
    found = Announcement.objects.filter(pk__gte=first_id(since), withdrawn_at=None)
    for each in found.exclude(competition__state=CompetitionState.DRAFT).select_related("competition"):
        if each.is_automatic and each.title.startswith("Result: "):
            continue
        entries = None if each.is_public else list(each.entries.values_list("pk", flat=True))
        competition = each.competition
        yield News(
            kind=Kind.ANNOUNCEMENT,
            key=f"announcement:{each.pk}",
            path=f"/competitions/{competition.slug}/announcements/{each.pk}",
            people=audience_of(competition) if entries is None else _all(members_of(entries)),
            facts={"title": each.title, **_of(competition)},
            competition=competition if each.is_public else None,
        )


def closing() -> Iterator[News]:
    """Tell the people of competitions that close within a day, once for each time they are to close."""
    now = clock.now()
    soon = Q(closes_at__gt=now, closes_at__lte=now + timedelta(days=1))
    for competition in Competition.objects.filter(soon, state=CompetitionState.OPEN):
        key = f"deadline:{competition.pk}:{competition.closes_at:%Y%m%d%H%M}"
        if competition.closes_at and is_first_look(key):
            yield News(
                kind=Kind.DEADLINE,
                key=key,
                path=f"/competitions/{competition.slug}/",
                people=audience_of(competition),
                facts={"closes_at": clock.shown(competition.closes_at), **_of(competition)},
                competition=competition,
            )


def declared(since: datetime) -> Iterator[News]:
    """Tell that the result of a final is official."""
    found = Phase.objects.filter(declared_at__gte=since).exclude(competition__state=CompetitionState.DRAFT)
    for phase in found.select_related("competition"):
        yield News(
            kind=Kind.RESULT,
            key=f"result:{phase.key}",
            path=f"/competitions/{phase.competition.slug}/phases/{phase.slug}",
            people=audience_of(phase.competition),
            facts={"phase": phase.title, **_of(phase.competition)},
            competition=phase.competition,
        )


def answered(since: datetime) -> Iterator[News]:
    """Tell who asked to join what the host answered."""
    found = JoinRequest.objects.filter(answered_at__gte=since).exclude(state=JoinRequest.State.WAITING)
    for request in found.select_related("competition"):
        yield News(
            kind=Kind.JOIN_ANSWER,
            key=f"join:{request.pk}:{request.state}:{request.answered_at:%Y%m%d%H%M%S}",
            path=f"/competitions/{request.competition.slug}/join",
            people={request.user_id},
            facts={"answer": request.state, "reason": request.reason, **_of(request.competition)},
        )


def placed(since: datetime | None) -> list[News]:
    """Tell owners and followers of agents' first places, and of places that left the interval told before.

    Args:
        since: boards computed after it are looked at; None at the very first look, which tells nothing.
    """
    news: list[News] = []
    for phase in phases_in_play().select_related("snapshot"):
        fitted = getattr(phase, "snapshot", None)
        if fitted and fitted.computed_at and (since is None or fitted.computed_at > since):
            news += _placed_in(phase, is_quiet=since is None)
    return news


def _placed_in(phase: Phase, *, is_quiet: bool) -> list[News]:
    standings = Standing.objects.filter(phase=phase, matches__gte=FIRST, submission__role=Role.MAIN)
    known = told_places(phase.pk)
    new, moved, changed = [], [], []
    for standing in standings.exclude(submission__entry__team__is_house=True):
        place = known.get(standing.submission_id)
        if place is None:
            new.append(standing)
        elif not place.rank_low <= standing.rank <= place.rank_high:
            moved.append((standing, place))
            changed.append(_place_of(standing, place.pk))
    news = [] if is_quiet else _moves(new, moved)
    note_places(new=[_place_of(each) for each in new], moved=changed)
    return news


def _place_of(standing: Standing, pk: int | None = None) -> Place:
    return Place(
        pk=pk,
        phase=standing.phase_id,
        submission=standing.submission_id,
        rank=standing.rank,
        rank_low=standing.rank_low,
        rank_high=standing.rank_high,
    )


def _moves(new: Sequence[Standing], moved: Sequence[tuple[Standing, Place]]) -> list[News]:
    """Return one news an agent and day at most."""
    agents = _agents({each.submission_id for each in [*new, *(standing for standing, _old in moved)]})
    entries = {agent.entry_id for agent in agents.values()}
    members, followers = members_of(entries), _followers(entries)
    news = []
    for standing in new:
        agent = agents[standing.submission_id]
        facts = {"matches": standing.matches, "rank": standing.rank}
        facts |= {"low": standing.rank_low, "high": standing.rank_high}
        people = members[agent.entry_id]
        news.append(_on_board(agent, Kind.FIRST_MATCHES, people, str(standing.phase_id), **facts))
    for standing, place in moved:
        agent = agents[standing.submission_id]
        facts = {"before": place.rank, "rank": standing.rank}
        facts |= {"low": place.rank_low, "high": place.rank_high}
        people = members[agent.entry_id] | followers[agent.entry_id]
        mark = f"{standing.phase_id}:{clock.now():%Y%m%d}"
        news.append(_on_board(agent, Kind.RANK, people, mark, **facts))
    return news


def _on_board(agent: Submission, kind: Kind, people: Collection[int], mark: str, **facts: object) -> News:
    known = {"agent": str(agent), "submission": agent.pk, **_of(agent.entry.competition), **facts}
    return News(kind, f"{kind}:{agent.pk}:{mark}", f"/agents/{agent.pk}/", people, known)


def beaten(since: datetime) -> list[News]:
    """Tell owners and followers by which agents theirs lost for the first time; a few a day."""
    pairs = _losses(since)
    agents = _agents({agent for pair in pairs for agent in pair})
    entries = {agents[loser].entry_id for loser, _winner in pairs}
    members, followers = members_of(entries), _followers(entries)
    told = Notice.objects.filter(kind=Kind.BEATEN, pk__gte=first_id(clock.now() - timedelta(days=1)))
    spent = Counter(told.values_list("user_id", flat=True)) if pairs else Counter()
    news = []
    for (loser, winner), match in pairs.items():
        agent, other = agents[loser], agents[winner]
        if agent.entry_id == other.entry_id or agent.entry.team.is_house or other.role == Role.HOLDOUT:
            continue
        people = {
            person
            for person in members[agent.entry_id] | followers[agent.entry_id]
            if spent[person] < LOSSES_A_DAY
        }
        spent.update(people)
        facts = {"agent": str(agent), "winner": str(other), **_of(agent.entry.competition)}
        key = f"beaten:{loser}:{winner}"
        news.append(News(Kind.BEATEN, key, f"/matches/{match}/", people, facts))
    return news


def _losses(since: datetime) -> dict[tuple[str, str], str]:
    """Return loser, winner and match of the latest league matches of two that count and are not held back."""
    found = Match.objects.filter(
        pk__gte=first_id(since - _LONGEST),
        kind=MatchKind.LEAGUE.value,
        state=MatchState.FINISHED,
        finished_at__gte=since,
        phase__isnull=False,
        is_counted=True,
        is_held=False,
    ).exclude(competition__state=CompetitionState.DRAFT)
    matches = list(found.order_by("-id").values_list("pk", flat=True)[:_LATEST])
    seats: dict[str, list[tuple[int | None, str]]] = defaultdict(list)
    for match, rank, agent in Seat.objects.filter(match__in=matches).values_list(
        "match_id", "rank", "submission_id"
    ):
        seats[match].append((rank, agent))
    pairs = {}
    for match, pair in seats.items():
        if sorted(rank or 0 for rank, _agent in pair) == [1, 2]:
            (_first, winner), (_second, loser) = sorted(pair, key=lambda seat: seat[0] or 0)
            pairs[loser, winner] = match
    return pairs


def _agents(ids: Collection[str]) -> dict[str, Submission]:
    return Submission.objects.select_related("entry__team", "entry__competition").in_bulk(ids) if ids else {}


def members_of(entries: Collection[int]) -> People:
    """Return the members of entries' teams, by entry."""
    people: People = defaultdict(set)
    if entries:
        rows = User.objects.filter(teams__entries__in=entries).values_list("teams__entries__pk", "pk")
        for entry, person in rows:
            people[entry].add(person)
    return people


def _followers(entries: Collection[int]) -> People:
    people: People = defaultdict(set)
    topics = [f"agents:{entry}" for entry in entries]
    for topic, person in Follow.objects.filter(topic__in=topics).values_list("topic", "user_id"):
        people[int(topic.partition(":")[2])].add(person)
    return people


def audience_of(competition: Competition) -> set[int]:
    """Return who is in a competition or follows it."""
    followers = Follow.objects.filter(topic=f"competition:{competition.slug}").values_list(
        "user_id", flat=True
    )
    return _all(members_of(list(competition.entries.values_list("pk", flat=True)))) | set(followers)


def _all(people: People) -> set[int]:
    return {person for some in people.values() for person in some}


def newest(since: datetime) -> Iterable[News]:
    """Yield all that is told from looking at rows, but places."""
    yield from announced(since)
    yield from closing()
    yield from declared(since)
    yield from answered(since)
    yield from beaten(since)
