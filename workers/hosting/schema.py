"""The JSON Schema of competition.toml, for editors and other programs: made from the same structs."""

from typing import Any

import msgspec

from workers.hosting.file import OPTIONS_FROM, TABLES, CompetitionFile, Tournament, captions
from workers.league.formats.named import FORMATS


def make_schema() -> dict[str, Any]:  # Any: JSON
    """Return the schema, draft 2020-12, with a sentence on every key."""
    (_,), parts = msgspec.json.schema_components([CompetitionFile], ref_template="#/$defs/{name}")
    whole = parts.pop(CompetitionFile.__name__)
    tables = {table.__name__: table for table in TABLES.values()}
    for name, part in parts.items():
        _describe(part, captions(tables[name]))
    _describe(whole, captions(CompetitionFile))
    _bound_options(parts[Tournament.__name__])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "competition.toml",
        **{key: value for key, value in whole.items() if key not in {"title", "description"}},
        "$defs": parts,
    }


def _describe(part: dict[str, Any], texts: dict[str, str]) -> None:
    for key, text in texts.items():
        part["properties"][key]["description"] = text


def _bound_options(part: dict[str, Any]) -> None:
    """Say which numbers the options of a format may have: the widest of all formats."""
    for name in Tournament.__struct_fields__[OPTIONS_FROM:]:
        ranges = [
            option
            for form in FORMATS.values()
            for option in form.options
            if option.name == name and not isinstance(option.default, bool)
        ]
        if ranges:
            whole = next(each for each in part["properties"][name]["anyOf"] if each["type"] == "integer")
            whole["minimum"] = min(option.least for option in ranges)
            whole["maximum"] = max(option.most for option in ranges)
