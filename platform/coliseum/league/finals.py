"""Finals: open when the naming ends, cut in stages, stop when decided, declare the result.

How it works. A final is a phase with a field of its own (`Contender`) and fresh seeds. All finalists play the
same number of episodes until the next cut; then those leave who have no chance of the first places. After
every fit the rule of `workers.league.finals` is asked whether it is decided. Only the final's own matches
count; those before decide nothing but who is there.
"""

import logging
from dataclasses import dataclass

import numpy as np

from arenas import registry
from coliseum.accounts.models import User
from coliseum.announcements import publish
from coliseum.competitions.models import Phase, PhaseKind
from coliseum.competitions.phases import CUTS, cuts_made, mark_declared, note_cut
from coliseum.competitions.queries import due_finals, entries_of, open_phase_of, plays_now
from coliseum.competitions.services import open_phase, record_act
from coliseum.leaderboards.fitting import Computed, compute
from coliseum.leaderboards.queries import ratings_in_order, snapshot_of
from coliseum.league.seasons import close_season, end_phase
from coliseum.matches.queries import played_in, waiting_league_matches
from coliseum.submissions.contenders import chosen_by_rule, cut_contenders, fix_field
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import named_by_entry, owners_in, paired_in
from workers.league.comparisons import Booleans, Floats
from workers.league.finals import FinalRules, FinalState, judge_final, place_numbers, survivors
from workers.league.intervals import NORMAL_95, widening
from workers.league.likelihood import ELO_PER_LOGIT
from workers.refusals import RefusedError
from workers.seating import seatings

logger = logging.getLogger(__name__)

LOOK_GROWTH = 0.02
"""Share by which a final's matches must grow before it is judged again."""


def rules_of(phase: Phase) -> FinalRules:
    """Return what the host chose; scores have no zone, as nobody can say what a small difference is."""
    chosen = phase.options
    is_scored = registry.get(phase.competition.arena).lineup == 1
    rules = FinalRules(
        places=int(chosen.get("prize_places", 3)),
        cuts=tuple(int(cut) for cut in chosen.get("cuts", CUTS)),
        budget=int(chosen.get("budget_episodes", 600)),
    )
    return FinalRules(rules.places, rules.cuts, rules.budget, zone=0.0) if is_scored else rules


def episodes_per_match(phase: Phase) -> int:
    """Return how many episodes one match of this phase has."""
    arena = registry.get(phase.competition.arena)
    return max(1, len(seatings(arena)) * arena.episodes)


