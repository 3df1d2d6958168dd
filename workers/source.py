"""Read agent.py without running it: is it text, does it parse, is there an agent in it."""

import ast
import codecs
import re
import warnings
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from workers.refusals import RefusedError

EntryPoint: TypeAlias = Literal["class", "function"]

FILE_BYTES: Final = 1024 * 1024
"""Largest Python file that is read."""

_COOKIE: Final = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_TOO_NESTED: Final = ("too many nested parentheses", "too many statically nested blocks")
_CONTAINERS: Final = (ast.If, ast.Try, ast.With)
_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def find_entry_point(source: bytes, *, file: str = "agent.py") -> EntryPoint:
    """Return how an agent file offers its agent; the class wins where it has both.

    Args:
        source: the file as it was sent.
        file: its name, for messages.

    Raises:
        RefusedError: `source.*` or `upload.empty`, when the file cannot be an agent.
    """
    if not source.strip():
        raise RefusedError("upload.empty", file=file, field="file")
    module = _parse(_decode(source, file), file)
    found: list[str] = []
    agents: dict[str, ast.AST] = {}
    for name, node in _definitions(module.body):
        if name in {"Agent", "agent"}:
            agents[name] = node
        elif name not in found:
            found.append(name)
    if "Agent" in agents:
        _check_class(agents["Agent"])
        return "class"
    if "agent" in agents:
        node = agents["agent"]
        if isinstance(node, _Function):
            _check_callable(node, owner="agent", method=False)
        return "function"
    raise RefusedError("source.no_entry_point", found=found[:8] or "nothing", field="file")


def _decode(source: bytes, file: str) -> str:
    if (position := source.find(b"\0")) >= 0:
        raise RefusedError("source.not_text", file=file, position=position + 1, field="file")
    if (encoding := _declared_encoding(source)) and not _is_utf8(encoding):
        raise RefusedError("source.bad_encoding", file=file, encoding=encoding, field="file")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The decoder counts from behind a byte order mark.
        start = error.start + (len(codecs.BOM_UTF8) if source.startswith(codecs.BOM_UTF8) else 0)
        line = source.count(b"\n", 0, start) + 1
        byte = start - source.rfind(b"\n", 0, start)
        raise RefusedError("source.not_text", file=file, byte=byte, line=line, field="file") from None


def _declared_encoding(source: bytes) -> str:
    """Return the encoding named in the first two lines, as PEP 263 reads them."""
    for line in source.removeprefix(codecs.BOM_UTF8).splitlines()[:2]:
        if match := _COOKIE.match(line):
            return match.group(1).decode("ascii", "replace")
        if line.strip() and not line.lstrip().startswith(b"#"):
            break
    return ""


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("_", "-") in {"utf-8", "utf8", "utf-8-sig"}


def _parse(text: str, file: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(text, filename=file)
            compile(module, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        if error.msg.startswith(_TOO_NESTED):
            raise _too_deep(file) from None
        raise _syntax_error(error, text, file) from None
    except (RecursionError, MemoryError):
        raise _too_deep(file) from None
    except ValueError as error:
        # For example an integer with more digits than Python converts.
        raise _syntax_error(SyntaxError(str(error)), text, file) from None
    return module


def _too_deep(file: str) -> RefusedError:
    return RefusedError("source.syntax_error", file=file, field="file")


def _syntax_error(error: SyntaxError, text: str, file: str) -> RefusedError:
    line = error.lineno or 1
    lines = text.splitlines()
    shown = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return RefusedError(
        "source.syntax_error",
        file=file,
        line=line,
        column=error.offset or 1,
        problem=error.msg,
        text=shown,
        field="file",
    )


def _definitions(body: list[ast.stmt]) -> Iterator[tuple[str, ast.AST]]:
    """Yield the names bound at the top level, also inside if, try and with."""
    for node in body:
        if isinstance(node, _Function | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((alias.asname, node) for alias in node.names if alias.asname)
            yield from ((a.name, node) for a in node.names if a.name in {"Agent", "agent"} and not a.asname)
        elif isinstance(node, ast.Assign):
            yield from ((target.id, node) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, _CONTAINERS):
            for part in ("body", "orelse", "finalbody"):
                yield from _definitions(getattr(node, part, []))
            for handler in getattr(node, "handlers", []):
                yield from _definitions(handler.body)


def _check_class(node: ast.AST) -> None:
    """Check `act` where it is written down; an inherited or imported one shows in validation."""
    if not isinstance(node, ast.ClassDef):
        return
    acts = [item for name, item in _definitions(node.body) if name == "act"]
    if acts and isinstance(acts[-1], _Function):
        _check_callable(acts[-1], owner="Agent.act", method=not _is_static(acts[-1]))
    elif not acts and not node.bases:
        raise _bad_signature("Agent.act", "no method act")


def _check_callable(node: _Function, *, owner: str, method: bool) -> None:
    if isinstance(node, ast.AsyncFunctionDef):
        raise RefusedError("source.bad_signature", coroutine=owner, field="file")
    arguments = node.args
    positional = len(arguments.posonlyargs) + len(arguments.args) - method
    takes_one = positional >= 1 or arguments.vararg is not None
    needs_keyword = any(default is None for default in arguments.kw_defaults)
    if not takes_one or needs_keyword:
        raise _bad_signature(owner, f"{node.name}({ast.unparse(arguments)})")


def _bad_signature(owner: str, found: str) -> RefusedError:
    wanted = "act(self, observation)" if owner == "Agent.act" else "agent(observation)"
    return RefusedError("source.bad_signature", owner=owner, found=found, wanted=wanted, field="file")


def _is_static(node: _Function) -> bool:
    return any(isinstance(item, ast.Name) and item.id == "staticmethod" for item in node.decorator_list)
