"""Gather all words people read into the catalogues, and compile these: `make words`.

Words stand in templates, in Python round a `gettext`, in scripts round `word(...)`, and in the tables of
workers/refusals, which know of no language. Lines and dates are left out: a diff shows changed words alone.
"""

import ast
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
LOCALE: Final = ROOT / "frontend" / "locale"
LANGUAGES: Final = ("de",)
RETOLD: Final = "en"
"""The catalogue that says words of django-allauth in the way of this site; kept by hand."""
KEYWORDS: Final = (
    *("gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2", "npgettext:1c,2,3"),
    *("pgettext_lazy:1c,2", "npgettext_lazy:1c,2,3", "amount:2,3"),
)
"""What marks words in Python beside the names that xgettext knows itself."""
PLURALS: Final = "nplurals=2; plural=n != 1"
LAYOUT: Final = ("--no-wrap", "--add-location=file", "--sort-by-file")


def catalogue_of(language: str) -> Path:
    """Return where the words of a language are kept; the compiled ones lie beside them."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def extract(folder: Path) -> Path:
    """Write all words of the interface as a template of catalogues, and return its path."""
    pot = folder / "django.pot"
    python = [*_templates(folder), *_modules(folder), *_tables(folder)]
    keywords = [f"--keyword={each}" for each in KEYWORDS]
    shared = ["--from-code=UTF-8", "--add-comments=Translators", *LAYOUT]
    _run("xgettext", *shared, "--language=Python", *keywords, f"--output={pot}", *python, folder=folder)
    words = ["--keyword", "--keyword=word:1", "--keyword=counted:2,3"]
    joined = ["--join-existing", "--language=JavaScript", *words, f"--output={pot}"]
    _run("xgettext", *shared, *joined, *_scripts(folder), folder=folder)
    text = pot.read_text(encoding="utf-8").replace("nplurals=INTEGER; plural=EXPRESSION", PLURALS)
    pot.write_text(text, encoding="utf-8")
    return pot


def merge(pot: Path, catalogue: Path) -> None:
    """Bring a catalogue to the words there are: new ones come in empty, those that are gone go."""
    _run("msgmerge", "--quiet", "--update", "--backup=none", "--no-fuzzy-matching", *LAYOUT, catalogue, pot)
    _run("msgattrib", "--no-obsolete", *LAYOUT, f"--output-file={catalogue}", catalogue)
    lines = catalogue.read_text(encoding="utf-8").splitlines(keepends=True)
    catalogue.write_text("".join(line for line in lines if "POT-Creation-Date" not in line), encoding="utf-8")


def compiled(catalogue: Path, target: Path) -> Path:
    """Compile a catalogue; whatever is empty or not sure stays English."""
    _run("msgfmt", f"--output-file={target}", catalogue)
    return target


def filled_in(pot: Path) -> Path:
    """Return a catalogue of English: every message says itself."""
    target = pot.with_name("en.po")
    _run("msgen", f"--output-file={target}", pot)
    return target


def _run(*command: str | Path, folder: Path = ROOT) -> str:
    """Run a tool of gettext and return what it said; its warnings count for nothing when it went well."""
    settings = {"cwd": folder, "env": os.environ | {"LC_ALL": "C.UTF-8"}, "capture_output": True}
    done = subprocess.run(list(map(str, command)), text=True, **settings)  # type: ignore[call-overload]
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stderr}")
    return str(done.stderr)


def _templates(folder: Path) -> Iterator[str]:
    """Rewrite templates as the calls that xgettext reads."""
    from django.utils.translation.template import templatize

    for path in _below("frontend/templates", "*.html", "*.txt"):
        yield _written(folder, path, templatize(path.read_text(encoding="utf-8"), origin=str(path)))


def _modules(folder: Path) -> Iterator[str]:
    for path in _below("platform/coliseum", "*.py"):
        yield _written(folder, path, path.read_text(encoding="utf-8"))


def _scripts(folder: Path) -> Iterator[str]:
    for path in [*_below("frontend/static/js", "*.js"), *_below("arenas/games", "*.js")]:
        yield _written(folder, path, path.read_text(encoding="utf-8"))


def _tables(folder: Path) -> Iterator[str]:
    """Write out the words of tables: they are looked up when shown, so that no call marks them."""
    for name, texts in TABLES.items():
        calls = [f"_({json.dumps(text, ensure_ascii=False)})" for text in dict.fromkeys(texts()) if text]
        yield _written(folder, ROOT / f"{name}.py", "\n".join(calls))


def _refusals() -> Iterator[str]:
    from workers.refusals import OUTCOMES, REFUSALS
    from workers.refusals.commands import COMMANDS

    # The command line speaks English alone.
    for refusal in [each for each in REFUSALS.values() if each not in COMMANDS]:
        for wording in refusal.wordings:
            yield from (wording.message, wording.hint)
    for outcome in OUTCOMES.values():
        yield from (outcome.label, outcome.meaning, outcome.hint)


def _phrases() -> Iterator[str]:
    """Yield what is put into refusals where these are raised, as far as it is a plain text."""
    from workers.refusals.retelling import MADE_PHRASES, PHRASES

    yield from MADE_PHRASES

    modules = [path for root in ("platform/coliseum", "workers") for path in _below(root, "*.py")]
    for path in [each for each in modules if each.parent.name != "cli"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "RefusedError":
                for given in node.keywords:
                    if given.arg in PHRASES and isinstance(given.value, ast.Constant):
                        yield str(given.value.value)


def _arenas() -> Iterator[str]:
    from arenas import registry
    from arenas.measures import MEASURES

    for spec in map(registry.get, registry.names()):
        yield spec.summary
        yield from (each.label for each in spec.controls)
    for measure in MEASURES.values():
        yield from (measure.title, measure.meaning)


def _formats() -> Iterator[str]:
    from workers.league.formats.named import FORMATS
    from workers.league.formats.tiebreaks import TIEBREAK_WORDS

    for each in FORMATS.values():
        yield from (each.label, each.summary)
        for option in each.options:
            yield from (option.label, option.help)
    yield from TIEBREAK_WORDS.values()


def _play() -> Iterator[str]:
    from workers.live.ending import ENDINGS
    from workers.spec import Isolation

    yield from ENDINGS.values()
    yield from (each.label for each in Isolation)


def _allauth() -> Iterator[str]:
    """Yield words of the library that are said anew: its German speaks to strangers, ours to friends."""
    yield from (
        "Please reauthenticate to safeguard your account.",
        "Enter your password:",
        "Enter an authenticator code:",
        "Your account is protected by two-factor authentication. Please enter an authenticator code:",
        "You are about to generate a new set of recovery codes for your account.",
        "This action will invalidate your existing codes.",
        "Are you sure?",
        "You can store this secret and use it to reinstall your authenticator app at a later time.",
        "You are about to deactivate authenticator app based authentication. Are you sure?",
        "Are you sure you want to remove this security key?",
        "Use your password",
        "Use authenticator app or code",
        "Use a security key",
        "We've sent a code to %(recipient)s. The code expires shortly, so please enter it soon.",
    )


TABLES: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "workers/refusals/tables": _refusals,
    "workers/refusals/phrases": _phrases,
    "arenas/registry": _arenas,
    "workers/league/formats": _formats,
    "workers/live/ending": _play,
    "allauth/words": _allauth,
}
"""Words that stand in tables of those who know of no language, by where they come from."""


def _below(root: str, *patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in (ROOT / root).rglob(pattern))


def _written(folder: Path, path: Path, text: str) -> str:
    name = path.relative_to(ROOT)
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return str(name)


def main() -> None:
    """Bring all catalogues up to date, compile them, and say what is left to translate."""
    sys.path.insert(0, str(ROOT / "platform"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coliseum.settings")
    with tempfile.TemporaryDirectory() as folder:
        pot = extract(Path(folder))
        for language in LANGUAGES:
            catalogue = catalogue_of(language)
            merge(pot, catalogue)
            compiled(catalogue, catalogue.with_suffix(".mo"))
            print(language, _run("msgfmt", "--statistics", "--output-file=/dev/null", catalogue).strip())
    compiled(catalogue_of(RETOLD), catalogue_of(RETOLD).with_suffix(".mo"))


if __name__ == "__main__":
    main()
