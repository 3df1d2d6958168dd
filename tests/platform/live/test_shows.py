"""Shows: who is shown, when one begins and ends, what viewers hear, what people may ask for."""

import asyncio
import json
import random
import time
from contextlib import aclosing

import pytest

from arenas import registry
from coliseum.competitions.models import Competition, Replays
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.services import rate_phase
from coliseum.live import channels, shows
from coliseum.live.channels import Channel, Off
from coliseum.live.lineups import candidates, open_shows, pick
from coliseum.live.shows import PER_PERSON, Show
from coliseum.submissions.models import Role, Submission
from tests.platform.pages.conftest import text_of
from tests.workers.tables import FIRST
from workers.live import keys
from workers.refusals import RefusedError

C4, TIC = "connect_four-v3", "tictactoe-v3"
HOUSE = ["house:random", "house:heuristic"]


@pytest.fixture
def rated(match, competition):
    """Return a competition with a board of two agents."""
    rate_phase(phase=shown_phase(competition))
    return competition


def drawn(arena=""):
    return pick(arena, rng=random.Random(1))


def ask(user, arena=C4, agents=HOUSE):
    return shows.ask(arena=arena, agents=list(agents), by=user.username, asked_by=user.pk)


def test_the_first_of_an_open_board_are_shown(rated, submission, rival):
    plan = drawn()
    assert (plan.arena, plan.competition) == (C4, rated.slug)
    assert set(plan.keys) == {submission.pk, rival.pk}
    assert {each.key for each in candidates(registry.get(C4))} > set(plan.keys)


@pytest.mark.parametrize(
    "changed", [{"state": "draft"}, {"state": "closed"}, {"replays": Replays.AFTER_CLOSE}]
)
def test_agents_of_others_are_shown_only_where_everybody_may_watch(rated, submission, changed):
    Competition.objects.filter(pk=rated.pk).update(**changed)
    assert open_shows() == []
    assert drawn().competition == ""
    assert all(key.startswith("house:") for key in drawn(C4).keys)


def test_a_held_out_agent_is_not_shown(rated, submission):
    Submission.objects.filter(pk=submission.pk).update(role=Role.HOLDOUT)
    assert submission.pk not in {each.key for each in candidates(registry.get(C4))}
    assert drawn(C4).competition == ""


def test_a_show_begins_once_and_only_where_there_is_room(worker, db, settings):
    settings.LIVE_SHOWS = 1
    show = shows.begin_next(TIC, after="")
    assert (show.plan.arena, len(show.names)) == (TIC, 2)
    assert shows.current(TIC) == show
    assert not shows.is_over(show)
    assert shows.begin_next(TIC, after="") is None
    assert shows.begin_next(C4, after="") is None
    settings.LIVE_SHOWS = 2
    assert shows.begin_next(TIC, after="") is None
    assert shows.begin_next(C4, after="")


def test_people_who_wait_for_a_table_come_first(worker, db):
    worker.zadd(keys.WAITING, {"t": time.time()})
    assert shows.begin_next(TIC, after="") is None


def test_without_a_worker_or_without_the_wish_there_is_no_show(broker, db, settings):
    assert not shows.is_on()
    assert shows.begin_next(TIC, after="") is None
    broker.hset(keys.WORKERS, "test:1", f"0/3/{time.time() + 600:.0f}")
    settings.LIVE_SHOWS = 0
    assert not shows.is_on()


def test_what_people_ask_for_comes_next_and_is_played_once(worker, rated, ann, submission, rival):
    assert ask(ann, agents=[submission.pk, rival.pk]) == 0
    assert shows.planned("").by == "ann"
    assert shows.planned(TIC).by == ""
    show = shows.begin_next(C4, after="")
    assert show.names == (str(submission), str(rival))
    assert show.agents == (submission.pk, rival.pk)
    assert shows.waiting() == []
    assert shows.planned("").by == ""


def test_one_person_may_ask_for_so_many_and_all_together_too(worker, db, ann, eve, monkeypatch):
    for number in range(PER_PERSON):
        assert ask(ann) == number
    with pytest.raises(RefusedError) as refused:
        ask(ann)
    assert refused.value.code == "tv.too_many"
    monkeypatch.setattr(shows, "MOST_ASKED", PER_PERSON)
    with pytest.raises(RefusedError) as refused:
        ask(eve)
    assert refused.value.code == "tv.full"


