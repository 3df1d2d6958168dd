"""Prove a phase's ledger: its hashes, its lines against the rows, the official table from the lines alone."""

from collections.abc import Callable, Iterator, Sequence

from coliseum import storage
from coliseum.competitions.models import Phase
from coliseum.leaderboards.evidence import PORTION, finished_matches, read_results
from coliseum.leaderboards.models import LedgerPage
from coliseum.leaderboards.queries import ledger_pages, snapshot_of
from coliseum.matches.models import Match
from workers.league.ledger import Agent, LedgerError, MatchResult, Sealed, Void, unseal
from workers.league.rerating import Season, rerate

MOST_RERATED = 20_000
"""Matches up to which the table is fitted again; larger ledgers are rerated by `coliseum rerate`."""
_NAMED = 20

Miss = Callable[[str], None]


def check_ledger(phase: Phase, miss: Miss) -> int:
    """Check all lines of a phase's ledger; return how many there are.

    Args:
        phase: whose.
        miss: is told every difference.
    """
    pages = list(ledger_pages(phase))
    season, live = Season(), set[str]()
    sealed = unseal(_lines(pages))
    try:
        for page in pages:
            lines = _page(sealed, page)
            _check_page(phase, page, lines, miss)
            for line in lines:
                _count(live, line)
                if pages[-1].matches <= MOST_RERATED:
                    season.add(line)
            if len(live) != page.matches:
                miss(f"{phase}: ledger page {page.number} says {page.matches} matches, its lines {len(live)}")
    except LedgerError as error:
        miss(f"{phase}: ledger {error}")
        return season.lines
    except (FileNotFoundError, ValueError) as error:
        miss(f"{phase}: ledger page {error}")
        return season.lines
    _check_rows(phase, live, miss)
    if pages and pages[-1].matches <= MOST_RERATED:
        _check_table(phase, pages[-1], season, miss)
    return sum(page.events for page in pages)


def _lines(pages: Sequence[LedgerPage]) -> Iterator[bytes]:
    for page in pages:
        try:
            content = storage.read_ledger_page(page.content)
        except (FileNotFoundError, ValueError) as error:
            raise ValueError(f"{page.number}: {error}") from error
        yield from content.splitlines(keepends=True)


def _page(sealed: Iterator[Sealed], page: LedgerPage) -> list[Sealed]:
    return [line for _, line in zip(range(page.events), sealed, strict=False)]


def _check_page(phase: Phase, page: LedgerPage, lines: Sequence[Sealed], miss: Miss) -> None:
    name = f"{phase}: ledger page {page.number}"
    if len(lines) != page.events:
        miss(f"{name} has {len(lines)} lines instead of {page.events}")
    elif lines[-1].hash != page.digest:
        miss(f"{name} ends with another hash than its row says")
    told = {line.event.match: line.event for line in lines if isinstance(line.event, MatchResult)}
    there = sorted(finished_matches(phase).filter(pk__in=told).values_list("pk", flat=True))
    for gone in sorted(told.keys() - set(there))[:_NAMED]:
        miss(f"{name}: match {gone} is in the ledger, but no such match is finished")
    for start in range(0, len(there), PORTION):
        for result in read_results(there[start : start + PORTION]):
            if told[result.match] != result:
                miss(f"{name}: match {result.match} has another result in its rows than in its line")


def _count(live: set[str], line: Sealed) -> None:
    if isinstance(line.event, MatchResult):
        live.add(line.event.match)
    elif isinstance(line.event, Void):
        live.discard(line.event.match)


def _check_rows(phase: Phase, live: set[str], miss: Miss) -> None:
    marked = set(Match.objects.filter(phase=phase, in_ledger=True).values_list("pk", flat=True))
    for match in sorted(marked - live)[:_NAMED]:
        miss(f"{phase}: match {match} is marked as sealed, but the ledger does not count it")
    for match in sorted(live - marked)[:_NAMED]:
        miss(f"{phase}: match {match} counts in the ledger, but is not marked so")


def _check_table(phase: Phase, head: LedgerPage, season: Season, miss: Miss) -> None:
    said = dict(phase.ledger_agents.values_list("submission_id", "is_active"))
    told = {name: agent.active for name, agent in season.agents.items() if isinstance(agent, Agent)}
    if said != told:
        miss(f"{phase}: the ledger says another field than its rows")
    if head.table_digest and rerate(season).digest != head.table_digest:
        miss(f"{phase}: the ledger gives another table than the official one")
    snapshot = snapshot_of(phase)
    if snapshot and snapshot.root == head.digest and snapshot.digest != head.table_digest:
        miss(f"{phase}: the board names the ledger's root, but is another table")
