"""Play the season: open competitions, send the agents in, let the workers play. Needs the site's settings."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from coliseum.accounts.services import ensure_user
from coliseum.competitions.models import Competition, CompetitionState, Entry
from coliseum.competitions.queries import open_phase_of
from coliseum.competitions.services import create_competition, enter_competition, move_competition
from coliseum.leaderboards.services import publish_table
from coliseum.leaderboards.studies import study_phase
from coliseum.league.conductor import on_uploaded
from coliseum.league.demo import enter_baselines
from coliseum.matches.models import Match, MatchState
from coliseum.storage import read_package
from coliseum.submissions.models import Submission, SubmissionState
from coliseum.submissions.services import Upload, accept_upload
from tests.season.field import Contest, agent_paths

_POLL_SECONDS = 1.0
_PATIENCE_SECONDS = 900.0
_TRIES = 6


class SeasonError(Exception):
    """The season did not come about; the message says what is missing."""


def open_competition(contest: Contest, target: int) -> Competition:
    """Open a competition of the season with the arena's baselines in it, or go on with one that is there."""
    known = Competition.objects.filter(slug=contest.slug).first()
    if known is not None:
        if known.state == CompetitionState.PAUSED:
            move_competition(competition=known, to=CompetitionState.OPEN, actor=None)
        return known
    competition = create_competition(
        host=None, slug=contest.slug, title=contest.title, arena=contest.arena, target_matches=target
    )
    move_competition(competition=competition, to=CompetitionState.OPEN, actor=None)
    enter_baselines(competition)
    return competition


def send_agents(competition: Competition, contest: Contest) -> list[Submission]:
    """Upload the agents of a contest through the service that forms and API call, each for its owner."""
    sent = []
    for path in agent_paths(contest.folder):
        owner = contest.owners.get(path.stem, path.stem).replace("_", "-")
        entry = enter_competition(competition=competition, user=ensure_user(username=f"team-{owner}"))
        name = path.stem.replace("_", " ")
        known = entry.submissions.filter(name=name).first()
        sent.append(known or _send(entry, name, path.read_bytes()))
    return sent


def _send(entry: Entry, name: str, content: bytes) -> Submission:
    with NamedTemporaryFile(suffix=".py") as file:
        file.write(content)
        file.flush()
        upload = Upload(file=file.file, path=Path(file.name), original_name="agent.py", name=name)
        submission, _ = accept_upload(entry=entry, user=entry.team.members.get(), upload=upload)
    on_uploaded(submission)
    return submission


def wait_for_verdicts(say: Callable[[str], None]) -> None:
    """Wait until every upload has its verdict; one that lost its nerve there is sent a few times more."""
    undecided = Submission.objects.filter(state__in=(SubmissionState.UPLOADED, SubmissionState.VALIDATING))
    for attempt in range(1, _TRIES + 1):
        _wait(lambda: not undecided.exists(), "the verdicts of all uploads")
        turned_away = _turned_away()
        for each in turned_away:
            say(f"{each.name} was turned away: {each.code}, {each.message}")
            if attempt < _TRIES:
                # The same bytes would be refused as a copy.
                content = read_package(each.package_id) + f"\n# attempt {attempt + 1}\n".encode()
                _send(each.entry, each.name, content)
        if not turned_away:
            break
    say(f"{Submission.objects.filter(state=SubmissionState.READY).count()} agents passed validation")


def _turned_away() -> list[Submission]:
    """Return the latest upload of each agent that has not passed."""
    passed = set(Submission.objects.filter(state=SubmissionState.READY).values_list("entry_id", "name"))
    rejected = Submission.objects.filter(state=SubmissionState.REJECTED).select_related("entry")
    latest = {(each.entry_id, each.name): each for each in rejected.order_by("number")}
    return [each for agent, each in latest.items() if agent not in passed]


def play(competitions: Sequence[Competition], minutes: float, say: Callable[[str], None]) -> float:
    """Let the workers play for some minutes, or until all agents have enough matches; return the minutes."""
    began, told = time.monotonic(), 0.0
    while (spent := time.monotonic() - began) < 60 * minutes:
        time.sleep(_POLL_SECONDS)
        if spent - told >= 30:
            told = spent
            say(f"{spent / 60:.1f} min: " + ", ".join(f"{c.slug} {played(c)}" for c in competitions))
        waiting = Match.objects.filter(state__in=(MatchState.QUEUED, MatchState.RUNNING))
        if spent > 60 and not waiting.exists():
            break
    return (time.monotonic() - began) / 60


def settle(competitions: Sequence[Competition], say: Callable[[str], None]) -> None:
    """Pause the competitions, wait for the matches that are being played, fit every leaderboard once more.

    What still waits in the queue of a paused competition stays there.
    """
    for competition in competitions:
        competition.refresh_from_db()
        if competition.state == CompetitionState.OPEN:
            move_competition(competition=competition, to=CompetitionState.PAUSED, actor=None)
    _wait(lambda: not Match.objects.filter(state=MatchState.RUNNING).exists(), "the last matches")
    for competition in competitions:
        phase = open_phase_of(competition)
        assert phase is not None, "a public phase is open from the start"
        snapshot = publish_table(phase=phase)
        study_phase(phase=phase)
        say(f"{competition.slug}: {snapshot.matches} matches rated")


def played(competition: Competition) -> int:
    """Return how many league matches are over."""
    return Match.objects.filter(competition=competition, kind="league", state=MatchState.FINISHED).count()


def _wait(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise SeasonError(f"waited {_PATIENCE_SECONDS:.0f} s for {what}")
        time.sleep(_POLL_SECONDS)
