"""A season closes with everybody's place, comes to rest, shows its seeds; the next one begins."""

import hashlib

import pytest

from coliseum.competitions.models import Act, Phase
from coliseum.competitions.queries import final_of, open_phase_of, shown_phase, unsettled_phases
from coliseum.competitions.services import disqualify_entry, move_competition
from coliseum.leaderboards.models import Snapshot, Standing
from coliseum.leaderboards.queries import ratings_in_order
from coliseum.leaderboards.services import is_behind, rate_phase
from coliseum.league import conductor
from coliseum.league.scratch import open_field, queue_matches
from coliseum.league.seasons import close_season, open_season
from coliseum.matches.models import Episode, Match
from coliseum.matches.queries import is_sealed
from coliseum.matches.recording import record_results
from coliseum.matches.services import claim_batch, episode_seed
from coliseum.submissions.contenders import withdraw_contender
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import champions, paired_in, players_in
from coliseum.submissions.services import deactivate_submission
from tests.platform.league.strengths import Table, spread
from workers.refusals import RefusedError

pytestmark = pytest.mark.django_db


@pytest.fixture
def played():
    """Return a competition of five agents after forty matches, and the table they play at."""
    competition, agents = open_field(5)
    table = Table(spread([agent.pk for agent in agents]))
    queue_matches(competition, agents, 40)
    table.play()
    rate_phase(phase=shown_phase(competition))
    return competition, agents, table


def board(phase: Phase) -> list[tuple[str, float]]:
    return list(Standing.objects.filter(phase=phase).order_by("rank").values_list("submission_id", "rating"))


def test_the_next_season_has_fresh_seeds_and_the_same_agents(played):
    competition, agents, _ = played
    first = close_season(competition=competition, actor=None, reason="Spring is over.")
    second = open_season(competition=competition, actor=None)
    assert (second.title, second.state, open_phase_of(competition)) == ("Season 2", "open", second)
    assert second.seed_commit != first.seed_commit
    assert set(players_in(second)) == set(agents)
    assert [act.verb for act in Act.objects.filter(competition=competition)[:2]] == [
        "opened phase",
        "closed phase",
    ]
    assert second.seed_commit in Act.objects.filter(verb="opened phase").get().reason


def test_a_closed_board_is_frozen_whatever_happens_to_its_agents(played, host):
    competition, agents, _ = played
    phase = close_season(competition=competition, actor=None)
    conductor.tick()
    before = board(phase)
    deactivate_submission(submission=agents[0])
    disqualify_entry(entry=agents[1].entry, actor=host, reason="two accounts")
    conductor.on_disqualified(agents[1].entry)
    conductor.tick()
    assert not is_behind(phase)
    rate_phase(phase=phase)
    assert board(phase) == before
    assert len(before) == 5


def test_what_runs_still_counts_and_what_waits_is_cancelled(played):
    competition, agents, table = played
    queue_matches(competition, agents, 3)
    (running, *_) = claim_batch(limit=1)
    phase = close_season(competition=competition, actor=None)
    assert Match.objects.filter(phase=phase, state="cancelled").count() == 2
    conductor.tick()
    phase.refresh_from_db()
    assert (phase.settled_at, phase.revealed_at) == (None, None)
    record_results([table.result_of(running)])
    conductor.tick()
    phase.refresh_from_db()
    assert phase.settled_at is not None
    assert Snapshot.objects.get(phase=phase).matches == 41


def test_nothing_is_paired_in_a_closed_season(played):
    competition, _, _ = played
    phase = close_season(competition=competition, actor=None)
    conductor.tick()
    assert not paired_in(phase).exists()
    assert not Match.objects.filter(phase=phase, state="queued").exists()


