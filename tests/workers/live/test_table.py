"""A table at which a person sits: the same rules, clocks and verdicts, and a second chance for people."""

import threading
import time
from contextlib import closing
from dataclasses import replace

import pytest

from arenas import registry
from arenas.adapters import open_arena
from arenas.trajectory import decode_trajectory
from tests.workers.live.people import Person, first
from tests.workers.tables import FIRST, LIMITS, SHORT, failing, outcomes, source
from workers.live.hand import LeftError
from workers.live.table import LiveTable
from workers.live.wire import Press
from workers.sandbox import open_launcher
from workers.spec import EpisodeSpec, Isolation

TIC = registry.get("tictactoe-v3")
CART = replace(registry.get("CartPole-v1"), idle_action=0, max_turns=12, controls=())


@pytest.fixture(scope="module")
def launcher():
    with open_launcher(minimum=Isolation.NAMESPACES) as opened:
        yield opened


def play(
    launcher,
    person,
    agents,
    *,
    arena=TIC,
    seat=0,
    turn_seconds=5.0,
    table_seconds=30.0,
    limits=LIMITS,
    tables=None,
):
    with closing(open_arena(arena)) as adapter:
        table = LiveTable(arena, adapter, launcher, limits, hand=person.hand, say=person.hear)
        if tables is not None:
            tables.append(table)
        with closing(table):
            rest = iter(agents)
            for number in range(arena.seats):
                if number == seat:
                    table.sit(seat, turn_seconds=turn_seconds, table_seconds=table_seconds)
                else:
                    table.join(source(next(rest)), "agent.py")
            return table.play_episode(EpisodeSpec(1, tuple(range(arena.seats))))


def test_a_person_plays_a_whole_game_and_it_leaves_a_replay(launcher):
    person = Person(first)
    result = play(launcher, person, [FIRST])
    assert outcomes(result) == ["ok", "ok"]
    assert [state["turn"] for state in person.states] == list(range(result.turns + 1))
    assert all(state["whole"] for state in person.states)
    shown = decode_trajectory(result.trajectory)
    assert (shown["scene"], shown["turns"]) == ("board", result.turns)
    last = person.states[-1]
    assert (last["ask"], last["waits"]) == (None, [])
    assert last["scene"]["cells"].count("0") == -(-result.turns // 2)


def test_the_second_seat_waits_and_is_told_what_the_first_one_did(launcher):
    person = Person(first)
    play(launcher, person, [FIRST], seat=1)
    begin, answered = person.states[:2]
    assert (begin["ask"], begin["waits"]) == (None, [0])
    assert (answered["actor"], answered["label"]) == (0, "top left")
    assert [label for _, label, *_ in answered["ask"]["moves"]].count("top left") == 0


def test_a_move_that_is_not_legal_is_refused_with_a_word_and_may_be_chosen_again(launcher):
    wanted = iter([0, 0, 99, -1, 1, 2, 5, 6, 7])
    person = Person(lambda word: next(wanted, first(word)))
    result = play(launcher, person, [FIRST])
    assert outcomes(result) == ["ok", "ok"]
    assert "Action 0 is not legal here. Choose another one." in person.told
    assert any("99" in text for text in person.told)


def test_a_press_for_another_turn_is_not_taken(launcher):
    late = iter([7])

    def choose(word):
        turn = next(late, None)
        if turn is None:
            return first(word)
        person.hand.put(Press(first(word), turn))
        return None

    person = Person(choose)
    assert outcomes(play(launcher, person, [FIRST])) == ["ok", "ok"]
    assert person.told == ["That move came too late: the table is one turn further."]


def test_a_person_who_thinks_too_long_forfeits(launcher):
    person = Person(lambda word: None)
    result = play(launcher, person, [FIRST], turn_seconds=0.05)
    assert outcomes(result) == ["timed_out", "ok"]
    assert result.seats[0].message == "No move within 0.05 seconds."
    assert result.seats[1].score == 1.0


def test_a_table_closes_when_its_time_is_up(launcher):
    result = play(launcher, Person(lambda word: None), [FIRST], table_seconds=0.06)
    assert result.seats[0].message == "The table closes after 0.001 minutes."


def test_who_leaves_ends_the_table_at_once(launcher):
    person = Person(lambda word: person.hand.leave("left"))
    with pytest.raises(LeftError, match="left"):
        play(launcher, person, [FIRST])


@pytest.mark.parametrize(
    ("agent", "outcome"),
    [
        (failing("1 / 0"), "crashed"),
        (failing("time.sleep(9)"), "timed_out"),
        (failing("return 77"), "illegal_action"),
        ("import nothing_like_this", "load_failed"),
    ],
)
def test_an_agent_that_fails_loses_to_the_person_who_is_told_why(launcher, agent, outcome):
    person = Person(first)
    result = play(launcher, person, [agent], limits=SHORT)
    assert outcomes(result) == ["ok", outcome]
    assert result.seats[0].score == 1.0
    assert result.seats[1].message


def test_agents_stand_still_while_a_person_thinks(launcher):
    spin = "import threading\ndef spin():\n    while True: pass\n"
    busy = f"{spin}threading.Thread(target=spin, daemon=True).start()\n{FIRST}"
    tables, used = [], []

    def think(word):
        process = tables[0].members[1].copies[0].seat._process
        used.append(1.0)
        for _ in range(50):  # The person may see the position a moment before the agent is held.
            began = process.processor_seconds()
            time.sleep(0.06)
            used[-1] = process.processor_seconds() - began
            if used[-1] < 0.001:
                break
        person.hand.put(Press(first(word), word["turn"]))

    person = Person(lambda word: threading.Thread(target=think, args=(word,)).start())
    assert outcomes(play(launcher, person, [busy], tables=tables)) == ["ok", "ok"]
    assert len(used) > 1
    assert max(used) < 0.001


def test_a_real_time_table_begins_with_the_first_press_and_keeps_what_is_held(launcher):
    person = Person(first)
    person.hand.put(Press(1, 1))
    result = play(launcher, person, [], arena=CART)
    assert result.turns >= 8
    assert all(state["ask"] is None for state in person.states)
    assert "scene" in person.states[0]
    assert {"places", "scene"} & set(person.states[5])
    log = [seat.turns for seat in result.seats]
    assert log == [result.turns]


def test_a_real_time_action_that_does_not_exist_counts_as_no_press(launcher):
    person = Person(first)
    person.hand.put(Press(77, 1))
    result = play(launcher, person, [], arena=CART)
    assert outcomes(result) == ["ok"]
    assert result.turns >= 8
