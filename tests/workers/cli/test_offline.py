"""What the command line tells without a network: codes, completions, near names, what it costs to start."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workers.door import open_site
from tests.workers.shapes import answer
from workers.cli import _COMMANDS, cli
from workers.client.answers.submission_answers import CheckRow, SubmissionDetail
from workers.refusals import OUTCOMES, REFUSALS

ROOT = Path(__file__).resolve().parents[3]
ACTION = ROOT / ".github" / "actions" / "submit"


def test_every_code_is_explained(coliseum):
    codes = coliseum("explain", "--json").json["items"]
    assert set(codes) == {*REFUSALS, *OUTCOMES}
    assert len(codes) == len(set(codes))
    run = coliseum("explain", "[submission.quota]", "--json")
    assert run.json["code"] == "submission.quota"
    assert all(wording["message"] for wording in run.json["wordings"])
    out = coliseum("explain", "crashed").out
    assert "ended by a signal" in out
    assert "coliseum check" in out
    assert coliseum("explain").out.count("\n") == len(codes)
    run = coliseum("explain", "submision.quota")
    assert (run.status, "Did you mean submission.quota" in run.err) == (4, True)
    assert "Did you mean" not in coliseum("explain", "\x1b[2J").err


def test_a_command_that_is_not_there_is_answered_with_the_nearest(coliseum):
    run = coliseum("lederboard")
    assert (run.status, "Did you mean: coliseum leaderboard?" in run.err) == (2, True)
    assert coliseum("zzzzzzzz\x1b").err.startswith("error [cli.usage] There is no command zzzzzzzz\\x1b.")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_script_and_the_commands_without_importing_them(coliseum, shell):
    assert "_COLISEUM_COMPLETE" in coliseum("completion", shell).out
    assert coliseum("completion", "cmd").status == 2
    environment = {"_COLISEUM_COMPLETE": f"{shell}_complete", "COMP_WORDS": "coliseum sub", "COMP_CWORD": "1"}
    if shell == "fish":
        environment["COMP_CWORD"] = "sub"
    program = (
        "import sys; from workers.cli import main\ntry: main()\nfinally: "
        "print(*(name for name in sys.modules if name.startswith('workers.cli.')), file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert {"submit", "submissions"} <= set(re.split(r"\W+", run.stdout))
    assert "workers.cli.submit" not in run.stderr


def test_neither_help_nor_a_local_command_imports_the_client():
    program = (
        "import sys\nfrom workers.cli import main\nsys.argv = ['coliseum', *{}]\ntry: main()\n"
        "except SystemExit: pass\n"
        "finally: print('workers.client' in sys.modules, 'urllib.request' in sys.modules, file=sys.stderr)"
    )
    for arguments in (["--help"], ["explain", "crashed"]):
        run = subprocess.run(
            [sys.executable, "-c", program.format(arguments)],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert run.stderr.split()[:2] == ["False", "False"], arguments


def test_the_document_names_every_command_of_a_site_and_only_options_there_are():
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    told = set(re.findall(r"coliseum ([a-z]+)", text))
    assert told <= _COMMANDS.keys() | {"rl"}
    local = {
        "arena",
        "arenas",
        "bench",
        "check",
        "doctor",
        "host",
        "new",
        "play",
        "rerate",
        "simulate",
        "token",
    }
    assert _COMMANDS.keys() - local - {"up", "worker"} <= told
    for line in text.splitlines():
        found = re.match(r"\| `coliseum ([a-z]+)", line)
        if not found:
            continue
        command = cli.get_command(None, found[1])
        known = {
            option for parameter in command.params for option in parameter.opts + parameter.secondary_opts
        }
        assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", line)) <= known, line


def test_the_action_submits_and_tells_later_steps(tmp_path, monkeypatch):
    """The real script, the installed program, a small site."""
    (tmp_path / "mine.py").write_text("x")
    output = tmp_path / "output"
    check = answer(CheckRow, name="inspect", ok=True, message="fine\n::error::")
    found = answer(SubmissionDetail, id="s1", state="rejected", url="http://site/s1\nx=1", checks=[check])
    with open_site() as site:
        site.put("/competitions/ttt/submissions", (201, found))
        site.put("/submissions/s1", found)
        environment = {
            **{"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "GITHUB_OUTPUT": str(output)},
            **{
                "COLISEUM_SERVER": site.address,
                "COLISEUM_TOKEN": "t",
                "COMPETITION": "ttt",
                "NOTE": "a; b $(c)",
            },
            **{"AGENT": "mine.py", "CHECK": "false", "GITHUB_ACTION_PATH": str(ACTION)},
            **{"COLISEUM_CONFIG": str(tmp_path / "none"), "ONLY_IF_BETTER": "true"},
        }
        run = subprocess.run(
            ["bash", ACTION / "submit.sh"],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (run.returncode, run.stderr) == (6, "")
        assert output.read_text().splitlines() == [
            "submission=s1",
            "state=rejected",
            "url=http://site/s1 x=1",
        ]
        assert "\n::error::" not in run.stdout
        body = site.requests[0][3]
        assert b'name="note"\r\n\r\na; b $(c)\r\n' in body
        assert b'name="only_if_better"' in body
    names = set(re.findall(r"\$(?:\{)?([A-Z_]+)", (ACTION / "submit.sh").read_text()))
    given = (ACTION / "action.yml").read_text()
    assert all(f" {name}: " in given for name in names - {"GITHUB_ACTION_PATH"})
