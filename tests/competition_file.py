"""Write what is made from the structs of competition.toml: `python -m tests.competition_file`.

The JSON Schema in frontend/static, and the tables of keys in docs/host.md.
"""

import json
from pathlib import Path

import msgspec

from workers.hosting.file import OPTIONS_FROM, TABLES, CompetitionFile, Tournament, captions
from workers.hosting.schema import make_schema
from workers.hosting.writing import write_value
from workers.league.formats.named import FORMATS

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = ROOT / "frontend" / "static" / "competition.schema.json"
PAGE = ROOT / "docs" / "host.md"
HEADING = "## Every key\n"


def schema_text() -> str:
    """Return the content of the schema's file."""
    return json.dumps(make_schema(), indent=1) + "\n"


def page_text(page: str) -> str:
    """Return docs/host.md with its section of keys made anew."""
    before, _, rest = page.partition(HEADING)
    _, _, after = rest.partition("\n## ")
    return f"{before}{HEADING}\n{keys_text()}\n## {after}"


def keys_text() -> str:
    """Return a table of Markdown for each table of the file."""
    texts = captions(CompetitionFile)
    parts = ["This section is made by `python -m tests.competition_file`.\n"]
    for name, table in TABLES.items():
        header = f"[[{name}]]" if table is Tournament else f"[{name}]"
        parts.append(f"### `{header}`\n\n{texts[name]}\n")
        parts.append("| key | default | |\n|---|---|---|")
        fields = msgspec.structs.fields(table)
        plain = fields[:OPTIONS_FROM] if table is Tournament else fields
        parts += [
            f"| `{field.name}` | {_default(field)} | {captions(table)[field.name]} |" for field in plain
        ]
        parts.append("")
    parts.append("| format | its options with their defaults |\n|---|---|")
    for form in FORMATS.values():
        options = ", ".join(f"`{option.name} = {write_value(option.default)}`" for option in form.options)
        parts.append(f"| `{form.name}` | {options} |")
    parts.append("")
    parts += [
        f"* `{name}`: {captions(Tournament)[name]}" for name in Tournament.__struct_fields__[OPTIONS_FROM:]
    ]
    return "\n".join(parts) + "\n"


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "required"
    return "" if field.default in {None, ""} else f"`{write_value(field.default)}`"


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    PAGE.write_text(page_text(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
