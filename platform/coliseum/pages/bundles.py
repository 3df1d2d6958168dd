"""The site's small modules as one script an entry: few requests, no build step, never stale.

How it works. The modules import each other by relative names. Here they become one script: each module a
function that returns what it exports, in the order of their imports. Django's static files then find the
script in the place of its first module, so that pages name `js/replay.js` either way. The style sheets that
every page loads become one too, `css/site.css`.
"""

import os
import posixpath
import re
import secrets
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import rjsmin
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage

from coliseum.pages.script_words import scripts

SHEET: Final = "css/site.css"
_IMPORT: Final = re.compile(r'^import (?:\{ ([^}]*) \} from )?"(\.{1,2}/[^"]+)";$', re.MULTILINE)
_SHEET: Final = re.compile(r'@import url\("([a-z]+\.css)"\);')
_REMARK: Final = re.compile(r"/\*.*?\*/|^\s+", re.DOTALL | re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:class|function|const) (\w+))", re.MULTILINE)


def bundle(entry: str) -> str:
    """Return a module and all that it imports as one script without comments.

    Args:
        entry: its name below the static files, as `js/replay.js`.
    """
    parts = [f'modules["{name}"] = (() => {{\n{_wrapped(name)}\n}})();' for name in modules_of(entry)]
    return str(rjsmin.jsmin("const modules = {};\n" + "\n".join(parts))) + "\n"


def sheet(entry: str) -> str:
    """Return a style sheet with those that it imports in their places, without comments and indents.

    Args:
        entry: its name below the static files, as `css/site.css`.
    """
    folder = posixpath.dirname(entry)
    whole = _SHEET.sub(lambda match: source_of(f"{folder}/{match[1]}"), source_of(entry))
    return _REMARK.sub("", whole)


def modules_of(entry: str) -> list[str]:
    """Return a module's imports, theirs and itself, each after all that it imports."""
    found: list[str] = []
    _collect(entry, found)
    return found


def source_of(name: str) -> str:
    """Return a static file of ours as text."""
    return (settings.FRONTEND / "static" / name).read_text()


def _collect(name: str, found: list[str]) -> None:
    for _, target in _IMPORT.findall(source_of(name)):
        needed = _resolved(name, target)
        if needed not in found:
            _collect(needed, found)
    found.append(name)


def _wrapped(name: str) -> str:
    text = source_of(name)

    def bind(match: re.Match[str]) -> str:
        if match[1] is None:
            return ""
        wanted = match[1].replace(" as ", ": ")
        return f'const {{ {wanted} }} = modules["{_resolved(name, match[2])}"];'

    body = _EXPORT.sub("", _IMPORT.sub(bind, text))
    return f"{body}\nreturn {{ {', '.join(_EXPORT.findall(text))} }};"


def _resolved(importer: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), target))


def entries() -> list[str]:
    """Return the modules that pages may load: those beside the folders."""
    return sorted(f"js/{path.name}" for path in (settings.FRONTEND / "static" / "js").glob("*.js"))


@cache
def written(folder: Path, *, is_source: bool) -> tuple[str, ...]:
    """Write the scripts below a folder and return their names; several processes may do so at once.

    Args:
        folder: where they go.
        is_source: whether the browser gets the modules and style sheets as they were written.
    """
    texts = scripts()
    if not is_source:
        texts = texts | {name: bundle(name) for name in entries()} | {SHEET: sheet(SHEET)}
    for name, text in texts.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, target)
    return tuple(texts)


class BundleFinder(BaseFinder):
    """Finds the scripts before their sources are found; with COLISEUM_DEBUG the sources are served.

    The words of other languages are scripts made here too.
    """

    def __init__(self, app_names: object = None, *args: Any, **kwargs: Any) -> None:  # Any: as Django has it
        self._folder = settings.HOME / "bundles"
        self._storage = FileSystemStorage(location=self._folder)
        # ServeStatic names all folders by this when a file is missing.
        self.storages = {"": self._storage}
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[CheckMessage]:  # Any: as Django has it
        """Find nothing wrong."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:  # Any: one address, or a list
        """Return where a script lies, if it is one of ours."""
        if path not in written(self._folder, is_source=settings.DEBUG):
            return [] if find_all else None
        found = str(self._folder / path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Give the scripts with their storage."""
        for name in written(self._folder, is_source=settings.DEBUG):
            yield name, self._storage
