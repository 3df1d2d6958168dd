"""The collusion monitor: what it finds is shown to hosts and flagged on the board, and judges nobody."""

import pytest

from coliseum import clock
from coliseum.competitions.models import Entry
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.models import Standing
from coliseum.leaderboards.services import rate_phase
from coliseum.league import monitor
from coliseum.league.clones import clones_of
from coliseum.league.scratch import open_field
from coliseum.matches.models import Match, MatchState
from coliseum.matches.services import Plan, schedule_matches, schedule_validation
from coliseum.submissions.models import Package, Submission
from tests.platform.league.strengths import Table
from workers.spec import MatchKind

pytestmark = pytest.mark.django_db


class Bribed(Table):
    """A table at which some lose to one of them on purpose, or forfeit to it."""

    def __init__(self, elo, *, master, puppets, forfeits=False):
        super().__init__(elo, seed=5)
        self.master, self.puppets, self.forfeits = master, set(puppets), forfeits

    def _scores(self, seats):
        if self.master in seats and self.puppets & set(seats):
            return [float(seat == self.master) for seat in seats]
        return super()._scores(seats)

    def result_of(self, match):
        lineup = {seat.submission_id for seat in match.seats.all()}
        is_sold = self.master in lineup and self.puppets & lineup
        self.crashes = self.puppets & lineup if self.forfeits and is_sold else set()
        return super().result_of(match)


def league_of(count):
    """Return a competition, and agents of as many teams with code of their own, 40 Elo apart."""
    competition, agents = open_field(count)
    for number, agent in enumerate(agents):
        package = Package.objects.get(pk=agent.package_id)
        package.pk = f"{number + 1:064d}"
        package.save(force_insert=True)
        Submission.objects.filter(pk=agent.pk).update(package=package)
    return competition, agents, {agent.pk: 40.0 * number for number, agent in enumerate(agents)}


def play_all(competition, agents, table, *, times):
    pairs = [(one, other) for at, one in enumerate(agents) for other in agents[at + 1 :]] * times
    plans = [Plan(MatchKind.LEAGUE, pair, reason="gain") for pair in pairs]
    schedule_matches(competition=competition, plans=plans)
    table.play()


@pytest.fixture
def thrown(db):
    """Return a league in which four strong agents lose to a weak one on purpose, and nowhere else."""
    competition, agents, elo = league_of(12)
    master, puppets = agents[1], agents[8:]
    table = Bribed(elo, master=master.pk, puppets=[each.pk for each in puppets])
    play_all(competition, agents, table, times=10)
    return shown_phase(competition), master, puppets


def test_agents_that_lose_to_one_agent_only_are_found(thrown):
    phase, master, puppets = thrown
    rate_phase(phase=phase)
    found = monitor.watch(phase)
    named = [set(pair["agents"]) for pair in found["pairs"]]
    assert named
    assert all(master.pk in pair for pair in named)
    assert {agent for pair in named for agent in pair} - {master.pk} <= {each.pk for each in puppets}
    assert all(abs(pair["z"]) > 4 for pair in found["pairs"])
    assert monitor.findings_of(phase)["pairs"] == found["pairs"]
    assert "strange_pair" in Standing.objects.get(submission=master).flags


def test_a_flag_outlives_the_next_refit_and_goes_when_the_monitor_sees_nothing(thrown):
    phase, master, _ = thrown
    rate_phase(phase=phase)
    monitor.watch(phase)
    rate_phase(phase=phase)
    assert "strange_pair" in Standing.objects.get(submission=master).flags
    Match.objects.filter(phase=phase, seats__submission=master).update(is_counted=False)
    rate_phase(phase=phase)
    assert monitor.watch(phase)["pairs"] == []
    assert not any("strange_pair" in standing.flags for standing in phase.standings.all())


def test_an_honest_league_has_no_findings(db):
    competition, agents, elo = league_of(8)
    play_all(competition, agents, Table(elo), times=10)
    phase = shown_phase(competition)
    rate_phase(phase=phase)
    found = monitor.watch(phase)
    assert (found["pairs"], found["forfeits"], found["moved"], found["clones"]) == ([], [], [], [])


def test_forfeits_for_one_owners_sake_are_found(db):
    competition, agents, elo = league_of(8)
    friend, crasher = agents[0], agents[6]
    table = Bribed(elo, master=friend.pk, puppets=[crasher.pk], forfeits=True)
    play_all(competition, agents, table, times=8)
    found = monitor.watch(shown_phase(competition))["forfeits"]
    assert [(each["agent"], each["agents"], each["forfeits"]) for each in found] == [
        (crasher.pk, [friend.pk], 16)
    ]


def test_before_the_first_match_there_is_nothing_to_find(competition):
    found = monitor.watch(shown_phase(competition))
    assert found == {"matches": 0, "pairs": [], "forfeits": [], "moved": [], "clones": []}
    assert monitor.findings_of(shown_phase(competition)) == found


def validated(agent: Submission, digest: str, turns: int) -> None:
    plan = Plan(MatchKind.VALIDATION, (agent,), reason="validation", scenario="validation")
    match = schedule_matches(competition=agent.entry.competition, plans=[plan])[0]
    Match.objects.filter(pk=match.pk).update(
        state=MatchState.FINISHED, digest=digest, finished_at=clock.now()
    )
    match.episodes.create(index=0, seed=1, seating=[0, 0], seats=[], turns=turns, digest=digest, actions=b"")


def test_agents_of_two_teams_that_always_do_the_same_are_clones(db):
    competition, agents, _ = league_of(4)
    digests = ("aa" * 32, "aa" * 32, "bb" * 32, "bb" * 32)
    for agent, digest, turns in zip(agents, digests, (60, 60, 60, 12), strict=True):
        validated(agent, digest, turns)
    (group,) = clones_of(shown_phase(competition))
    assert group["why"] == "behaviour"
    assert group["agents"] == sorted(each.pk for each in agents[:2])
    assert group["first"] == group["agents"][0]


def test_the_same_code_of_two_teams_is_a_clone(db):
    competition, agents, _ = league_of(3)
    Submission.objects.filter(pk=agents[2].pk).update(package=Submission.objects.get(pk=agents[0].pk).package)
    phase = shown_phase(competition)
    (group,) = clones_of(phase)
    assert (group["why"], set(group["agents"])) == ("code", {agents[0].pk, agents[2].pk})
    Entry.objects.filter(pk=agents[2].entry_id).update(disqualified_at=clock.now())
    assert clones_of(phase) == []


def test_validations_of_a_competition_are_played_from_the_same_seeds(submission):
    match = schedule_validation(submission=submission)
    assert match is not None
    assert match.seed_source == "validation"
