"""The person's hand: the latest press counts, and going is noticed at once."""

import threading
import time

import pytest

from workers.live.hand import Hand, LeftError
from workers.live.wire import Press


def test_the_latest_press_is_taken_once():
    hand = Hand()
    hand.put(Press(1, 0))
    hand.put(Press(2, 0))
    assert hand.take(0) == Press(2, 0)
    assert hand.take(0) is None


def test_what_is_held_stays_until_a_newer_press_comes():
    hand = Hand()
    hand.put(Press(3, 10))
    assert hand.held(0) == 3
    assert hand.held(3) == 3
    hand.put(Press(4, 9))
    assert hand.held(3) == 3, "a press that was overtaken on its way is forgotten"
    hand.put(Press(4, 11))
    assert hand.held(3) == 4


@pytest.mark.parametrize(
    "wait", [lambda hand: hand.take(30), lambda hand: hand.pause_until(time.monotonic() + 30)]
)
def test_who_goes_is_not_waited_for(wait):
    hand = Hand()
    threading.Timer(0.02, hand.leave, ["left"]).start()
    with pytest.raises(LeftError, match="left"):
        wait(hand)


def test_the_first_reason_to_go_stays():
    hand = Hand()
    hand.leave("left")
    hand.leave("away")
    with pytest.raises(LeftError, match="left"):
        hand.take(0)


@pytest.mark.parametrize(("action", "turn"), [(2**40, 0), (-(2**40), 0), (0, -1), (0, 2**60)])
def test_numbers_that_no_browser_sends_are_no_press(action, turn):
    with pytest.raises(ValueError, match="out of range"):
        Press(action, turn)
