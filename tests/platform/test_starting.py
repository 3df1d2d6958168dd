"""What does not show pages starts without them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

OURS = sorted(name for name, app in get_commands().items() if app.startswith("coliseum."))
LOADED = """
import json, sys
from coliseum.celery_app import app
app.loader.init_worker()
app.loader.import_default_modules()
print(json.dumps([name for name in sys.modules if name.startswith("coliseum.")]))
"""


@pytest.mark.parametrize("name", OURS)
def test_a_command_of_ours_does_not_load_all_pages_to_check_them(name):
    assert load_command_class(get_commands()[name], name).requires_system_checks == ()


def test_neither_a_worker_nor_the_scheduler_loads_a_page():
    ended = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded = json.loads(ended.stdout)
    assert "coliseum.league.tasks" in loaded
    assert {"coliseum.urls", "coliseum.pages.home", "coliseum.api.urls"} & set(loaded) == set()


def test_the_checks_that_they_leave_out_find_nothing():
    manage = Path(__file__).resolve().parents[2] / "manage.py"
    command = [sys.executable, str(manage), "check"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "System check identified no issues (0 silenced).\n")
