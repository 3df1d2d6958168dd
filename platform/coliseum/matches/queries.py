"""Reads about matches."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from operator import itemgetter

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery

from coliseum import clock
from coliseum.accounts.models import Visitor
from coliseum.competitions.models import Competition, Entry, Phase
from coliseum.matches.models import Episode, Match, MatchState, Seat, Worker
from coliseum.submissions.models import Submission
from workers.refusals import RefusedError
from workers.spec import MatchKind, Outcome

COMMON_SCENARIO = "common-"
"""How the scenarios that all agents of a score arena play are named."""
PUBLIC_KINDS = (
    MatchKind.LEAGUE.value,
    MatchKind.TOURNAMENT.value,
    MatchKind.SCRIMMAGE.value,
    MatchKind.GATE.value,
)


RESULTS = ("won", "lost", "level", "forfeit")
"""How matches can be told apart by what came of them; the first two are an agent's."""


def _with_seats(matches: QuerySet[Match]) -> QuerySet[Match]:
    seats = Seat.objects.select_related("submission__entry__team")
    # Not joined: with few competitions SQLite would read all matches of one and sort them for every page.
    return matches.prefetch_related("competition", "phase", Prefetch("seats", queryset=seats))


def with_agent(matches: QuerySet[Match], agent: str) -> QuerySet[Match]:
    """Return those of some matches in which an agent, named by its submission's id, has a seat."""
    return matches.filter(pk__in=Seat.objects.filter(submission=agent).values("match"))


def public_matches(competition: Competition | None = None) -> QuerySet[Match]:
    """Return the matches anybody may see (no validations, no held results), newest first, with seats."""
    matches = Match.objects.filter(kind__in=PUBLIC_KINDS, is_held=False).exclude(state=MatchState.CANCELLED)
    if competition is not None:
        matches = matches.filter(competition=competition)
    else:
        matches = matches.exclude(competition__state="draft")
    return _with_seats(matches).order_by("-id")


def finished_matches(competition: Competition | None = None) -> QuerySet[Match]:
    """Return the finished public matches, newest first."""
    return public_matches(competition).filter(state=MatchState.FINISHED)


def in_state(matches: QuerySet[Match], state: str) -> QuerySet[Match]:
    """Return those of some matches that are in a state, however few of a long league they are."""
    if state == MatchState.FINISHED:
        return matches.filter(state=state)
    # Spelt out, because an index holds nothing that is finished.
    few = Match.objects.filter(state=state).exclude(state=MatchState.FINISHED)
    return matches.filter(pk__in=few.values("pk"))


def of_kind(matches: QuerySet[Match], kind: str) -> QuerySet[Match]:
    """Return those of some matches that are of a kind, however few of a long league they are."""
    if kind == MatchKind.LEAGUE.value:
        return matches.filter(kind=kind)
    # Spelt out, because an index holds no league matches.
    few = Match.objects.filter(kind=kind).exclude(kind=MatchKind.LEAGUE.value)
    return matches.filter(pk__in=few.values("pk"))


def matches_of(submission: Submission) -> QuerySet[Match]:
    """Return the public matches an agent played or will play, newest first."""
    return with_agent(public_matches(submission.entry.competition), submission.pk)


def matches_with(submissions: Sequence[Submission]) -> QuerySet[Match]:
    """Return the public matches in which any of some agents played or will play, newest first."""
    seated = Seat.objects.filter(submission__in=submissions).values("match")
    return public_matches().filter(pk__in=seated)


def logs_of(submission: Submission) -> Iterator[tuple[str, str]]:
    """Yield id and log of each match in which an agent wrote something, for its owner."""
    seats = Seat.objects.filter(submission=submission).exclude(match__is_held=True).order_by("match_id")
    for match, usage in seats.values_list("match_id", "usage").iterator(chunk_size=200):
        if log := str(usage.get("log", "")):
            yield match, log


def with_result(matches: QuerySet[Match], result: str, agent: str = "") -> QuerySet[Match]:
    """Return those of some matches that ended so.

    Args:
        matches: of which.
        result: one of RESULTS; won and lost are an agent's, level means that several share the first place.
        agent: id of a submission.
    """
    if result == "forfeit":
        return matches.filter(pk__in=Seat.objects.filter(forfeits__gt=0).values("match"))
    seats = Seat.objects.filter(match=OuterRef("pk"))
    first = seats.filter(rank=1).order_by().values("match").annotate(count=Count("pk")).values("count")
    matches = matches.filter(state=MatchState.FINISHED).annotate(first_count=Subquery(first))
    if result == "level":
        return matches.filter(first_count__gt=1)
    own = Seat.objects.filter(submission=agent)
    if result == "won":
        return matches.filter(pk__in=own.filter(rank=1).values("match"), first_count=1)
    return matches.filter(pk__in=own.filter(rank__gt=1).values("match"))