def target_of(phase: Phase) -> int:
    """Return how many matches each agent of a phase is to play: in a final, those of the present stage."""
    if not phase.is_final:
        return phase.competition.target_matches
    made = max(cuts_made(phase), default=0)
    return -(-rules_of(phase).stage(made) // episodes_per_match(phase))


def open_due_finals() -> None:
    """Begin the finals whose naming has ended, where there are finalists of enough owners."""
    for phase in due_finals():
        try:
            begin_final(phase=phase, actor=None)
        except RefusedError as error:
            # It waits for the host; the final's page says why.
            logger.info("final_waits", extra={"phase": phase.key, "code": error.code})


def least_owners(phase: Phase) -> int:
    """Return of how many owners there must be finalists."""
    return max(2, registry.get(phase.competition.arena).lineup)


def begin_final(*, phase: Phase, actor: User | None) -> None:
    """Close the season, fill in for owners who named nobody, and open the final.

    Raises:
        RefusedError: `final.too_few`, or `final.wrong_state` while the competition is not open.
    """
    competition = phase.competition
    if competition.state != "open" or phase.state != "draft":
        raise RefusedError("final.wrong_state", state=f"{phase.state}, {competition.state}", action="begun")
    chosen = finalists_of(phase)
    owners = len({each.entry_id for each in chosen})
    if owners < least_owners(phase):
        raise RefusedError("final.too_few", least=least_owners(phase), given=owners)
    if open_phase_of(competition):
        close_season(competition=competition, actor=actor, reason=f"{phase.title} begins.")
    fix_field(phase=phase, submissions=chosen)
    open_phase(competition=competition, phase=phase)
    record_act(
        competition=competition,
        actor=actor,
        verb="opened phase",
        subject=phase.title,
        reason=f"{len(chosen)} finalists of {owners} owners; seed commit {phase.seed_commit}."[:400],
    )
    publish(f"competition:{competition.slug}", "changed")


def finalists_of(phase: Phase) -> list[Submission]:
    """Return who takes part as things stand: whom owners named, else their best and their latest."""
    before = phase.competition.phases.filter(kind=PhaseKind.PUBLIC).order_by("-id").first()
    order = ratings_in_order(before) if before else []
    best = {submission: place for place, submission in enumerate(order)}
    chosen: list[Submission] = []
    for entry in entries_of(phase.competition).exclude(team__is_house=True):
        if entry.is_disqualified:
            continue
        named = named_by_entry(phase, entry)
        if named:
            chosen += entry.submissions.filter(pk__in=named).order_by("id")
        else:
            chosen += chosen_by_rule(phase=phase, entry=entry, best=best)
    return chosen


@dataclass(frozen=True, slots=True)
class _Table:
    """What the rule is asked about; one value for each agent."""

    agents: tuple[str, ...]
    strength: Floats
    covariance: Floats
    ranked: Booleans
    matches: dict[str, int]


def _table(computed: Computed) -> _Table:
    """Return a leaderboard as strengths with their joint spread, logits or scores."""
    place = {submission: at for at, submission in enumerate(computed.agents)}
    ranked = np.zeros(len(place), bool)
    ranked[[place[row.submission_id] for row in computed.rows]] = True
    matches = {row.submission_id: row.matches for row in computed.rows}
    if computed.fit is not None:
        # Of a very large field only each agent's own error is known.
        covariance = np.diag((computed.fit.error / ELO_PER_LOGIT) ** 2)
        if computed.fit.covariance.size:
            wide = widening(computed.fit.episodes)
            covariance = computed.fit.covariance * np.outer(wide, wide)
        return _Table(computed.agents, computed.fit.theta, covariance, ranked, matches)
    strength, error = np.zeros(len(place)), np.zeros(len(place))
    for row in computed.rows:
        strength[place[row.submission_id]] = row.rating
        error[place[row.submission_id]] = (row.high - row.low) / (2 * NORMAL_95)
    return _Table(computed.agents, strength, np.diag(error**2), ranked, matches)


_judged: dict[str, int] = {}


def advance_final(phase: Phase) -> None:
    """Do what is due in an open final: a cut, or the end."""
    if not plays_now(phase):
        return
    stored = snapshot_of(phase)
    known = stored.matches if stored else 0
    is_over = _is_stage_over(phase)
    if not is_over and known < _judged.get(phase.key, 0) * (1 + LOOK_GROWTH) + 1:
        return
    _judged[phase.key] = known
    in_play = list(paired_in(phase).values_list("pk", flat=True))
    if owners_in(phase) < 2:
        end_phase(phase, actor=None, verdict="stopped: finalists of fewer than two owners are left")
        return
    table = _table(compute(phase, is_warm=True))
    episodes = episodes_per_match(phase) * min(table.matches.get(each, 0) for each in in_play)
    rules = rules_of(phase)
    state = judge_final(table.strength, table.covariance, table.ranked, episodes=episodes, rules=rules)
    if state.reason != "open":
        end_phase(phase, actor=None, verdict=verdict_of(state, rules, episodes))
    elif is_over:
        _cut(phase, table, rules, in_play)


def _is_stage_over(phase: Phase) -> bool:
    """Say whether all finalists in the running have played what this stage wants, and nothing waits."""
    if waiting_league_matches(phase):
        return False
    wanted = target_of(phase)
    played = played_in(phase)
    return all(played.get(each, 0) >= wanted for each in paired_in(phase).values_list("pk", flat=True))


def _cut(phase: Phase, table: _Table, rules: FinalRules, in_play: list[str]) -> None:
    """Let those leave who have no chance of the first places any more."""
    alive = np.array([each in set(in_play) for each in table.agents], bool)
    stays = survivors(table.strength, table.covariance, alive, rules=rules)
    leaving = [each for at, each in enumerate(table.agents) if alive[at] and not stays[at]]
    episodes = rules.stage(max(cuts_made(phase), default=0))
    note_cut(phase=phase, episodes=episodes)
    cut_contenders(phase=phase, submissions=leaving, episodes=episodes)
    publish(f"competition:{phase.competition.slug}", "changed")


def verdict_of(state: FinalState, rules: FinalRules, episodes: int) -> str:
    """Return in a sentence why a final stops."""
    zone = " by more than 15 Elo" if rules.zone else ""
    sure = (
        f"with {state.leader_sure:.0%} nobody is better than the leader{zone}, "
        f"with {state.prizes_sure:.0%} the first {rules.places} are ahead of the rest"
    )
    if state.reason == "decided":
        return f"stopped after {episodes:,} episodes a finalist: {sure}"
    return f"stopped at the budget of {rules.budget:,} episodes a finalist: {sure}"


def final_places(phase: Phase) -> dict[str, int]:
    """Return where every finalist ended, by submission id; places that cannot be told apart are shared."""
    table = _table(compute(phase, is_warm=True))
    rules = rules_of(phase)
    state = judge_final(table.strength, table.covariance, table.ranked, episodes=rules.budget, rules=rules)
    numbers = place_numbers(state.places, len(table.agents))
    return {each: int(numbers[at]) for at, each in enumerate(table.agents) if numbers[at]}


def declare_final(*, phase: Phase, actor: User, reason: str = "") -> None:
    """Make the result of a final official.

    Raises:
        RefusedError: `final.wrong_state` before it has come to rest, or once it is declared.
    """
    said = f"{phase.verdict}. {reason}".strip(". ") + "."
    if not mark_declared(phase=phase, actor=actor, reason=said):
        state = "declared" if phase.declared_at else f"{phase.state}, its last matches are not in"
        raise RefusedError("final.wrong_state", state=state, action="declared")
    publish(f"competition:{phase.competition.slug}", "changed")
