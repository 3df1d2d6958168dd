"""Tables between site and worker: whose they are, what goes through, and that nothing hangs."""

import asyncio
import json
import os
import signal
import time
from contextlib import aclosing, suppress

import pytest

from arenas import registry
from coliseum.live import tables, wire
from coliseum.live.opponents import limits_of
from tests.workers.tables import FIRST, failing
from workers.live import keys
from workers.live.wire import Chair
from workers.refusals import RefusedError

TIC = registry.get("tictactoe-v3")
OWNER, OTHER = "o" * 32, "p" * 32


def opened(owner=OWNER, *, seat=0, place="10.0.0.1", arena=TIC):
    chairs = [Chair("Random", baseline="agent") for _ in range(arena.seats)]
    chairs[seat] = Chair("You")
    return tables.open_table(
        arena=arena,
        seat=seat,
        chairs=tuple(chairs),
        limits=limits_of(arena, []),
        owner=owner,
        place=place,
        back="/arenas/tictactoe-v3/play",
    )


async def listen(table, answer=None, *, until="over", seconds=20):
    """Return what a browser hears until a kind of word; `answer(word)` gives presses."""
    heard = []

    async with asyncio.timeout(seconds), aclosing(wire.words(table)) as words:
        async for content in words:
            word = json.loads(content or b'{"kind": ""}')
            heard.append(word)
            if word["kind"] == until:
                break
            if answer and word.get("ask"):
                await wire.press(table, OWNER, json.dumps(answer(word)).encode())
    await asyncio.sleep(0)  # Connections are closed in the loop's next turn.
    return [word for word in heard if word["kind"]]


def first(word):
    return {"action": word["ask"]["moves"][0][0], "turn": word["turn"]}


def test_a_table_waits_in_line_and_says_how_many_are_before_it(worker):
    early, late = opened(), opened(OTHER)
    assert tables.room() == (3, 2)
    assert asyncio.run(listen(early.table, until="waiting"))[-1]["ahead"] == 0
    assert asyncio.run(listen(late.table, until="waiting"))[-1]["ahead"] == 1
    assert worker.llen(keys.QUEUE) == 2, "each is a message of the queue `live`"


def test_without_a_worker_there_is_no_table(broker):
    with pytest.raises(RefusedError) as refused:
        opened()
    assert refused.value.code == "play.no_worker"
    broker.hset(keys.WORKERS, "gone:1", f"0/3/{time.time() - 60:.0f}")
    assert tables.room() == (0, 0)


def test_so_many_may_wait_and_no_more(worker, settings):
    settings.LIVE_WAITING = 2
    for number in range(2):
        opened(str(number) * 32)
    with pytest.raises(RefusedError, match="2 people wait already") as refused:
        opened(OWNER)
    assert (refused.value.code, refused.value.status) == ("play.full", 503)


def test_one_address_opens_so_many_tables_and_no_more(worker, settings):
    settings.LIVE_TABLES_PER_ADDRESS = 2
    for _ in range(2):
        opened()
    with pytest.raises(RefusedError) as refused:
        opened()
    assert (refused.value.code, refused.value.status) == ("play.too_many", 429)
    assert opened(place="10.0.0.2")


def test_a_table_is_its_browsers_alone(worker):
    table = opened().table
    assert tables.table_for(table, OWNER).arena == TIC.id
    for owner in (OTHER, "", "ü" * 9):
        with pytest.raises(RefusedError, match="There is no table"):
            tables.table_for(table, owner)
        with pytest.raises(RefusedError, match="There is no table"):
            asyncio.run(wire.press(table, owner, b'{"action":0,"turn":0}'))
        with pytest.raises(RefusedError, match="There is no table"):
            asyncio.run(wire.check(table, owner))
    assert OWNER.encode() not in worker.get(keys.spec_key(table))


