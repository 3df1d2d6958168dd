"""The documents are true: every module, setting, command, make target and path they speak of exists."""

import re
import subprocess
import sys
from pathlib import Path

from workers.cli import _COMMANDS

ROOT = Path(__file__).resolve().parents[1]
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def modules() -> list[str]:
    found = []
    for root in ("arenas", "workers", "platform/coliseum"):
        for path in sorted((ROOT / root).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if any(part in name for part in ("/migrations/", "/games/", "/baselines/", "/management/")):
                continue
            if path.name not in {"__init__.py", "apps.py", "admin.py"}:
                found.append(name)
    return found


def test_every_module_has_its_line_in_the_architecture() -> None:
    missing = [name for name in modules() if f"`{name}`" not in ARCHITECTURE]
    assert not missing, f"ARCHITECTURE.md does not tell what these are for (run make rooms): {missing}"


def test_every_module_in_the_architecture_exists_with_its_caption() -> None:
    for name, caption in re.findall(
        r"^\| `((?:arenas|workers|platform)/[^`]+\.py)` \| (.+?) \|$", ARCHITECTURE, re.M
    ):
        path = ROOT / name
        assert path.exists(), f"{name} is gone"
        first = path.read_text(encoding="utf-8").split('"""')[1].strip().splitlines()[0]
        assert caption == first.replace("|", "\\|"), f"{name} says: {first}"


def test_every_setting_is_documented() -> None:
    listed = subprocess.run(
        ["git", "grep", "-ohE", "COLISEUM_[A-Z_]+", "--", "platform", "workers", "arenas"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    missing = sorted({name for name in listed if f"`{name}`" not in text and not name.endswith("_")})
    assert not missing, f"docs/settings.md lacks {missing}"


def test_every_command_is_documented() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    text += "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    missing = [name for name in _COMMANDS if f"coliseum {name}" not in text]
    assert not missing


def test_every_make_target_the_documents_name_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    for document in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z-]+)`", document.read_text(encoding="utf-8")):
            assert target in targets, f"{document.name} names make {target}"


def test_every_relative_link_leads_somewhere() -> None:
    for document in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")):
        for target in re.findall(
            r"\]\((?!https?://|#|mailto:|/)([^)#]+)", document.read_text(encoding="utf-8")
        ):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_documents_name_no_machine_and_no_note_outside_the_project() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    # Put together from pieces, so that this file does not name them either.
    words = ("../sha" + "red", "/wor" + "k/", "py" + "pi.org", "python" + "hosted", "registry." + "npmjs")
    banned = re.compile("|".join(map(re.escape, words)))
    for name in listed:
        path = ROOT / name
        if (
            path.suffix in {".md", ".py", ".toml", ".yaml", ".html", ".js", ".css", ".txt", ".sh", ""}
            and path.is_file()
        ):
            found = banned.search(path.read_text(encoding="utf-8", errors="replace"))
            assert not found, f"{name} names {found.group() if found else ''}"


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    program = (
        "import sys; from workers.cli import cli; "
        "print(sorted(name for name in ('django', 'numpy', 'pettingzoo', 'celery') if name in sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