def match_for(match_id: str, user: Visitor) -> Match:
    """Return a match with its seats and episodes for somebody who may see it.

    Validations are for the owners of the submission, the competition's hosts and administrators; results
    that a host holds back are for hosts and administrators alone.

    Raises:
        RefusedError: `not_found`.
    """
    match = (
        _with_seats(Match.objects.filter(pk=match_id))
        .select_related("competition", "phase", "played_with")
        .prefetch_related(Prefetch("episodes", queryset=Episode.objects.defer("actions")))
        .first()
    )
    if match is None or not (is_public(match) or _is_theirs(match, user)):
        raise RefusedError("not_found", kind="match", id=match_id)
    return match


def is_public(match: Match) -> bool:
    """Say whether everybody may see a match, so that shared caches may keep it."""
    return match.kind in PUBLIC_KINDS and match.competition.state != "draft" and not match.is_held


def _is_theirs(match: Match, user: Visitor) -> bool:
    if not user.is_authenticated:
        return False
    if user.is_staff or match.competition.hosts.filter(pk=user.pk).exists():
        return True
    if match.is_held:
        return False
    teams = [seat.submission.entry.team_id for seat in match.seats.all()]
    return user.teams.filter(pk__in=teams).exists()


def is_sealed(match: Match) -> bool:
    """Say whether a match's seeds will be played again by others, so that nobody may know them yet.

    In score arenas all agents play the same scenarios: with seed and actions a later agent could repeat an
    episode instead of playing it.
    """
    if not match.scenario.startswith(COMMON_SCENARIO) or match.competition.state == "closed":
        return False
    return match.phase is None or match.phase.revealed_at is None


def validation_of(submission: Submission) -> Match | None:
    """Return the validation match of a submission, if it has one."""
    return (
        Match.objects.filter(kind=MatchKind.VALIDATION.value, seats__submission=submission)
        .prefetch_related(Prefetch("episodes", queryset=Episode.objects.defer("actions")))
        .order_by("-id")
        .first()
    )


def queue_place(match: Match) -> int:
    """Return how many matches will be played before this one, 0 if it is next or no longer queued."""
    if match.state != MatchState.QUEUED:
        return 0
    waiting = Match.objects.filter(state=MatchState.QUEUED)
    earlier = waiting.filter(priority__gt=match.priority) | waiting.filter(
        priority=match.priority, id__lt=match.pk
    )
    return earlier.count()


def state_counts(competition: Competition | None = None) -> dict[str, int]:
    """Return how many matches are in each state."""
    matches = Match.objects.all() if competition is None else competition.matches.all()
    return dict(matches.values_list("state").annotate(count=Count("pk")).order_by())


def failed_matches() -> QuerySet[Match]:
    """Return the matches that our faults ended, newest first: an administrator decides."""
    return _with_seats(Match.objects.filter(state=MatchState.FAILED)).order_by("-id")


def workers() -> QuerySet[Worker]:
    """Return the match workers, the one seen last first."""
    return Worker.objects.order_by("-seen_at")


def entry_matches(entry: Entry) -> QuerySet[Match]:
    """Return the public matches of all of an entry's agents, newest first."""
    seated = Seat.objects.filter(submission__entry=entry).values("match")
    return public_matches(entry.competition).filter(pk__in=seated)


def latest_replays() -> QuerySet[Match]:
    """Return the finished public matches with their episodes, newest first; `revealing` has the rest."""
    episodes = Prefetch("episodes", queryset=Episode.objects.defer("actions"))
    return finished_matches().prefetch_related(episodes)


def episode_of(match: Match, index: int) -> Episode:
    """Return one episode of a match with its action log.

    Raises:
        RefusedError: `not_found`.
    """
    found = (
        Episode.objects.filter(match=match, index=index)
        .select_related("match__competition", "match__phase")
        .first()
    )
    if found is None:
        raise RefusedError("not_found", kind="episode", id=f"{match.pk}.{index + 1}")
    return found


def failed_match(match_id: str) -> Match:
    """Return a match that our faults ended.

    Raises:
        RefusedError: `not_found`, or `match.already_done` for one that was played to its end.
    """
    found = failed_matches().filter(pk=match_id).first()
    if found is None and Match.objects.filter(pk=match_id, state=MatchState.FINISHED).exists():
        raise RefusedError("match.already_done")
    if found is None:
        raise RefusedError("not_found", kind="failed match", id=match_id)
    return found


def episodes_with_actions(match: Match) -> QuerySet[Episode]:
    """Return a match's episodes in order, with their action logs."""
    return Episode.objects.filter(match=match).order_by("index")


def waiting_matches(*, most: int) -> int:
    """Return how many matches are queued, counted up to `most`: a long queue must not cost more."""
    return Match.objects.filter(state=MatchState.QUEUED).order_by()[:most].count()


def waiting_league_matches(phase: Phase) -> int:
    """Return how many of a phase's league matches are queued or being played."""
    league = Match.objects.filter(phase=phase)
    # A query each: only so does SQLite take the two indexes that hold nothing of what was played.
    return league.filter(state=MatchState.QUEUED).count() + league.filter(state=MatchState.RUNNING).count()


