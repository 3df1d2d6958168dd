"""The ledger of a phase: what became final is sealed, line by line over what was sealed before.

How it works. A match row says whether the ledger counts it (`in_ledger`); what the ledger and the row say
differently becomes the next lines. Lines are stored first, under their digest; then one transaction writes
the page's row, which can be the next one only once, and marks the matches. A process that dies in between
leaves bytes that nothing names; one that comes second finds its page number taken and changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from arenas import registry
from coliseum import clock, faults, storage
from coliseum.competitions.models import Phase
from coliseum.leaderboards.evidence import (
    PORTION,
    finished_matches,
    objective_of,
    read_results,
    uncounted_matches,
)
from coliseum.leaderboards.fitting import Computed, standing_of_agents
from coliseum.leaderboards.models import LedgerAgent, LedgerPage
from coliseum.matches.models import Match
from workers.league.ledger import START, Agent, Event, MatchResult, Opening, Void, seal


def ledger_name(phase: Phase) -> str:
    """Return what the ledger calls its league."""
    return f"{phase.competition.slug}/{phase.slug}"


def unsealed_matches(phase: Phase) -> QuerySet[Match]:
    """Return what the ledger does not know yet and may: held results are not in it before their release."""
    return finished_matches(phase).filter(in_ledger=False, is_counted=True, is_held=False)


def voided_matches(phase: Phase) -> QuerySet[Match]:
    """Return the matches that count in the ledger but not any more."""
    return uncounted_matches(phase).filter(in_ledger=True)


def head_of(phase: Phase) -> LedgerPage | None:
    """Return the latest page."""
    return LedgerPage.objects.filter(phase=phase).order_by("-number").first()


def seal_ledger(phase: Phase) -> LedgerPage | None:
    """Seal all that became final since the last page; return the latest page, None while there is none.

    Whatever number of processes do it at once, each line is sealed once.
    """
    while draft := _draft(phase):
        faults.point("before_seal_commit")
        try:
            with transaction.atomic():
                _write(phase, draft)
        except IntegrityError:
            # Another process sealed this page.
            break
        if not draft.is_full:
            break
    return head_of(phase)


def seal_table(phase: Phase, computed: Computed) -> str:
    """Note the official table of the ledger's latest page; return its root, "" if it is not of that page."""
    head = head_of(phase)
    if head is None or not _covers(phase, head, computed):
        return ""
    LedgerPage.objects.filter(pk=head.pk, table_digest="").update(table_digest=computed.digest)
    return head.digest


def _covers(phase: Phase, head: LedgerPage, computed: Computed) -> bool:
    """Say whether a table was computed from exactly what is sealed.

    It was read after the page was sealed: where it has as many matches, and nothing waits to be sealed, there
    was nothing else to read.
    """
    said = dict(LedgerAgent.objects.filter(phase=phase).values_list("submission_id", "is_active"))
    members = zip(computed.members.ids, computed.members.active.tolist(), strict=True)
    return (
        computed.matches == head.matches
        and not unsealed_matches(phase).exists()
        and not voided_matches(phase).exists()
        and all(said.get(agent) == is_active for agent, is_active in members)
        and {agent for agent, is_active in said.items() if is_active} <= set(computed.members.ids)
    )


@dataclass(frozen=True, slots=True)
class _Draft:
    """A page to be."""

    number: int
    before: int
    """Matches that counted on the page before."""
    agents: tuple[Agent, ...]
    voided: tuple[str, ...]
    added: tuple[str, ...]
    digest: str
    content: str
    events: int
    is_full: bool


def _draft(phase: Phase) -> _Draft | None:
    """Store the lines of the next page; None if there is nothing to seal."""
    head = head_of(phase)
    voided = tuple(voided_matches(phase).order_by("pk").values_list("pk", flat=True))
    added = tuple(unsealed_matches(phase).order_by("pk").values_list("pk", flat=True)[:PORTION])
    results = list(read_results(added))
    agents = tuple(_changed_agents(phase, results))
    if not (voided or added or agents):
        return None
    events = list(_events(phase, head, (agents, voided, results)))
    lines = list(seal(events, after=head.digest if head else START))
    content = storage.put_ledger_page(b"".join(line for line, _ in lines))
    return _Draft(
        number=head.number + 1 if head else 1,
        before=head.matches if head else 0,
        agents=agents,
        voided=voided,
        added=added,
        digest=lines[-1][1],
        content=content,
        events=len(lines),
        is_full=len(added) == PORTION,
    )


def _events(
    phase: Phase,
    head: LedgerPage | None,
    news: tuple[tuple[Agent, ...], tuple[str, ...], list[MatchResult]],
) -> Iterator[Event]:
    agents, voided, results = news
    if head is None:
        arena = registry.get(phase.competition.arena)
        yield Opening(league=ledger_name(phase), arena=arena.id, objective=objective_of(arena))
    yield from agents
    for match in voided:
        yield Void(match=match, reason="It does not count any more.")
    yield from results


def _changed_agents(phase: Phase, results: list[MatchResult]) -> Iterator[Agent]:
    """Yield the agents of which the ledger says nothing, or something else."""
    said = {
        agent: (owner, is_active)
        for agent, owner, is_active in LedgerAgent.objects.filter(phase=phase).values_list(
            "submission_id", "owner", "is_active"
        )
    }
    played = {agent for match in results for agent in match.lineup}
    for agent, owner, is_active in standing_of_agents(phase, played | said.keys()):
        if agent not in said:
            yield Agent(agent=agent, owner=owner, active=is_active)
        elif said[agent][1] != is_active:
            yield Agent(agent=agent, owner=said[agent][0], active=is_active)


def _write(phase: Phase, draft: _Draft) -> None:
    LedgerPage.objects.create(
        phase=phase,
        number=draft.number,
        events=draft.events,
        matches=draft.before + len(draft.added) - len(draft.voided),
        digest=draft.digest,
        content=draft.content,
        sealed_at=clock.now(),
    )
    LedgerAgent.objects.bulk_create(
        (
            LedgerAgent(phase=phase, submission_id=each.agent, owner=each.owner, is_active=each.active)
            for each in draft.agents
        ),
        update_conflicts=True,
        unique_fields=["phase", "submission"],
        update_fields=["is_active"],
    )
    Match.objects.filter(pk__in=draft.voided).update(in_ledger=False)
    Match.objects.filter(pk__in=draft.added).update(in_ledger=True)
