"""What an agent prints breaks nothing and is kept up to its cap."""

import pytest

from tests.workers.sandbox.cast import LIMITS, action_of, seated

WAYS = {
    "print": "print('x' * 1_000_000)",
    "many lines": "for n in range(100_000): print(n)",
    "error output": "sys.stderr.write('x' * 1_000_000)",
    "descriptor": "os.write(1, b'x' * 1_000_000) and os.write(2, b'y' * 1_000_000)",
    "bytes of no text": "[os.write(1, bytes(range(256)) * 256) for _ in range(16)]",
    "frames": "os.write(1, b'\\x01\\0\\0\\0\\x11\\0\\1\\0' * 10_000)",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_flood_of_output_does_not_break_the_match_and_the_log_is_cut(launcher, way):
    text = f"import os, sys\ndef agent(observation):\n    {WAYS[way]}\n    return 5\n"
    with seated(launcher, text) as seat:
        assert [action_of(seat) for _ in range(3)] == [5, 5, 5]
        log = seat.close().log
    assert 0 < len(log.encode(errors="replace")) < 8 * LIMITS.log_bytes
    assert len(log) <= 2 * LIMITS.log_bytes + 100


def test_closed_output_does_not_break_the_match(launcher):
    text = "import os\ndef agent(observation):\n    os.closerange(0, 3)\n    return 5\n"
    with seated(launcher, text) as seat:
        assert [action_of(seat) for _ in range(3)] == [5, 5, 5]


def test_nothing_can_be_read_from_the_log_or_the_input(launcher):
    text = """
        import os
        def attempt(step):
            try:
                return step()
            except OSError as error:
                return error.errno
        def agent(observation):
            print(attempt(lambda: os.read(0, 10)), attempt(lambda: os.read(1, 10)))
            return 5
    """
    with seated(launcher, text) as seat:
        assert action_of(seat) == 5
        assert seat.close().log.split() == ["b''", "9"]
