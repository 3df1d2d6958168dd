"""Every hostile agent and honest control, once with the service as root and once as an ordinary user."""

import functools
import os
import subprocess
import sys

import msgspec
import pytest

from tests.hostile.gaps import GAPS, THREATS
from tests.hostile.roster import CONTROLS, ROWS, HeaderError, read_all, read_card
from tests.hostile.stage import Report
from tests.hostile.users import ROOT, as_ordinary_user

CARDS = read_all()
pytestmark = [pytest.mark.fault, pytest.mark.slow]


@functools.cache
def judged(who, ids):
    """Run the command once for all chosen agents, two at a time."""
    start = [sys.executable, "-B"] if who == "as_we_are" else as_ordinary_user()
    command = [*start, "-m", "tests.hostile", "--json", "--only", ids]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=600, check=False
    )
    reports = [msgspec.json.decode(line, type=Report) for line in done.stdout.splitlines()]
    assert reports, done.stderr
    return {report.id: report for report in reports}


@pytest.fixture(scope="module")
def chosen(request):
    """The ids of the agents whose tests will run."""
    here = [item for item in request.session.items if "card" in getattr(item, "fixturenames", ())]
    return ",".join(sorted({item.callspec.params["card"].id for item in here}))


@pytest.mark.parametrize("who", ["as_we_are", "as_ordinary_user"])
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_an_agent_breaks_nothing_and_gets_its_verdict(card, who, chosen):
    report = judged(who, chosen)[card.id]
    assert report.breaches == []
    assert report.got in {str(outcome) for outcome in card.expected}


def test_every_class_of_attack_has_an_agent_and_the_controls_are_there():
    assert {card.row for card in CARDS} - {0} == set(ROWS)
    assert sum(card.row == 0 for card in CARDS) == CONTROLS
    assert all(card.title.endswith(".") and card.why for card in CARDS)
    assert {card.threat for card in CARDS} - {""} == set(THREATS)


@pytest.mark.parametrize(
    "header",
    [
        "Spins.\n\nexpected: ok\narena: x\nwhy: y",
        "Spins.\n\nrow: 8\nexpected: okay\narena: x\nwhy: y",
        "Spins.\n\nrow: 8\nexpected: ok\narena: x\nwhy: y\nnosuch: 1",
        "Spins.\n\nrow: 8\nexpected: ok\narena: x\nwhy: y\nlimits: nosuch=1",
        "",
    ],
)
def test_an_agent_with_a_wrong_header_is_refused(tmp_path, header):
    path = tmp_path / "08_spin.py"
    path.write_text(f'"""{header}\n"""\n')
    with pytest.raises(HeaderError, match=r"08_spin"):
        read_card(path)


@pytest.mark.parametrize("wall", ["seccomp", "landlock", "namespaces", "rlimits"])
def test_a_missing_wall_opens_no_more_than_security_md_says(wall):
    """Also shows that the suite sees a hole: without the filter and the namespaces it must report some."""
    done = subprocess.run(
        [sys.executable, "-B", "-m", "tests.hostile.layers", "--only", wall, "--json"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    threats = msgspec.json.decode(done.stdout)["threats"]
    opened = {threat for threat in THREATS if threats[threat]["open"]}
    assert opened == {threat for down, threat in GAPS if down == wall}
    assert all(threats[threat]["tried"] for threat in THREATS)
