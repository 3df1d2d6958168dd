"""Seasons, finals and who has a place in them, as the API sends them."""

from coliseum.api.addresses import page_address
from coliseum.api.phase_schemas import ContenderRow, PhaseRow
from coliseum.competitions.models import Phase
from coliseum.submissions.models import Contender


def phase_row(phase: Phase) -> PhaseRow:
    """Return a season or final; its secret only once it is revealed."""
    return PhaseRow(
        slug=phase.slug,
        title=phase.title,
        kind=phase.kind,
        number=phase.number,
        state=phase.state,
        opened_at=phase.opened_at,
        closed_at=phase.closed_at,
        naming_ends_at=phase.naming_ends_at,
        settled_at=phase.settled_at,
        declared_at=phase.declared_at,
        verdict=phase.verdict,
        options=phase.options,
        seed_commit=phase.seed_commit,
        seed_secret=phase.seed_secret if phase.revealed_at else None,
        revealed_at=phase.revealed_at,
        url=page_address("phase", phase.competition.slug, phase.slug),
    )


def contender_row(contender: Contender) -> ContenderRow:
    """Return an agent with a place of its own."""
    submission = contender.submission
    return ContenderRow(
        submission=submission.pk,
        agent=str(submission),
        team=submission.entry.team.name,
        place=contender.place,
        named=contender.named_by_id is not None,
        cut_at=contender.cut_at,
        withdrawn_at=contender.withdrawn_at,
        withdrawn_reason=contender.withdrawn_reason,
    )
