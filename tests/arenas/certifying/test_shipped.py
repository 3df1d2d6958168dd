"""The certificates that ship: each arena that can be played here has one that holds."""

import pytest

from arenas import registry
from arenas.certifying import certificate as certificates
from arenas.certifying.certificate import find_preview, what_forbids
from arenas.extras import is_installed
from arenas.trajectory import decode_trajectory
from tests.playthroughs import shipped_specs

SPECS = shipped_specs()


@pytest.fixture(autouse=True)
def _nothing_made_here(tmp_path, monkeypatch):
    monkeypatch.setenv("COLISEUM_HOME", str(tmp_path))


@pytest.mark.parametrize("spec", SPECS, ids=[spec.id for spec in SPECS])
def test_an_arena_ships_with_a_certificate_that_holds_and_a_preview(spec):
    if not is_installed(spec):
        pytest.skip(f"the extra {spec.extra} is not installed")
    assert what_forbids(spec) == "", f"python -m tests.certificates {spec.id} makes it anew"
    preview = find_preview(spec)
    assert preview is not None
    assert len(preview) <= 30_000
    assert decode_trajectory(preview)["arena"] == spec.id


def test_no_certificate_is_of_an_arena_that_is_gone():
    known = {certificates.file_name(spec.id) for spec in map(registry.get, registry.names())}
    found = {path.name for path in certificates.SHIPPED.glob("*.json")}
    assert found <= known, "remove what is of no arena"
