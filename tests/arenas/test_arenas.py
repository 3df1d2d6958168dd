"""The package: light to import, its public names found on first use."""

import os
import subprocess
import sys

import pytest

import arenas


def test_the_public_names_are_found():
    for name in arenas.__all__:
        assert callable(getattr(arenas, name))
    assert "connect_four-v3" in arenas.names()


def test_other_names_are_not():
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        arenas.nonsense  # noqa: B018


def test_the_agents_side_of_the_codec_needs_no_environment_library():
    code = (
        "import sys; import arenas, arenas.codec, arenas.choices;"
        "sys.exit(any(name in sys.modules for name in ('gymnasium', 'pettingzoo', 'mpe2', 'pygame')))"
    )
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    assert subprocess.run([sys.executable, "-c", code], env=variables, check=False).returncode == 0
