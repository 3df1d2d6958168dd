"""Golden playthroughs: playing an arena again gives the text that is kept, to the letter."""

import pytest

from arenas.extras import install_line, is_installed
from tests.playthroughs import FOLDER, path_of, playthrough, shipped_specs

AGAIN = "python -m tests.playthroughs writes it anew; its diff is what changed in the arena"
SPECS = shipped_specs()


@pytest.mark.parametrize("spec", SPECS, ids=[spec.id for spec in SPECS])
@pytest.mark.filterwarnings("ignore")  # Of third-party environments; how they play is what counts here.
def test_an_arena_plays_as_it_did(spec):
    if not is_installed(spec):
        pytest.skip(f"needs {install_line(spec) or 'what is not installed'}")
    path = path_of(spec)
    assert path.is_file(), f"{spec.id} has no playthrough; {AGAIN}"
    assert playthrough(spec) == path.read_text(encoding="utf-8"), AGAIN


def test_every_playthrough_is_of_an_arena_and_short():
    known = {path_of(spec) for spec in SPECS}
    for path in FOLDER.glob("*.txt"):
        assert path in known, f"{path.name} is of no arena; {AGAIN}"
        assert path.stat().st_size <= 9_000, path.name