def test_the_secret_is_shown_once_settled_and_gives_every_seed(played):
    competition, _, _ = played
    phase = close_season(competition=competition, actor=None)
    commit = phase.seed_commit
    conductor.tick()
    phase.refresh_from_db()
    assert phase.revealed_at is not None
    assert hashlib.sha256(bytes.fromhex(phase.seed_secret)).hexdigest() == commit
    match = Match.objects.filter(phase=phase, state="finished").first()
    assert 0 <= episode_seed(phase.seed_secret, match.seed_source, 0) < 2**31


def test_a_first_season_that_shares_its_secret_gives_none_of_what_is_still_hidden(played):
    competition, _, _ = played
    phase = open_phase_of(competition)
    Phase.objects.filter(pk=phase.pk).update(seed_secret=competition.seed_secret)
    phase.refresh_from_db()
    close_season(competition=competition, actor=None)
    conductor.tick()
    phase.refresh_from_db()
    competition.refresh_from_db()
    assert phase.revealed_at is not None
    assert competition.seed_secret != phase.seed_secret


def test_a_settled_phase_is_never_looked_at_again(played, django_assert_max_num_queries, monkeypatch):
    competition, _, _ = played
    phase = close_season(competition=competition, actor=None)
    conductor.tick()
    assert phase not in unsettled_phases()
    fitted = []
    monkeypatch.setattr(conductor, "rate_phase", lambda **given: fitted.append(given))
    conductor.tick()
    assert fitted == []


def test_closing_the_competition_closes_its_season(played, host):
    competition, _agents, _ = played
    move_competition(competition=competition, to="closed", actor=host)
    conductor.tick()
    phase = shown_phase(competition)
    assert (phase.state, phase.settled_at is not None) == ("closed", True)
    assert champions(competition).get().submission_id == ratings_in_order(phase)[0]
    assert not is_sealed(Match.objects.filter(phase=phase).first())


def test_a_host_may_withdraw_an_agent_from_a_closed_season_for_a_reason(played, host):
    competition, _agents, _ = played
    phase = close_season(competition=competition, actor=None)
    conductor.tick()
    best = champions(competition).get().submission
    with pytest.raises(RefusedError, match="public"):
        withdraw_contender(phase=phase, submission_id=best.pk, actor=host, reason=" ")
    withdraw_contender(phase=phase, submission_id=best.pk, actor=host, reason="It read the seeds.")
    revealed = Phase.objects.get(pk=phase.pk).revealed_at
    conductor.tick()
    assert best.pk not in dict(board(phase))
    assert champions(competition).get().submission_id == board(phase)[0][0]
    assert Act.objects.filter(verb="withdrew").get().reason == "It read the seeds."
    phase.refresh_from_db()
    assert phase.revealed_at == revealed
    assert phase.settled_at is not None


def test_the_champion_stays_in_play_as_an_agent_of_the_house_if_the_host_wishes(played):
    competition, _, _ = played
    close_season(competition=competition, actor=None, keeps_champion=True)
    conductor.tick()
    second = open_season(competition=competition, actor=None)
    best = champions(competition).get().submission
    (kept,) = players_in(second).filter(role="champion")
    assert (kept.origin, kept.package_id, kept.entry.team.is_house) == (best, best.package_id, True)
    assert players_in(second).count() == 6
    conductor.tick()
    assert Submission.objects.filter(role="champion").count() == 1


def test_a_season_cannot_be_closed_or_opened_twice(played):
    competition, _, _ = played
    with pytest.raises(RefusedError) as refused:
        open_season(competition=competition, actor=None)
    assert refused.value.code == "season.wrong_state"
    close_season(competition=competition, actor=None)
    with pytest.raises(RefusedError) as refused:
        close_season(competition=competition, actor=None)
    assert refused.value.code == "season.wrong_state"
    assert final_of(competition) is None


def test_a_season_without_a_match_closes_with_nobody_first(db):
    competition, _ = open_field(2)
    close_season(competition=competition, actor=None)
    conductor.tick()
    assert not champions(competition).exists()
    assert shown_phase(competition).settled_at is not None
    assert not Episode.objects.exists()
