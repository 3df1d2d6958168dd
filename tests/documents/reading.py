"""A document as a list of what stands in it to be typed or saved: commands, files, programs."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SHELL: Final = ("sh", "console")
LANGUAGES: Final = {*SHELL, "python", "toml", "json", "yaml", "text"}
PROGRAMS: Final = (
    *(
        "coliseum",
        "make",
        "python",
        "pip",
        "curl",
        "docker",
        "docker-compose",
        "eval",
        "git",
        "sqlite3",
        "cp",
    ),
    *("rsync", "pg_dump", "psql", "systemctl", "nginx", "apt-get"),
)
_FENCE = re.compile(r" *```(\S*)\s*$")
_SPAN = re.compile(r"`([^`]+)`")
_TYPED = re.compile(rf"(?:[A-Z_]+=\S+ )*(?:{'|'.join(map(re.escape, PROGRAMS))})\s+\S")
_FILE = re.compile(r"# ([\w./-]+\.(?:py|toml|sh|yaml))\b")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block.

    Attributes:
        line: of its first line of text, from 1.
        file: what its first line says it is called, as `# agent.py`.
    """

    line: int
    language: str
    text: str

    @property
    def file(self) -> str:
        found = _FILE.match(self.text)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Command:
    """A command somebody may type.

    Attributes:
        shown: what the document says is printed; empty where it says nothing.
    """

    line: int
    text: str
    shown: str = ""


def documents() -> list[str]:
    """Return all documents people read, by their paths, in the order in which one would read them."""
    first = ("docs/start.md", "README.md", "docs/participant.md", "docs/client.md", "docs/commands.md")
    found = {
        path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))
    }
    found -= {"CHANGELOG.md"}  # What was true once.
    return [*first, *sorted(found - set(first))]


def parts(document: str) -> list[Block | Command]:
    """Return blocks and the commands between them in their order."""
    return parts_of((ROOT / document).read_text(encoding="utf-8"))


def parts_of(text: str) -> list[Block | Command]:
    """Return blocks and the commands between them in their order."""
    found: list[Block | Command] = []
    lines: list[str] = []
    prose: list[tuple[int, str]] = []
    opened, language = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        fence = _FENCE.match(line)
        if fence and not opened:
            opened, language, lines = number + 1, fence[1], []
        elif fence:
            found.append(Block(opened, language, "\n".join(lines)))
            opened = 0
        elif opened:
            lines.append(line)
        # A code span may be broken over two lines, but not over a blank one.
        is_prose = not opened and not fence and line.strip()
        if is_prose:
            prose.append((number, line))
        if prose and (not is_prose or line.lstrip().startswith("|")):
            found += _spans(prose)
            prose = []
    assert not opened, f"the block of line {opened} has no end"
    return sorted([*found, *_spans(prose)], key=lambda part: part.line)


def _spans(prose: list[tuple[int, str]]) -> list[Command]:
    """Return the code spans of a paragraph that are typed into a shell."""
    text = "\n".join(line for _, line in prose)
    return [
        Command(prose[0][0] + text[: span.start()].count("\n"), " ".join(span[1].split()))
        for span in _SPAN.finditer(text)
        if _TYPED.match(span[1])
    ]


def commands_of(block: Block) -> list[Command]:
    """Return the commands of a shell block, with what it shows of their output."""
    if block.language == "console":
        return _session(block)
    found: list[Command] = []
    lines: list[str] = []
    begun = block.line
    for number, line in enumerate(block.text.splitlines(), block.line):
        begun = begun if lines else number
        lines.append(line)
        if line.endswith("\\"):
            continue
        text = without_comment("\n".join(lines))
        lines = []
        if text:
            found.append(Command(begun, text))
    return found


def _session(block: Block) -> list[Command]:
    """Return what stands behind each `$`, and the lines below it."""
    found: list[Command] = []
    for number, line in enumerate(block.text.splitlines(), block.line):
        if line.startswith("$ "):
            found.append(Command(number, line.removeprefix("$ ")))
        else:
            assert found, f"line {number} shows output before any command"
            last = found.pop()
            found.append(Command(last.line, last.text, f"{last.shown}{line}\n"))
    return found


def without_comment(text: str) -> str:
    """Return a command without the comment behind it."""
    return re.sub(r"(^|\s)#\s.*$", "", text, flags=re.MULTILINE).strip()


def looks_like(expected: str, printed: str) -> bool:
    """Say whether a document shows what was printed: figures may differ, `...` stands for anything."""
    pieces = [_with_any_figures(piece) for piece in " ".join(expected.split()).split("...")]
    return re.fullmatch(".*".join(pieces), " ".join(printed.split()), re.DOTALL) is not None


def _with_any_figures(text: str) -> str:
    return re.sub(r"\d[\d,.]*\d|\d", r"[\\d,.]+", re.escape(text).replace(r"\.", "."))
