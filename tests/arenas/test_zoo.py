"""PettingZoo's registry knows our environments, whichever package is imported first."""

import os
import subprocess
import sys

import pytest

MAKES = "print(type(pettingzoo.make('parallel', 'coliseum/sumo-v1', continuous=False)).__name__)"


def printed(code):
    """Return what a fresh interpreter prints, with warnings of third parties left out."""
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("order", ["arenas, pettingzoo", "pettingzoo, arenas"])
def test_an_own_environment_is_made_by_pettingzoo(order):
    assert printed(f"import {order}; {MAKES}") == ["Sumo"]


def test_it_is_found_by_the_submodules_of_pettingzoo_too():
    code = "import arenas; from pettingzoo.utils import wrappers; import pettingzoo; "
    assert printed(code + MAKES) == ["Sumo"]


def test_asking_whether_pettingzoo_is_installed_spoils_nothing():
    asks = "import arenas, importlib.util; print(bool(importlib.util.find_spec('pettingzoo'))); "
    assert printed(asks + "import pettingzoo; " + MAKES) == ["True", "Sumo"]


def test_importing_arenas_leaves_pettingzoo_alone_and_the_watch_ends_when_it_comes():
    code = (
        "import sys, arenas; print('pettingzoo' in sys.modules); import pettingzoo, inspect;"
        "print(any('arenas' in type(finder).__module__ for finder in sys.meta_path));"
        "print(inspect.getsource(pettingzoo)[:6])"
    )
    assert printed(code) == ["False", "False", "import"]


def test_without_pettingzoo_its_import_fails_as_ever():
    code = (
        "import sys, importlib.machinery as m, arenas\n"
        "sys.path[:] = [p for p in sys.path if 'site-packages' not in p]\n"
        "try:\n    import pettingzoo\nexcept ModuleNotFoundError as error: print(error.name)"
    )
    assert printed(code) == ["pettingzoo"]
