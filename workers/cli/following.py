"""`coliseum status`, `watch`: how a submission, a match or a tournament goes on, live."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic, sleep
from typing import TypeVar

import click

from workers.cli.asking import json_option, name_of, server_option, site_of
from workers.cli.output import say, show_json, show_line, show_table
from workers.client import Client
from workers.client.answers.match_answers import MatchDetail
from workers.client.answers.submission_answers import CheckRow, SubmissionDetail
from workers.client.answers.tournament_answers import TournamentDetail
from workers.refusals import Exit, RefusedError

_FIRST_SECONDS = 0.5
_SLOWEST_SECONDS = 10.0
"""Between two questions: short while something moves, longer and longer while nothing does."""
_PATIENCE_SECONDS = 30.0
"""For how long a server that cannot be reached is asked again."""

T = TypeVar("T")


def is_judged(found: SubmissionDetail) -> bool:
    """Say whether there is a verdict."""
    return found.state not in {"uploaded", "validating"} or bool(found.code)


def is_rejected(found: SubmissionDetail) -> bool:
    """Say whether the verdict is no."""
    return found.state == "rejected"


@dataclass(slots=True)
class _Pace:
    """How long to wait before the next question."""

    seconds: float = 0.0

    def rest(self, *, has_moved: bool) -> None:
        """Wait: shortly after something moved, half as long again each time nothing did."""
        slower = min(max(self.seconds, _FIRST_SECONDS) * 1.5, _SLOWEST_SECONDS)
        self.seconds = min(_FIRST_SECONDS, _SLOWEST_SECONDS) if has_moved else slower
        sleep(self.seconds)


def follow_submission(site: Client, submission_id: str, *, is_quiet: bool) -> SubmissionDetail:
    """Follow a submission until there is a verdict; say what happens as it happens.

    Raises:
        RefusedError: `cli.unreachable`, after half a minute, with the submission in it.
    """
    pace, shown, checks = _Pace(), "", 0
    while True:
        found = _patiently(site.get_submission, submission_id)
        has_moved = found.state != shown or len(found.checks or ()) != checks
        if not is_quiet:
            if found.state != shown:
                say(found.state)
            for step in (found.checks or ())[checks:]:
                show_check(step)
        shown, checks = found.state, len(found.checks or ())
        if is_judged(found):
            if not is_quiet:
                show_verdict(found)
            return found
        pace.rest(has_moved=has_moved)


def _patiently(read: Callable[[str], T], submission_id: str) -> T:
    """Read, asking again for a while where the server is not to be reached."""
    give_up = monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return read(submission_id)
        except RefusedError as error:
            if error.code != "cli.unreachable":
                raise
            if monotonic() >= give_up:
                raise RefusedError("cli.unreachable", submission=submission_id) from error
        sleep(_FIRST_SECONDS)


def show_check(step: CheckRow) -> None:
    """Print one line of the checklist, and for a failed one what was seen."""
    mark = "ok  " if step.ok else "FAIL"
    show_line(f"{mark} {step.name:<14} {step.seconds:6.2f} s  {step.message}")
    if not step.ok:
        for line in step.evidence.splitlines():
            show_line(f"     | {line}")


def show_verdict(found: SubmissionDetail) -> None:
    """Say what a verdict means."""
    if is_rejected(found):
        say(f"error [{found.code}] {found.message}")
        if found.hint:
            say(f"  {found.hint}")


@click.command()
@click.argument("submission")
@server_option
@json_option
def status(submission: str, server: str | None, as_json: bool) -> None:
    """Show how SUBMISSION (its id, or its page's address) goes on."""
    found = site_of(server).get_submission(name_of(submission))
    if as_json:
        show_json(found.to_dict())
        return
    show_line(found.state)
    for step in found.checks or ():
        show_check(step)
    show_verdict(found)


@click.command()
@click.argument("what")
@server_option
@json_option
@click.pass_context
def watch(context: click.Context, what: str, server: str | None, as_json: bool) -> None:
    """Follow WHAT (the id or address of a submission, a match or a tournament) until it is over.

    Exit status 0 when it is over, 6 for a rejected submission. Ctrl-C stops the watching alone.
    """
    site, name = site_of(server), name_of(what)
    try:
        found = _watched(site, name, is_quiet=as_json)
    except KeyboardInterrupt as error:
        raise RefusedError("cli.interrupted", doing=f"watching {name}; it goes on") from error
    if as_json:
        show_json(found.to_dict())
    is_bad = isinstance(found, SubmissionDetail) and is_rejected(found)
    context.exit(Exit.FAILED_VALIDATION if is_bad else Exit.DONE)


def _watched(site: Client, name: str, *, is_quiet: bool) -> SubmissionDetail | MatchDetail | TournamentDetail:
    """Follow whatever has this id."""
    refusal: RefusedError | None = None
    for read, follow in (
        (site.get_submission, follow_submission),
        (site.get_match, _follow_match),
        (site.get_tournament, _follow_tournament),
    ):
        try:
            read(name)
        except RefusedError as error:
            if error.status != 404 or error.code != "not_found":
                raise
            refusal = refusal or error
        else:
            return follow(site, name, is_quiet=is_quiet)
    raise RefusedError("cli.unknown_name", kind="submission, match or tournament", name=name) from refusal


def _follow_match(site: Client, match_id: str, *, is_quiet: bool) -> MatchDetail:
    pace, shown = _Pace(), ""
    while True:
        found = _patiently(site.get_match, match_id)
        text = found.state + (f", {found.queue_place} before it" if found.state == "queued" else "")
        if text != shown and not is_quiet:
            say(text)
        if found.state not in {"queued", "running"}:
            if not is_quiet:
                show_seats(found)
            return found
        pace.rest(has_moved=text != shown)
        shown = text


def show_seats(found: MatchDetail) -> None:
    """Print how a match ended, a row for each agent."""
    rows = [
        {
            "rank": seat.rank or "",
            "agent": seat.agent,
            "team": seat.team,
            "score": "" if seat.score is None else seat.score,
            "outcome": seat.outcome,
        }
        for seat in sorted(found.seats, key=lambda seat: (seat.rank or 1 << 30, seat.position))
    ]
    show_table(rows, ("rank", "agent", "team", "score", "outcome"))


def _follow_tournament(site: Client, tournament_id: str, *, is_quiet: bool) -> TournamentDetail:
    pace, shown, told = _Pace(), "", set[str]()
    while True:
        found = _patiently(site.get_tournament, tournament_id)
        names = {entrant.submission: entrant.agent for entrant in found.entrants}
        news = [(match, text) for match, text in _results(found, names) if match not in told]
        if not is_quiet:
            if found.state != shown:
                say(found.state + (f": {found.reason}" if found.reason else ""))
            for _, text in news:
                show_line(text)
        has_moved = bool(news) or found.state != shown
        told |= {match for match, _ in news}
        shown = found.state
        if found.state in {"finished", "cancelled"}:
            if not is_quiet:
                rows = [
                    {"place": row.place or "", "agent": names.get(row.submission, "")} for row in found.places
                ]
                show_table(rows, ("place", "agent"))
            return found
        pace.rest(has_moved=has_moved)


def _results(found: TournamentDetail, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the matches that are over, each with a line about it."""
    for stage in found.stages:
        for pairing in stage.pairings:
            who = " - ".join(names.get(each, each) for each in pairing.lineup)
            for match in pairing.matches:
                if match.points is not None:
                    points = " : ".join(f"{each:g}" for each in match.points) or "counts for nobody"
                    yield match.match, f"{pairing.label or f'round {pairing.round}'}  {who}  {points}"
