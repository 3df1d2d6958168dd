"""Write workers/client/answers and workers/client/operations from the API: `python -m tests.client_calls`.

The calls come from the published description, one method for each operation, by its operation id. The
answers come from the API's own shapes, because the description does not tell what their fields mean; a test
compares them with it field by field.
"""

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[1]
CLIENT = ROOT / "workers" / "client"
SHAPES = ROOT / "platform" / "coliseum" / "api"
PREFIX = "/api/v1/"
BY_HAND: Final = frozenset({"rehearse", "submit"})
"""Operations that the client writes out itself: what they send is no JSON."""
MOST_PARAMETERS: Final = 6
WIDTH: Final = 110
_KINDS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_NOTE = "Made by `python -m tests.client_calls`."

Json = dict[str, Any]  # Any: JSON


class Shapes:
    """The API's own classes of answers, and in which file of ours each of them goes."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.places: dict[str, str] = {}
        for path in sorted(SHAPES.glob("*schemas.py")):
            source = path.read_text(encoding="utf-8")
            place = path.stem.removesuffix("_schemas").removesuffix("schemas") or "competition"
            for node in ast.parse(source).body:
                if isinstance(node, ast.ClassDef):
                    self.texts[node.name] = ast.get_source_segment(source, node) or ""
                    self.places[node.name] = f"{place}_answers"

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield each file's name and text."""
        for place in sorted(set(self.places.values())):
            names = [name for name, where in self.places.items() if where == place]
            body = "\n\n\n".join(_structure(self.texts[name]) for name in names)
            bases = [base for base in ("Answer", "Listing") if f"({base}," in body]
            lines = [f"from workers.client.answers.base import {', '.join(bases)}"]
            used: dict[str, list[str]] = {}
            for name, where in self.places.items():
                if where != place and re.search(rf"\b{name}\b", body):
                    used.setdefault(where, []).append(name)
            lines += [
                f"from workers.client.answers.{w} import {', '.join(n)}" for w, n in sorted(used.items())
            ]
            head = f'"""What the API answers, in the shapes of {place.removesuffix("_answers")}. {_NOTE}"""\n'
            yield f"answers/{place}.py", "\n".join([head, *_library(body), *lines, "\n", body, ""])


def _structure(text: str) -> str:
    """Return a class of the API as a structure of ours: frozen, with tuples for lists."""
    base = "Listing" if re.search(r"^    items:", text, re.M) else "Answer"
    text = text.replace("(Schema)", f"({base})", 1)
    text = re.sub(r"^(class \w+\(\w+)\)", r"\1, frozen=True)", text, count=1)
    while (changed := re.sub(r"\blist\[((?:[^\[\]]|\[[^\[\]]*\])*)\]", r"tuple[\1, ...]", text)) != text:
        text = changed
    return text


def _library(body: str) -> list[str]:
    found = []
    if "Iterator[" in body or "Sequence[" in body or "Mapping[" in body:
        names = [name for name in ("Iterator", "Mapping", "Sequence") if f"{name}[" in body]
        found.append(f"from collections.abc import {', '.join(names)}")
    if moments := [name for name in ("date", "datetime") if re.search(rf"\b{name}\b", body)]:
        found.append(f"from datetime import {', '.join(moments)}")
    if "Path " in body or "Path)" in body:
        found.append("from pathlib import Path")
    names = [
        name
        for name in ("Any", "Literal", "Required", "TypedDict", "Unpack")
        if re.search(rf"\b{name}\b", body)
    ]
    return [*found, f"from typing import {', '.join(names)}\n" if names else ""]


