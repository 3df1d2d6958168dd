"""Matches: list, page, files."""

import gzip
import json
from html import unescape

import pytest
from django.core.files.storage import default_storage

from coliseum.matches.models import Episode, Match, MatchState, Seat
from coliseum.matches.recording import record_results
from coliseum.matches.services import Plan, claim_batch, extend_leases, schedule_matches
from tests.platform.conftest import result_of
from tests.platform.pages.conftest import text_of
from workers.spec import MatchKind

IMMUTABLE = "public, max-age=31536000, immutable"


def test_a_finished_match_tells_the_result_and_how_to_check_it(browser, match):
    text = text_of(browser().get(f"/matches/{match.pk}/"))
    assert "four-seasons v1 against column-three v1" in text
    assert "points." in text
    assert match.digest in text
    assert "level 2, namespaces+landlock+seccomp" in text
    assert f"coliseum verify {match.pk} --server http://localhost:8000" in text
    assert "Seed 7" in text


def test_each_episode_has_its_own_player(browser, match):
    for number in (1, 2):
        page = browser().get(f"/matches/{match.pk}/?episode={number}").content.decode()
        assert f'data-replay="/matches/{match.pk}/episodes/{number - 1}/trajectory.json"' in page
    assert browser().get(f"/matches/{match.pk}/?episode=3").status_code == 404
    assert browser().get(f"/matches/{match.pk}/?episode=x").status_code == 400


def test_logs_and_causes_are_for_the_agents_owners(browser, ann, eve, host, match):
    episode = Episode.objects.filter(match=match).first()
    episode.seats[0] |= {
        "outcome": "crashed",
        "message": "secret cause",
        "evidence": "secret lines",
        "failed_turn": 3,
    }
    episode.save()
    seen = {
        person: text_of(browser(person).get(f"/matches/{match.pk}/")) for person in (None, ann, eve, host)
    }
    assert [("log of 0" in text, "log of 1" in text) for text in seen.values()] == [
        (False, False), (True, False), (False, True), (False, False),
    ]  # fmt: skip
    assert ["secret cause" in text for text in seen.values()] == [False, True, False, False]
    assert all("crashed" in text for text in seen.values())


def test_wall_time_and_cpu_time_of_an_agent_are_for_its_owners(browser, ann, eve, match):
    Seat.objects.filter(match=match, position=0).update(
        usage={"load_seconds": 0.25, "cpu_seconds": 3.5, "idle_cpu_seconds": 0.75, "step_quantiles": []}
    )
    own = text_of(browser(ann).get(f"/matches/{match.pk}/"))
    assert "Wall time, loading 250 ms" in own
    assert "Wall time, all turns" in own
    assert "CPU time, whole match 3.5 s" in own
    assert "CPU time, out of turn 750 ms" in own
    for other in (None, eve):
        assert "CPU time, whole match 3.5 s" not in text_of(browser(other).get(f"/matches/{match.pk}/"))


def test_a_match_on_a_slow_worker_says_that_its_limits_were_longer(browser, match):
    assert "Time limits as written" in text_of(browser().get(f"/matches/{match.pk}/"))
    Match.objects.filter(pk=match.pk).update(limit_factor=1.25, speed=0.8)
    told = text_of(browser().get(f"/matches/{match.pk}/"))
    assert "Time limits × 1.25: this worker is slower than the reference machine" in told  # noqa: RUF001
    assert browser().get(f"/api/v1/matches/{match.pk}").json()["limit_factor"] == 1.25


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (MatchState.QUEUED, "Waiting for a worker: it is next."),
        (MatchState.FAILED, "The platform failed, not an agent"),
        (MatchState.CANCELLED, "Cancelled by the host"),
    ],
)
def test_an_unfinished_match_says_whose_turn_or_fault_it_is(
    browser, competition, submission, rival, state, words
):
    (made,) = schedule_matches(competition=competition, plans=[Plan(MatchKind.LEAGUE, (submission, rival))])
    Match.objects.update(state=state)
    answer = browser().get(f"/matches/{made.pk}/")
    assert words in text_of(answer)
    assert f"/live?topic=match%3A{made.pk}" in answer.content.decode()
    assert "Seed" not in text_of(answer)


def test_a_running_match_is_kept_fresh_until_it_is_done(browser, running):
    page = browser().get(f"/matches/{running.pk}/state").content.decode()
    assert f'data-live-url="/matches/{running.pk}/state"' in page
    assert "Being played" in page


def test_a_trajectory_is_sent_as_it_is_stored(browser, match):
    answer = browser().get(f"/matches/{match.pk}/episodes/0/trajectory.json")
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Cache-Control"] == IMMUTABLE
    assert json.loads(gzip.decompress(answer.content))["arena"] == "connect_four-v3"


def test_a_trajectory_that_is_gone_is_drawn_again(browser, match):
    address = f"/matches/{match.pk}/episodes/0/trajectory.json"
    before = browser().get(address).content
    default_storage.delete(Episode.objects.get(match=match, index=0).trajectory)
    again = gzip.decompress(browser().get(address).content)
    assert json.loads(again)["changes"] == json.loads(gzip.decompress(before))["changes"]


def test_the_replay_file_holds_nothing_private(browser, match):
    answer = browser().get(f"/matches/{match.pk}/replay.json")
    assert answer.json()["digest"] == match.digest
    assert "log of" not in answer.content.decode()
    assert "evidence" not in answer.content.decode()