@pytest.mark.parametrize("table", ["", "x", "a" * 43 + "\n", "../" * 14 + "x", "é" * 43, "b" * 43])
def test_what_is_no_table_is_not_found(worker, table):
    with pytest.raises(RefusedError, match="There is no table"):
        tables.table_for(table, OWNER)
    with pytest.raises(RefusedError, match="There is no table"):
        asyncio.run(wire.press(table, OWNER, b'{"action":0,"turn":0}'))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "play.bad_press"),
        (b"leave", "play.bad_press"),
        (b"[1,2]", "play.bad_press"),
        (b'{"action":"1","turn":1}', "play.bad_press"),
        (b'{"action":1}', "play.bad_press"),
        (b'{"action":1,"turn":1,"seat":0}', "play.bad_press"),
        (b'{"action":1e99,"turn":1}', "play.bad_press"),
        (b'{"action":1,"turn":99999999999999999999}', "play.bad_press"),
        (b"[" * 190, "play.bad_press"),
        (b"\xff\xfe", "play.bad_press"),
        (b" " * 5000, "request.too_large"),
    ],
)
def test_a_hostile_press_is_refused_before_it_reaches_the_table(worker, body, code):
    table = opened().table
    with pytest.raises(RefusedError) as refused:
        asyncio.run(wire.press(table, OWNER, body))
    assert refused.value.code == code
    assert not worker.exists(keys.press_key(table))


def test_a_flood_of_presses_is_stopped_and_takes_no_room(worker):
    table = opened().table

    async def flood():
        for _ in range(keys.PRESSES):
            await wire.press(table, OWNER, b'{"action":0,"turn":0}')
        with pytest.raises(RefusedError, match="Too many requests"):
            await wire.press(table, OWNER, b'{"action":0,"turn":0}')

    asyncio.run(flood())
    assert worker.llen(keys.press_key(table)) == keys.PRESSES


def test_a_new_table_leaves_the_one_before(worker):
    before = opened().table
    after = opened().table
    assert not worker.exists(keys.spec_key(before)), "it waited, so it is not begun"
    assert worker.zrange(keys.WAITING, 0, -1) == [after.encode()]
    assert asyncio.run(listen(before))[-1]["why"] == "unknown"


def test_a_table_no_worker_speaks_of_any_more_is_told_to_be_broken(worker):
    table = opened().table
    worker.zrem(keys.WAITING, table)
    (over,) = asyncio.run(listen(table))
    assert (over["why"], over["text"][:20]) == ("broken", "The table broke off.")


def test_nothing_of_a_table_stays_for_ever(worker):
    table = opened().table
    asyncio.run(wire.press(table, OWNER, b'{"action":0,"turn":0}'))
    found = {key.decode() for key in worker.keys("live:*")} - {keys.WORKERS, keys.WAITING, keys.ARENAS}
    assert len(found) >= 4
    assert all(0 < worker.ttl(key) <= keys.OPEN_SECONDS for key in found)


def test_a_person_plays_an_agent_and_keeps_the_replay(host_of_tables, worker):
    table = opened().table
    host_of_tables.take(table, {"agent": FIRST.encode()})
    heard = asyncio.run(listen(table, first))
    states = [word for word in heard if word["kind"] == "state"]
    assert [word["turn"] for word in states] == sorted({word["turn"] for word in states})
    over = heard[-1]
    assert [row["outcome"] for row in over["seats"]] == ["ok", "ok"]
    assert tables.last_word(table) == over
    assert tables.replay_of(table)[:2] == b"\x1f\x8b"
    assert asyncio.run(listen(table)) == [over], "who comes later hears the end"
    kept = worker.ttl(keys.replay_key(table))
    assert 0 < kept <= keys.REPLAY_SECONDS


def test_who_reloads_the_page_is_back_at_the_same_move_and_a_second_tab_sees_the_same(host_of_tables):
    table = opened().table
    host_of_tables.take(table, {"agent": FIRST.encode()})

    before = asyncio.run(listen(table, until="state"))[-1]
    again = asyncio.run(listen(table, until="state"))
    assert again == [before], "the whole state comes at once, with the moves"
    heard = asyncio.run(listen(table, first))
    assert heard[-1]["why"] == "finished"


