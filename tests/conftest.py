"""A home of its own for every test run: a temporary folder, removed at exit."""

import gc
import importlib
import os
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.utils.functional import empty

HOME = Path(tempfile.mkdtemp(prefix="coliseum-"))

for name in [name for name in os.environ if name.startswith("COLISEUM_")]:
    if not name.startswith("COLISEUM_TEST_"):
        del os.environ[name]
os.environ["COLISEUM_HOME"] = str(HOME)
if url := os.environ.get("COLISEUM_TEST_DATABASE_URL"):
    os.environ["COLISEUM_DATABASE_URL"] = url
(HOME / "uploads").mkdir()

if settings.configured:
    # pytest-django has read the settings before this file; they are read again from the new environment.
    importlib.reload(sys.modules["coliseum.settings"])
    settings._wrapped = empty
    for name in [name for name in vars(settings) if name.isupper()]:
        del vars(settings)[name]
    for connection in connections.all(initialized_only=True):
        del connections[connection.alias]
    connections._settings = None
    vars(connections).pop("settings", None)

# The list of all static files is made anew for each test client otherwise: 90 ms, two thousand times.
settings.SERVESTATIC_USE_FINDERS = settings.SERVESTATIC_USE_STATIC_ROOT = False


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deal the longest files to the cores first: those marked slow, then those with most tests."""
    if not hasattr(config, "workerinput"):
        return
    files = Counter(item.path for item in items)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path not in slow, -files[item.path], item.path))


def pytest_collection_finish() -> None:
    """Keep the collector away from all that was imported: it took up to a second, again and again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Remove the home."""
    shutil.rmtree(HOME, ignore_errors=True)