def test_there_is_no_replay_of_an_unfinished_match(browser, running):
    answer = browser().get(f"/matches/{running.pk}/replay.json")
    assert answer.status_code == 409
    assert "match.not_ready" in text_of(answer)


@pytest.fixture
def many(competition, submission, rival):
    """Return 120 waiting matches."""
    plans = [Plan(MatchKind.LEAGUE, (submission, rival))] * 120
    return schedule_matches(competition=competition, plans=plans)


def links(answer) -> list[str]:
    page = answer.content.decode()
    return [part.split('"')[0] for part in page.split('href="/matches/')[1:] if not part.startswith('"')]


def test_pages_of_matches_neither_repeat_nor_miss_one(browser, many):
    visitor, address, seen = browser(), "/competitions/c4/matches?state=queued", []
    for _ in range(3):
        answer = visitor.get(address)
        seen += [link.strip("/") for link in links(answer)]
        page = unescape(answer.content.decode())
        address = "/competitions/c4/matches" + (
            page.split('rel="next"')[0].rpartition('href="')[2].split('"')[0] if 'rel="next"' in page else ""
        )
    assert seen == sorted((match.pk for match in many), reverse=True)
    first = visitor.get("/competitions/c4/matches?state=queued&newer=" + seen[50])
    assert [link.strip("/") for link in links(first)] == seen[:50]


def test_a_list_asks_as_often_for_many_as_for_few(browser, many, django_assert_max_num_queries):
    visitor = browser()
    with django_assert_max_num_queries(6):
        visitor.get("/matches/?state=queued")
    with django_assert_max_num_queries(6):
        visitor.get("/competitions/c4/matches?state=queued")


def test_what_still_waits_is_one_line_with_a_link_and_no_page_of_rows(browser, match, many):
    page = browser().get("/competitions/c4/matches").content.decode()
    assert match.pk in page
    assert "120 matches are waiting for their turn" in page
    assert 'href="?state=queued"' in page
    assert not any(each.pk in page for each in many)


def test_a_list_of_matches_that_all_wait_says_so_and_keeps_itself_fresh(browser, many):
    page = browser().get("/competitions/c4/matches").content.decode()
    assert "The first match starts in a moment" in page
    assert 'data-live-url="/competitions/c4/matches"' in page


def test_matches_can_be_filtered_by_agent_and_state(browser, match, submission, rival, many):
    address = f"/competitions/c4/matches?agent={rival.pk}&state=finished"
    assert [link.strip("/") for link in links(browser().get(address))] == [match.pk]
    assert "No match like that" in text_of(browser().get("/competitions/c4/matches?state=running"))
    Seat.objects.filter(match=match).update(submission=submission)
    assert len(links(browser().get(f"/competitions/c4/matches?agent={submission.pk}&state=finished"))) == 1


def test_matches_can_be_told_apart_by_kind_and_by_what_came_of_them(browser, match, submission, rival):
    def found(query):
        return f"{match.pk}/" in links(browser().get(f"/matches/?{query}"))

    assert found("kind=league")
    assert not found("kind=gate")
    seats = {seat.submission_id: seat for seat in match.seats.all()}
    winner, loser = sorted((submission.pk, rival.pk), key=lambda pk: seats[pk].rank)
    is_level = seats[winner].rank == seats[loser].rank
    assert found("result=level") == is_level
    assert not found("result=forfeit")
    assert found(f"result=won&agent={winner}") == (not is_level)
    assert found(f"result=lost&agent={loser}") == (not is_level)
    assert not found(f"result=won&agent={loser}")
    assert browser().get("/matches/?result=won").status_code == 400


@pytest.mark.parametrize("query", ["sort=password", "kind=validation", "result=x", "state=x", "sort=-id"])
def test_b56_a_list_is_ordered_and_filtered_by_what_it_names_only(browser, match, query):
    assert browser().get(f"/matches/?{query}").status_code == 400


def test_b56_an_unknown_order_is_answered_with_those_there_are(browser, match):
    told = text_of(browser().get("/matches/?sort=password"))
    assert "Cannot sort by password. Choose one of: latest, upset, longest, closest." in told


def test_the_longest_and_the_closest_matches_come_first(browser, competition, submission, rival):
    schedule_matches(competition=competition, plans=[Plan(MatchKind.LEAGUE, (submission, rival))] * 3)
    finished = claim_batch(limit=3)
    extend_leases(token=finished[0].token, worker="bench:1")
    record_results([result_of(each) for each in finished])
    for number, each in enumerate(finished):
        each.episodes.update(turns=10 + number)
        each.seats.filter(position=0).update(score=1.0, rank=1)
        each.seats.filter(position=1).update(score=0.9 - 0.25 * number, rank=2)
    addresses = [f"{each.pk}/" for each in finished]
    assert links(browser().get("/matches/?sort=longest")) == addresses[::-1]
    assert links(browser().get("/matches/?sort=closest")) == addresses
    assert links(browser().get("/matches/?sort=longest&page=2")) == []


def test_a_competitions_list_keeps_itself_fresh(browser, match):
    address = "/competitions/c4/matches"
    page = browser().get(address).content.decode()
    assert f'data-live-url="{address}"' in page
    alone = browser().get(address, **{"HX-Request": "true"})
    assert alone.content.decode().lstrip().startswith('<div id="match_list"')
    assert "HX-Request" in alone["Vary"]
    assert "data-live-url" not in browser().get("/matches/").content.decode()


def test_the_front_page_plays_the_latest_match(browser, match):
    assert f'data-replay="/matches/{match.pk}/' in browser().get("/").content.decode()