class Operation:
    """One operation of the description, as a method."""

    def __init__(self, method: str, path: str, facts: Json, description: Json) -> None:
        self.name: str = facts["operationId"]
        self.group: str = facts.get("tags", ["site"])[0].replace(" ", "_").replace("-", "_")
        self._method, self._path, self._facts = method.upper(), path, facts
        self._description = description
        self.forms: set[str] = set()

    def text(self) -> str:
        """Return the method's text."""
        parameters = self._facts.get("parameters", [])
        places = {each["name"]: _type(each["schema"]) for each in parameters if each["in"] == "path"}
        asked = {each["name"]: each["schema"] for each in parameters if each["in"] == "query"}
        content, is_raw = self._content()
        form, is_list = self._form()
        options = {name: _type(schema) for name, schema in asked.items()}
        if is_list:
            options = {k: v for k, v in options.items() if k not in {"limit", "cursor"}} | {"most": "int"}
        wanted = [f"{name}: {kind}" for name, kind in places.items()]
        wanted += ["content: bytes"] * is_raw + ["path: Path | str"] * (form == "bytes")
        fields = {name: _type(schema) for name, schema in content.items()}
        needed = [name for name, schema in content.items() if schema["required"]]
        self.facts = ""
        if len(wanted) + len(fields) + len(options) > MOST_PARAMETERS:
            keywords = self._collected(fields | options, needed)
            options = {"most": "int"} if is_list else {}
            sent = "facts"
        else:
            keywords = [f"{name}: {fields[name]}" for name in needed]
            keywords += [f"{k}: {v} | None = None" for k, v in fields.items() if k not in needed]
            sent = (
                "{"
                + ", ".join(f'"{name}": {name}' for name in fields or asked if name in fields | options)
                + "}"
            )
        keywords = [f"{name}: {kind} | None = None" for name, kind in options.items()] + keywords
        keywords.sort(key=lambda each: (each.startswith("**"), "=" in each))
        given = ", ".join(
            ["self", *wanted, *(["*"] if keywords and not keywords[0].startswith("**") else []), *keywords]
        )
        answer = {"": "None", "bytes": "int"}.get(form, f"Iterator[{self._item(form)}]" if is_list else form)
        lines = [f"def {self.name}({given}) -> {answer}:", f'    """{self._words()}"""']
        parts = list(self._place(places))
        place = f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
        if is_list:
            lines.append(f"    return self._list({form}, {place}, {sent}, most=most)")
        elif form == "bytes":
            lines.append(f"    return self._save(path, {place}, {sent})")
        elif self._method == "GET":
            lines.append(f"    return self._get({form}, {place}, {sent})")
        else:
            body = "content" if is_raw else sent if fields else "None"
            call = "_write_either" if " | " in form else "_write" if form else "_do"
            forms = f"({form.replace(' | ', ', ')}), " if " | " in form else f"{form}, " if form else ""
            lines.append(
                f'    {"return " if form else ""}self.{call}("{self._method}", {forms}{place}, {body})'
            )
        return "\n".join(f"    {line}" for line in lines)

    def _collected(self, fields: dict[str, str], needed: list[str]) -> list[str]:
        """Write down a type for more keywords than a function may list; return what stands for them."""
        name = "".join(part.title() for part in self.name.split("_")) + "Facts"
        rows = [
            f"    {field}: Required[{kind}]" if field in needed else f"    {field}: {kind}"
            for field, kind in fields.items()
            if field != "most"
        ]
        words = f'    """What `{self.name}` takes; what is left out is as the API says."""\n'
        self.facts = "\n".join([f"class {name}(TypedDict, total=False):", words, *rows])
        return [f"**facts: Unpack[{name}]"]

    def _words(self) -> str:
        text = str(self._facts.get("description") or self._facts.get("summary", "")).strip()
        return text.replace("\n", "\n        ").replace("        \n", "\n") + (
            "\n        " if "\n" in text else ""
        )

    def _place(self, places: dict[str, str]) -> Iterator[str]:
        for part in self._path.removeprefix(PREFIX).strip("/").split("/"):
            name = part.strip("{}")
            if part.startswith("{"):
                yield name if places[name] == "str" else f"str({name})"
            else:
                yield f'"{part}"'

    def _content(self) -> tuple[Json, bool]:
        """Return the fields of the JSON body by name, and whether the body is a text of its own."""
        kinds = self._facts.get("requestBody", {}).get("content", {})
        if not kinds or "application/json" not in kinds:
            return {}, bool(kinds)
        if "application/toml" in kinds:
            return {}, True
        schema = self._resolved(kinds["application/json"]["schema"])
        needed = set(schema.get("required", ()))
        return {k: {**v, "required": k in needed} for k, v in schema.get("properties", {}).items()}, False

    def _form(self) -> tuple[str, bool]:
        """Return the name of the answer's form, and whether it is a page of a list."""
        names = []
        for status, answer in self._facts["responses"].items():
            if not str(status).startswith("2"):
                continue
            kinds = answer.get("content") or {}
            if not kinds and self._method != "GET":
                continue
            if "application/json" not in kinds:
                return "bytes", False
            schema = kinds["application/json"]["schema"]
            if schema.get("type") == "array":
                name = _named(schema["items"])
                self.forms.add(name)
                return f"tuple[{name}, ...]", False
            names += [_named(each) for each in schema.get("anyOf", [schema])]
        self.forms |= set(names)
        if not names:
            return "", False
        form = " | ".join(dict.fromkeys(names))
        known = self._description["components"]["schemas"].get(form, {})
        is_list = set(known.get("properties", ())) == {"items", "next"}
        return form, is_list

    def _item(self, form: str) -> str:
        schema = self._description["components"]["schemas"][form]
        name = _named(schema["properties"]["items"]["items"])
        self.forms.add(name)
        return name

    def _resolved(self, schema: Json) -> Json:
        if "$ref" in schema:
            return dict(self._description["components"]["schemas"][_named(schema)])
        return schema


