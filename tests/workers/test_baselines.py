import io
import zipfile

import pytest

from arenas import registry
from arenas.errors import ArenaUnavailableError
from workers.baselines import baseline_package
from workers.inspection import inspect_in_child
from workers.staging import package_limits, staged

ALL = [(name, baseline.name) for name in registry.names() for baseline in registry.get(name).baselines]


@pytest.mark.parametrize(("arena", "name"), ALL)
def test_a_baseline_is_packed_like_any_upload_and_passes_the_inspection(arena, name):
    spec = registry.get(arena)
    package, file_name = baseline_package(spec, name)
    if file_name == "agent.zip":
        assert "agent.py" in zipfile.ZipFile(io.BytesIO(package)).namelist()
    with staged(package) as file:
        found = inspect_in_child(file, file_name=file_name, limits=package_limits(spec.limits))
    assert found.size_bytes == len(package) or found.files


def test_a_baseline_always_has_the_same_bytes():
    spec = registry.get("connect_four-v3")
    assert baseline_package(spec, "network") == baseline_package(spec, "network")


def test_a_baseline_the_arena_lacks_is_refused_with_those_it_has():
    spec = registry.get("tictactoe-v3")
    with pytest.raises(ArenaUnavailableError, match="It has: random, minimax"):
        baseline_package(spec, "stockfish")


def test_the_limits_of_an_upload_are_those_of_the_arena():
    spec = registry.get("tictactoe-v3")
    limits = package_limits(spec.limits)
    assert limits.package_bytes == spec.limits.package_bytes
    assert limits.archive.unpacked_bytes == spec.limits.unpacked_bytes