def test_the_same_press_twice_counts_once(host_of_tables):
    table = opened().table
    host_of_tables.take(table, {"agent": FIRST.encode()})
    sent = []

    def twice(word):
        sent.append(first(word))
        return sent[0] if len(sent) == 2 else sent[-1]

    async def play():
        heard = await listen(table, twice, until="told")
        return heard, await listen(table, first)

    heard, rest = asyncio.run(play())
    assert heard[-1]["text"].startswith("That move came too late")
    assert rest[-1]["why"] == "finished"


def test_who_leaves_ends_the_game(host_of_tables):
    table = opened().table
    host_of_tables.take(table, {"agent": FIRST.encode()})
    asyncio.run(listen(table, until="state"))
    tables.leave(table)
    assert asyncio.run(listen(table))[-1]["text"] == "You left the table."


def test_who_is_away_for_a_while_has_left(host_of_tables, worker, monkeypatch):
    monkeypatch.setattr(keys, "HERE_SECONDS", 1)
    table = opened().table
    host_of_tables.take(table, {"agent": FIRST.encode()})
    deadline = time.monotonic() + 20
    while tables.last_word(table).get("kind") != "over" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert tables.last_word(table)["text"] == "The table was closed, because nobody was there any more."


def test_the_person_reads_which_agent_failed_and_why(host_of_tables):
    table = opened().table
    host_of_tables.take(table, {"agent": failing("1 / 0").encode()})
    over = asyncio.run(listen(table, first))[-1]
    assert (over["text"], over["seats"][1]["label"]) == ("You won.", "crashed")
    assert "ZeroDivisionError" in over["seats"][1]["message"]


def test_an_agent_that_cannot_be_had_breaks_the_table_with_a_word(host_of_tables):
    table = opened().table
    host_of_tables.take(table, {})
    over = asyncio.run(listen(table))[-1]
    assert over["why"] == "broken"
    assert "did not come to the table" in over["text"]


def test_a_table_whose_agents_are_long_on_their_way_is_not_given_up(host_of_tables, monkeypatch):
    usual = keys.ALIVE_SECONDS
    monkeypatch.setattr(keys, "ALIVE_SECONDS", 1)

    def four_seconds():
        monkeypatch.setattr(keys, "ALIVE_SECONDS", usual)
        time.sleep(4)

    table = opened().table
    host_of_tables.take(table, {"agent": FIRST.encode()}, meanwhile=four_seconds)
    assert asyncio.run(listen(table, first))[-1]["why"] == "finished"


def test_the_worker_tells_where_people_can_play(host_of_tables):
    deadline = time.monotonic() + 30
    while not tables.playable() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert TIC.id in tables.playable()
    assert "discrete actions" in tables.why_not("BipedalWalker-v3")
    assert tables.why_not(TIC.id) == tables.why_not("nobody-knows-v1") == ""


def test_a_referee_that_dies_takes_nobody_along_unheard_and_is_replaced(host_of_tables, relay):
    assert relay.is_ready(20)
    table = opened().table
    host_of_tables.take(table, {"agent": FIRST.encode()})
    asyncio.run(listen(table, until="state"))
    with suppress(ProcessLookupError):
        os.kill(relay._referee._process.pid, signal.SIGKILL)
    over = asyncio.run(listen(table))[-1]
    assert (over["why"], over["seats"]) == ("broken", [])
    assert relay.is_ready(30)
    again = opened().table
    host_of_tables.take(again, {"agent": FIRST.encode()})
    assert asyncio.run(listen(again, first))[-1]["why"] == "finished"


def test_a_queue_that_is_away_is_told_and_given_up_after_a_while(settings, tmp_path, monkeypatch):
    settings.BROKER_URL = f"redis+socket://{tmp_path}/none.sock"
    monkeypatch.setattr(wire, "_AWAY_SECONDS", 0.2)
    monkeypatch.setattr(wire, "_PAUSE_SECONDS", 0.05)
    note, over = asyncio.run(listen("a" * 43))
    assert note["text"] == "The table does not answer. Trying again."
    assert over["why"] == "broken"
    with pytest.raises(RefusedError) as refused:
        asyncio.run(wire.press("a" * 43, OWNER, b'{"action":0,"turn":0}'))
    assert refused.value.code == "play.no_worker"