def _named(schema: Json) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _type(schema: Json) -> str:
    """Return the type of what is sent."""
    if "enum" in schema:
        return "Literal[" + ", ".join(json.dumps(each) for each in schema["enum"] if each != "") + "]"
    if "anyOf" in schema:
        kinds = dict.fromkeys(_type(each) for each in schema["anyOf"] if each.get("type") != "null")
        return " | ".join(kinds)
    kind = schema.get("type")
    if kind == "array":
        return f"Sequence[{_type(schema.get('items', {}))}]"
    if schema.get("format") == "date-time":
        return "datetime"
    return _KINDS.get(str(kind), "Mapping[str, object]" if kind == "object" else "object")


def operation_files(description: Json, shapes: Shapes) -> Iterator[tuple[str, str]]:
    """Yield each file of calls, by the groups of the description."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in description["paths"].items():
        for method, facts in methods.items():
            made = Operation(method, path, facts, description)
            if made.name not in BY_HAND:
                groups.setdefault(made.group, []).append(made)
    for group, operations in sorted(groups.items()):
        texts = "\n\n".join(each.text() for each in operations)
        used: dict[str, list[str]] = {}
        for name in sorted(set().union(*(each.forms for each in operations))):
            used.setdefault(shapes.places[name], []).append(name)
        lines = [f"from workers.client.answers.{w} import {', '.join(n)}" for w, n in sorted(used.items())]
        lines.append("from workers.client.calls import Calls\n\n")
        head = f'"""Calls of the group {group}. {_NOTE}"""\n'
        facts = "".join(f"{each.facts}\n\n\n" for each in operations if each.facts)
        body = f'{facts}class {_class(group)}(Calls):\n    """Calls of the group {group}."""\n\n{texts}\n'
        yield f"operations/{group}_calls.py", "\n".join([head, *_library(facts + texts), *lines, body])
    names = sorted(groups)
    lines = [f'"""Every operation of the API as a method. {_NOTE}"""\n']
    lines += [f"from workers.client.operations.{name}_calls import {_class(name)}" for name in names]
    lines += ['\n__all__ = ["Operations"]\n\n', f"class Operations({', '.join(map(_class, names))}):"]
    yield "operations/__init__.py", "\n".join([*lines, '    """All groups of calls together."""\n'])


def _class(group: str) -> str:
    return "".join(part.title() for part in group.split("_")) + "Calls"


def formatted(made: dict[str, str], folder: Path) -> dict[str, str]:
    """Return files as ruff leaves them.

    Args:
        made: texts by name.
        folder: an empty one, to work in.
    """
    for name, text in made.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    ruff = [str(Path(sys.executable).parent / "ruff")]
    # A file that is new is not in the tree yet, and would count as somebody else's.
    own = 'lint.isort.known-first-party=["workers"]'
    config = ["--quiet", "--no-cache", "--config", str(ROOT / "pyproject.toml"), "--config", own, str(folder)]
    for arguments in (["check", "--fix-only", "--select", "I,F401"], ["format"]):
        subprocess.run([*ruff, *arguments, *config], check=True, cwd=ROOT)
    return {name: _waived(name, (folder / name).read_text(encoding="utf-8")) for name in made}


def _waived(name: str, text: str) -> str:
    """Return a text with what it is excused from: the API's words are not wrapped, and are its own."""
    waived = ["E501"] if any(len(line) > WIDTH for line in text.splitlines()) else []
    if re.search(r"^        format: ", text, re.M) and name.startswith("operations"):
        waived.append("A002")
    return text.replace('"""\n', f'"""\n\n# ruff: noqa: {", ".join(waived)}\n', 1) if waived else text


def files(description: Json) -> dict[str, str]:
    """Return every file that is made, by its name below workers/client."""
    shapes = Shapes()
    with tempfile.TemporaryDirectory() as folder:
        return formatted(dict([*shapes.files(), *operation_files(description, shapes)]), Path(folder))


def describe() -> Json:
    """Return the description that the site serves, in a process of its own."""
    program = (
        "import json, django; django.setup(); from coliseum.api.urls import api; "
        f"print(json.dumps(api.get_openapi_schema(path_prefix={PREFIX!r})))"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "coliseum.settings"}
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    found: Json = json.loads(run.stdout)
    return found


def main() -> None:
    """Write all of it, and delete what is made no more."""
    made = files(describe())
    for folder in ("answers", "operations"):
        (CLIENT / folder).mkdir(exist_ok=True)
        for path in (CLIENT / folder).glob("*_answers.py" if folder == "answers" else "*_calls.py"):
            if f"{folder}/{path.name}" not in made:
                path.unlink()
    for name, text in made.items():
        (CLIENT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