def rated_count(phase: Phase) -> int:
    """Return how many matches of a phase count."""
    return Match.objects.filter(phase=phase, state=MatchState.FINISHED, is_counted=True).count()


def example_episode(phase: Phase) -> Episode | None:
    """Return the first episode of a phase's first rated match, by which seeds can be checked."""
    first = (
        Match.objects.filter(phase=phase, state=MatchState.FINISHED, is_counted=True).order_by("id").first()
    )
    return Episode.objects.defer("actions").select_related("match").filter(match=first, index=0).first()


def recent_forfeits(submission: Submission, *, most: int = 20) -> list[bool]:
    """Return for an agent's latest rated episodes, the oldest first, whether it forfeited.

    Those before it was let back in from a suspension are forgotten.
    """
    matches = Match.objects.filter(
        seats__submission=submission, phase__kind="public", state=MatchState.FINISHED, is_counted=True
    )
    if submission.let_back_at:
        matches = matches.filter(queued_at__gt=submission.let_back_at)
    latest = list(matches.order_by("-id").values_list("pk", "seats__position")[:most])
    positions: dict[str, set[int]] = {}
    for match, position in latest:
        positions.setdefault(match, set()).add(position)
    episodes = Episode.objects.filter(match__in=positions).order_by("match_id", "index")
    return [
        any(seat["outcome"] != Outcome.OK for seat in seats if seat["agent"] in positions[match])
        for match, seats in episodes.values_list("match_id", "seats")
    ][-most:]


def waiting_ids(submission: Submission) -> list[str]:
    """Return the ids of an agent's league matches that nobody has begun."""
    waiting = Match.objects.filter(
        seats__submission=submission, kind=MatchKind.LEAGUE.value, state=MatchState.QUEUED
    )
    return list(waiting.values_list("pk", flat=True))


def played_in(phase: Phase) -> dict[str, int]:
    """Return how many rated matches of a phase each agent has behind it, by submission id."""
    seats = Seat.objects.filter(match__phase=phase, match__state=MatchState.FINISHED, match__is_counted=True)
    return dict(seats.order_by().values_list("submission_id").annotate(count=Count("match", distinct=True)))


def league_lineups_since(phase: Phase, match_id: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield id, state and sorted line-up of a phase's matches younger than one, oldest first.

    Matches that were cancelled or failed are left out: they tell nothing of who met whom.
    """
    seats = Seat.objects.filter(
        match__phase=phase,
        match__pk__gt=match_id,
        match__state__in=(MatchState.QUEUED, MatchState.RUNNING, MatchState.FINISHED),
    ).order_by("match_id")
    rows = seats.values_list("match_id", "match__state", "submission_id").iterator(chunk_size=5000)
    for (match, state), members in groupby(rows, key=itemgetter(0, 1)):
        yield match, state, tuple(sorted(submission for _, _, submission in members))


def lineup_files(matches: Sequence[str]) -> Iterable[tuple[str, str, str, str]]:
    """Return, in line-up order, match id, submission id, package digest and file name of every seat."""
    seats = list(
        Seat.objects.filter(match__in=matches)
        .order_by("match_id", "position")
        .values_list("match_id", "submission_id")
    )
    # A query of its own: joined, SQLite starts from the packages and reads all matches of the agents.
    files = {
        submission: (digest, file_name)
        for submission, digest, file_name in Submission.objects.filter(
            pk__in={submission for _, submission in seats}
        ).values_list("pk", "package_id", "package__file_name")
    }
    return [(match, submission, *files[submission]) for match, submission in seats]


def started_by(token: str) -> list[Match]:
    """Return the matches of a batch that no worker has said to play yet."""
    return list(Match.objects.filter(token=token, state=MatchState.RUNNING, started_at__isnull=True))


def league_matches(competition: Competition) -> QuerySet[Match]:
    """Return a competition's league matches whatever became of them, newest first, with seats."""
    return _with_seats(competition.matches.filter(kind=MatchKind.LEAGUE.value)).order_by("-id")


def matches_by_id(ids: Sequence[str]) -> list[Match]:
    """Return matches with their seats, in the order of these ids."""
    found = {match.pk: match for match in _with_seats(Match.objects.filter(pk__in=ids))}
    return [found[each] for each in ids if each in found]


def stuck_matches() -> QuerySet[Match]:
    """Return the matches that began long ago, or wait longer than they should, the oldest first."""
    long_ago = clock.now() - timedelta(minutes=10)
    slow = Match.objects.filter(state=MatchState.RUNNING, started_at__lt=long_ago)
    late = Match.objects.filter(state=MatchState.QUEUED, queued_at__lt=long_ago)
    # A query each: only so does SQLite take the two indexes that hold nothing of what was played.
    ids = [*slow.values_list("pk", flat=True)[:50], *late.values_list("pk", flat=True)[:50]]
    return _with_seats(Match.objects.filter(pk__in=ids)).order_by("id")
