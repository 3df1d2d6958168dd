"""The house: where things are, how large they are, who may import whom."""

import ast
import os
import platform
import re
import subprocess
import sys
import sysconfig
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("arenas", "workers", "platform/coliseum")
LARGEST_FILE = 400
LONGEST_FUNCTION = 60
MOST_PARAMETERS = 7
BANNED_MODULES = {"utils", "helpers", "misc", "common", "manager"}


def python_files(*folders: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return [
        ROOT / name
        for name in listed
        if name.startswith(tuple(f"{folder}/" for folder in folders))
        and "/migrations/" not in name
        and (ROOT / name).exists()
    ]


def test_platform_is_a_source_root_and_not_a_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert Path(platform.__file__).is_relative_to(sysconfig.get_path("stdlib"))
    assert platform.machine()


def test_no_module_is_named_after_the_standard_library_or_a_dependency() -> None:
    taken = set(sys.stdlib_module_names) | set(packages_distributions())
    taken -= {"arenas", "workers", "coliseum", "tests", "frontend"}
    for folder in (ROOT / "arenas", ROOT / "workers", ROOT / "platform" / "coliseum"):
        for entry in folder.iterdir():
            name = entry.stem if entry.suffix == ".py" else entry.name if entry.is_dir() else ""
            if not name or name.startswith("_"):
                continue
            assert name not in taken, f"{entry.relative_to(ROOT)} hides the module {name}"
            assert name not in BANNED_MODULES, f"{entry.relative_to(ROOT)} is a drawer, not a room"


def test_every_test_folder_is_a_package() -> None:
    for file in python_files("tests"):
        assert (file.parent / "__init__.py").exists(), f"{file.parent} has no __init__.py"


@pytest.mark.parametrize(
    "file", python_files(*SOURCES, "tests"), ids=lambda file: str(file.relative_to(ROOT))
)
def test_a_file_has_one_subject_and_keeps_the_size(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count("\n") <= LARGEST_FILE, "split it by subject"
    tree = ast.parse(text)
    if text.strip():
        assert ast.get_docstring(tree) or "tests" in file.parts or "baselines" in file.parts, (
            "no caption line"
        )
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            told = node.body[0].end_lineno - node.body[0].lineno + 1 if ast.get_docstring(node) else 0
            assert node.end_lineno - node.lineno - told < LONGEST_FUNCTION, f"{node.name} is too long"
            arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
            own = [argument for argument in arguments if argument.arg not in {"self", "cls"}]
            if "click" not in text and "tests" not in file.parts:
                assert len(own) <= MOST_PARAMETERS, f"{node.name} takes {len(own)} parameters"


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK|raise NotImplemented" + r"Error)\b")
    for file in python_files(*SOURCES):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            assert not words.search(line), f"{file.relative_to(ROOT)}:{number}"


def test_templates_carry_no_inline_script_and_no_inline_style() -> None:
    for file in (ROOT / "frontend" / "templates").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        where = file.relative_to(ROOT)
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), where
        assert not re.search(r"\sstyle=", text), where
        assert not re.search(r"\son[a-z]+=", text), where
        assert "<style" not in text, where


def test_lock_files_name_no_host() -> None:
    for file in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in file.read_text(), file.name


def test_exactly_one_distribution_owns_box2d_and_pygame() -> None:
    owners = packages_distributions()
    assert len(set(owners["Box2D"])) == 1
    assert len(set(owners["pygame"])) == 1


def test_nothing_privileged_opens_what_an_agent_named() -> None:
    """Host code never extracts or copies by names from inside an upload."""
    for file in python_files("workers", "platform/coliseum"):
        text = file.read_text(encoding="utf-8")
        for call in ("extractall", "copytree", "pickle.load", "torch.load", "allow_pickle=True"):
            assert call not in text, f"{file.relative_to(ROOT)} uses {call}"


KIT_ONLY = """
import sys
for name in ("django", "celery", "redis", "kombu", "billiard"):
    sys.modules[name] = None
from workers.local import LocalArena, find_agent, find_arena
arena = find_arena("tictactoe-v3")
with LocalArena.open(arena) as local:
    lineup = [find_agent(arena, name) for name in ("random", "random")]
    episodes = local.play_match(lineup, seed=1)
print(len(episodes))
"""


def test_the_kit_plays_a_match_without_django_celery_or_redis() -> None:
    run = subprocess.run(
        [sys.executable, "-c", KIT_ONLY],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "2"


def test_imports_follow_the_contract() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    run = subprocess.run([str(tool)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-3000:]