@pytest.mark.parametrize(
    ("arena", "agents", "code"),
    [
        ("none-v0", HOUSE, "tv.not_here"),
        ("pistonball-v6", HOUSE, "tv.not_here"),
        (C4, HOUSE[:1], "match.bad_seats"),
        (C4, [*HOUSE, "house:random"], "match.bad_seats"),
        (C4, ["house:random", "house:random"], "match.bad_seats"),
        (C4, ["house:random", "house:nobody"], "play.unknown_agent"),
        (C4, ["house:random", "\0" * 18], "play.unknown_agent"),
    ],
)
def test_b66_a_show_that_cannot_be_is_refused_in_words(worker, db, ann, arena, agents, code):
    with pytest.raises(RefusedError) as refused:
        ask(ann, arena, agents)
    assert refused.value.code == code


def test_an_agent_that_was_taken_back_meanwhile_is_not_shown(worker, rated, ann, submission, rival):
    ask(ann, agents=[submission.pk, rival.pk])
    Competition.objects.filter(pk=rated.pk).update(replays=Replays.AFTER_CLOSE)
    assert shows.begin_next("", after="") is None
    assert shows.begin_next("", after="").plan.competition == ""


def test_the_page_shows_channels_and_who_may_be_asked_for(browser, worker, rated, ann, submission):
    page = browser(ann).get(f"/tv/?arena={C4}")
    content = page.content.decode()
    assert f'data-stream="/tv/stream?arena={C4}"' in content
    assert f'<option value="{submission.pk}"' in content
    assert "Sign in" in text_of(browser().get(f"/tv/?arena={C4}"))
    assert browser().get("/tv/?arena=none-v0").status_code == 404
    assert browser().get("/tv/?sort=x").status_code == 400
    answer = browser(ann).post("/tv/queue", arena=C4, agent=[submission.pk, "house:random"])
    assert (answer.status_code, answer["Location"]) == (302, f"/tv/?arena={C4}")
    assert "asked for by ann" in text_of(browser().get("/tv/"))


def test_without_a_live_worker_the_archive_is_shown_and_says_so(browser, broker, rated):
    for address in ("/", "/tv/"):
        page = browser().get(address)
        assert "Nothing is played live right now. From the archive:" in text_of(page)
        assert "data-stream" not in page.content.decode()


def test_without_scripts_the_front_page_leads_to_a_match(browser, worker, rated, match):
    page = browser().get("/").content.decode()
    assert (
        f'<a href="/matches/{match.pk}/">See the match</a>'
        in page.split("<noscript>", 1)[1].split("</noscript>")[0]
    )


async def watch(channel, *, until, host=None, seconds=25):
    """Return what a viewer hears until `until(heard)`; a host takes the shows that begin."""
    heard = []
    packages = {each.name: FIRST.encode() for each in registry.get(TIC).baselines}
    async with asyncio.timeout(seconds), aclosing(channel.watch()) as watched:
        async for one in watched:
            heard.append(one)
            if isinstance(one, Show) and host is not None:
                await asyncio.to_thread(host.take, one.table, packages)
            if until(heard):
                return heard
    return heard


def kinds(heard):
    return [json.loads(one)["kind"] if isinstance(one, bytes) else type(one).__name__ for one in heard if one]


def shown(count):
    return lambda heard: sum(isinstance(one, Show) for one in heard) == count


def test_all_who_watch_see_one_show_from_where_it_is_to_its_end_and_the_next(
    host_of_tables, transactional_db, monkeypatch
):
    monkeypatch.setattr(shows, "PACE", 20.0)
    monkeypatch.setattr(channels, "GAP_SECONDS", 0.1)
    channel = Channel(TIC)

    async def look():
        first = asyncio.create_task(watch(channel, until=shown(2), host=host_of_tables))
        await asyncio.sleep(0.3)
        return await asyncio.gather(first, watch(channel, until=shown(2)))

    first, late = asyncio.run(look())
    told = kinds(first)
    assert told[0] == "Show"
    assert told.index("show") < told.index("over") < told.index("Next") < len(told) - 1
    words = [json.loads(one) for one in first if isinstance(one, bytes) and one]
    turns = [state["turn"] for word in words if word["kind"] == "show" for state in word["states"]]
    assert turns[-1] >= 5
    assert sorted(set(turns)) == list(range(turns[-1] + 1))
    assert {"Show", "show", "over", "Next"} <= set(kinds(late))
    assert {one.table for one in late if isinstance(one, Show)} == {
        one.table for one in first if isinstance(one, Show)
    }


def test_a_channel_without_a_worker_says_so(broker, transactional_db):
    heard = asyncio.run(watch(Channel(TIC), until=lambda heard: isinstance(heard[-1], Off)))
    assert kinds(heard) == ["Off"]
