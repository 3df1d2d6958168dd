"""Somebody who reads a document and does what it says, line by line."""

import json
import os
import re
import shutil
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.documents.installation import Site
from tests.documents.left_out import PLAIN_CAPITALS, REASONS, TRIED_APART, allowed_statuses, may_be_executed
from tests.documents.parsing import UnknownCommandError, check_understood, is_name
from tests.documents.reading import ROOT, SHELL, Block, Command, commands_of, looks_like, parts
from tests.documents.shell import Ran, Shell

_PLACEHOLDER = re.compile(r"(?<![$\w{.-])[A-Z][A-Z_]*(?![\w=}-])")
_ONCE = (
    *("coliseum login", "coliseum join", "coliseum leaderboard", "coliseum explain", "coliseum doctor"),
    *("python manage.py rerate", "python manage.py migrate"),
)
"""Commands that do nothing new when a second document says the same."""
_ARENA = "connect_four-v3"
_CODE = re.compile(r"confirm this code: (\S+)")


@dataclass
class Followed:
    """What became of a document: a line for each command, and what was wrong."""

    executed: list[str] = field(default_factory=list)
    parsed: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Reader:
    """Follows documents on one site, as one person.

    Args:
        folder: for the folders in which documents are followed.
    """

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.folder = folder
        self._done: set[str] = set()
        self._codes: set[str] = set()
        self._printed = ""
        self._programs = Path(sys.executable).parent
        self._config = folder / "config.toml"

    def follow(self, document: str) -> Followed:
        """Do all that a document says, up to the first thing that goes wrong."""
        found = Followed()
        place = self.folder / document.replace("/", "-").removesuffix(".md")
        _make_checkout(place, self.site.home)
        shell = Shell(place, self._environment(document), self._answer)
        try:
            for part in parts(document):
                try:
                    self._follow(part, shell, place, found)
                except (UnknownCommandError, ValueError, SyntaxError) as error:
                    found.problems.append(f"{type(error).__name__}: {error}")
                if found.problems:
                    found.problems[-1] = f"{document}:{part.line}: {found.problems[-1]}"
                    break
        finally:
            shell.close()
        return found

    def _environment(self, document: str) -> dict[str, str]:
        kept = {name: text for name, text in os.environ.items() if not name.startswith("COLISEUM_")}
        # A document that says how to come to the programs must be right about it.
        says_how = any(isinstance(part, Block) and "bin/activate" in part.text for part in parts(document))
        programs = str(self._programs)
        path = [each for each in kept["PATH"].split(":") if each != programs]
        return {
            **kept,
            "PATH": ":".join(path if says_how else [programs, *path]),
            "COLISEUM_HOME": str(self.site.home),
            "COLISEUM_CONFIG": str(self._config),
            "COLISEUM_PORT": str(self.site.port),
            "SITE": self.site.address,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "ORT_DISABLE_TELEMETRY": "1",
        }

    def _answer(self, printed: str) -> str:
        """Do what a command asks for: confirm its code in the browser, or answer at the terminal."""
        if (code := _CODE.search(printed)) and code[1] not in self._codes:
            self._codes.add(code[1])
            self.site.visitor.press(f"{self.site.address}/device?code={code[1]}", action="confirm")
            return ""
        if "[y/N]" in printed:
            return "y\n"
        return ""

    def _follow(self, part: Block | Command, shell: Shell, place: Path, found: Followed) -> None:
        if isinstance(part, Command):
            if is_name(part.text):
                found.named.append(part.text)
            else:
                self._try(part, shell, place, found)
        elif part.language in SHELL:
            for command in commands_of(part):
                self._try(command, shell, place, found)
                if found.problems:
                    return
        elif part.language == "python":
            self._save_program(part, shell, place, found)
        else:
            self._look_at(part, shell, place, found)

    def _try(self, command: Command, shell: Shell, place: Path, found: Followed) -> None:
        if any(reason.covers(command.text) for reason in REASONS):
            check_understood(command.text)
            found.parsed.append(command.text)
            return
        if not may_be_executed(command.text):
            raise UnknownCommandError(f"`{command.text}` is neither executed nor left out for a reason.")
        text = self._filled(command.text, place)
        if text in self._done:
            found.executed.append(text)
            return
        self._run(text, shell, found, command.shown)
        if text.startswith(_ONCE):
            self._done.add(text)

    def _run(self, text: str, shell: Shell, found: Followed, shown: str = "") -> None:
        ran = shell.run(text)
        found.executed.append(text)
        found.seconds += ran.seconds
        self._printed = ran.out
        if ran.status not in allowed_statuses(text) or "Traceback" in ran.err:
            found.problems.append(f"`{text}` ended with {ran.status}:\n{_tail(ran)}")
        elif shown and not any(
            looks_like(shown, each) for each in (ran.out, ran.out + ran.err, ran.err + ran.out)
        ):
            found.problems.append(f"`{text}` printed another thing than is shown:\n{_tail(ran)}")

    def _save_program(self, block: Block, shell: Shell, place: Path, found: Followed) -> None:
        """Save Python under its name and run it; an agent is played instead."""
        text = block.text.replace("http://localhost:8000", self.site.address)
        name = block.file or f"line_{block.line}.py"
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(text)
        compile(text, name, "exec")
        if name in TRIED_APART:
            return
        if re.search(r"^class Agent\b|^def agent\(", text, re.MULTILINE) and "..." not in text:
            self._run(f"{self._programs}/coliseum check {name} --arena {_ARENA}", shell, found)
        elif "import torch" not in text:
            self._run(f"{self._programs}/python {name}", shell, found)

    def _look_at(self, block: Block, shell: Shell, place: Path, found: Followed) -> None:
        """Read a file that a document shows, as whatever reads it would."""
        if block.language == "toml":
            if block.file:
                (place / block.file).write_text(block.text)
            if "[competition]" in block.text:
                (place / "shown.toml").write_text(block.text)
                self._run(f"{self._programs}/coliseum host check shown.toml --no-play", shell, found)
        elif block.language == "json":
            json.loads(block.text)
        elif block.language == "yaml":
            yaml.safe_load(block.text)

    def _filled(self, text: str, place: Path) -> str:
        """Put real things into the places of a command that say what belongs there."""
        text = text.replace("http://localhost:8000", self.site.address)
        text = text.replace("https://coliseum.example", self.site.address)

        def real(found: re.Match[str]) -> str:
            word = found[0]
            return word if word in PLAIN_CAPITALS else str(self._meaning(word, place))

        return _PLACEHOLDER.sub(real, text)

    def _meaning(self, word: str, place: Path) -> object:
        """Return what a placeholder stands for here and now.

        Raises:
            UnknownCommandError: a document uses one that nobody has explained.
        """
        asked = self.site.asked
        own = next((each for each in ("my-agent", "agent.py") if (place / each).exists()), "")
        if word in {"SUBMISSION", "AGENT"}:
            sent = asked("/submissions?competition=connect-four")["items"]
            return next((each["id"] for each in sent if each["name"] == own), sent[0]["id"])
        if word in {"MATCH", "OPPONENT"}:
            return self._match(place)[word]
        if word == "HASH":
            last = (place / "ledger.jsonl").read_text().splitlines()[-1]
            return json.loads(last)["hash"]
        if word == "CURSOR":
            return json.loads(self._printed)["next"]
        if word in {"LEDGER", "REPLAY"}:
            return self._fetched(word, place)
        if word == "PREFIX":
            return re.findall(r"^(col_\w+)  ", self._printed, re.MULTILINE)[-1]
        if word == "TOKEN":
            return tomllib.loads(self._config.read_text())["token"]
        meanings = {
            "SERVER": self.site.address,
            "COMPETITION": "connect-four",
            "SLUG": "connect-four",
            "ARENA": _ARENA,
            "PATH": own,
            "FOLDER": "new-folder",
            "CODE": "upload.empty",
            "USER": "ann",
            "HOST": "admin",
        }
        if not meanings.get(word):
            raise UnknownCommandError(f"{word} stands for nothing known here.")
        return meanings[word]

    def _fetched(self, word: str, place: Path) -> str:
        """Download what somebody has who checks a result."""
        name, address = {
            "LEDGER": ("ledger.jsonl", "/competitions/connect-four/ledger.jsonl"),
            "REPLAY": ("replay.json", f"/api/v1/matches/{self._match(place)['MATCH']}/replay"),
        }[word]
        (place / name).write_text(self.site.visitor.get(self.site.address + address))
        return name

    def _match(self, place: Path) -> dict[str, Any]:
        """Return a league match that the reader's own agent played, waiting for it, and whom it met."""
        mine = self._meaning("SUBMISSION", place)
        address = f"/matches?limit=1&kind=league&state=finished&agent={mine}"
        played = self.site.wait(lambda: self.site.asked(address)["items"], "a match of the reader's agent")[0]
        other = [seat["submission"] for seat in played["seats"] if seat["submission"] != mine]
        return {"MATCH": played["id"], "OPPONENT": other[0] if other else mine}


def _tail(ran: Ran) -> str:
    return f"{ran.out[-1500:]}{ran.err[-2500:]}"


def _make_checkout(place: Path, home: Path) -> None:
    """Make a folder that looks like the project's own, in which new files hurt nobody."""
    place.mkdir()
    for entry in ROOT.iterdir():
        if entry.name not in {".coliseum", ".pytest_cache", "agent.py"}:
            (place / entry.name).symlink_to(entry)
    (place / ".coliseum").symlink_to(home)


def remove(folder: Path) -> None:
    """Remove a folder of checkouts; what they link to stays."""
    shutil.rmtree(folder, ignore_errors=True)
