"""Environments that only write, and those that can only be photographed."""

from types import SimpleNamespace

from arenas.recorders import recorder_for
from arenas.recorders.text import FramesRecorder, TextRecorder
from arenas.trajectory import decode_trajectory


class Scribe:
    """Writes what turn it is, every second turn."""

    def __init__(self, modes, mode=None):
        self.metadata = {"render_modes": modes, "render_fps": 4}
        self.render_mode = mode
        self.turn = 0

    def render(self):
        if self.turn > 6:
            raise ZeroDivisionError
        return f"turn {self.turn // 2 * 2}\n" if self.render_mode == "ansi" else None


def adapter_of(environment):
    return SimpleNamespace(
        spec=SimpleNamespace(id="scribe-v1", seats=1),
        environment=environment,
        rewards=[0.0],
        is_over=False,
        asked=lambda: [],
    )


def record(environment, turns):
    adapter = adapter_of(environment)
    recorder = recorder_for(adapter)
    recorder.start(adapter)
    for environment.turn in range(1, turns + 1):
        recorder.turn(adapter, -1)
    return decode_trajectory(recorder.finish())


def test_text_is_kept_where_it_changes():
    found = record(Scribe(["ansi", "rgb_array"]), 4)
    assert found["scene"] == "text"
    assert found["texts"] == ["turn 0", None, "turn 2", None, "turn 4"]
    assert found["fps"] == 4


def test_an_environment_that_fails_to_write_does_not_end_the_match():
    assert record(Scribe(["ansi"]), 7)["texts"][-1] == "It could not be written: ZeroDivisionError."


def test_what_only_renders_is_left_to_pictures():
    adapter = adapter_of(Scribe(["human", "rgb_array"]))
    assert isinstance(recorder_for(adapter), FramesRecorder)
    assert record(adapter.environment, 3)["scene"] == "frames"


def test_what_draws_nothing_is_shown_in_numbers():
    assert record(Scribe([]), 1)["scene"] == "panel"


def test_a_mode_that_was_chosen_is_left_alone():
    assert isinstance(recorder_for(adapter_of(Scribe(["ansi", "rgb_array"], "rgb_array"))), FramesRecorder)
    assert isinstance(recorder_for(adapter_of(Scribe(["ansi"], "ansi"))), TextRecorder)
