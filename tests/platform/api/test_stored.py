"""The published description against the stored one, and docs/api.md against both: no change goes unseen."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.openapi import PAGE, STORED, described, page_with, tables_of, text_of

Schema = dict[str, Any]
_REFERENCE = re.compile(r"#/components/schemas/(\w+)")


@pytest.fixture(scope="module")
def now() -> Schema:
    return described()


@pytest.fixture(scope="module")
def stored() -> Schema:
    return json.loads(STORED.read_text(encoding="utf-8"))


def operations(schema: Schema) -> dict[str, tuple[str, str, Schema]]:
    return {
        operation["operationId"]: (method, path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }


def taken_and_sent(schema: Schema) -> tuple[set[str], set[str]]:
    """Return the names of the shapes that requests have, and of those that answers have."""
    taken, sent = set(), set()
    for _, _, operation in operations(schema).values():
        taken |= shapes_in(operation.get("requestBody", {}), schema)
        sent |= shapes_in(operation["responses"], schema)
    return taken, sent


def shapes_in(place: object, schema: Schema) -> set[str]:
    """Return the names of all shapes that a place refers to, directly or through others."""
    found: set[str] = set()
    waiting = set(_REFERENCE.findall(json.dumps(place)))
    while waiting - found:
        name = (waiting - found).pop()
        found.add(name)
        waiting |= set(_REFERENCE.findall(json.dumps(schema["components"]["schemas"][name])))
    return found


def breaks(before: Schema, after: Schema) -> Iterator[str]:
    """Yield what a program written against the one cannot do with the other any more."""
    old, new = operations(before), operations(after)
    yield from (f"{name} is gone" for name in old.keys() - new.keys())
    for name in old.keys() & new.keys():
        if old[name][:2] != new[name][:2]:
            yield f"{name} moved to {new[name][:2]}"
        yield from _parameter_breaks(name, old[name][2], new[name][2])
        if old[name][2]["x-scope"] != new[name][2]["x-scope"]:
            yield f"{name} wants another scope"
    shapes, later = before["components"]["schemas"], after["components"]["schemas"]
    taken, sent = taken_and_sent(after)
    for name in shapes.keys() & later.keys():
        yield from _field_breaks(name, shapes[name], later[name])
        old_needs, new_needs = (set(each.get("required", ())) for each in (shapes[name], later[name]))
        needed = new_needs - old_needs if name in taken else set()
        missing = old_needs - new_needs if name in sent else set()
        yield from (f"{name}.{each} is needed now" for each in needed)
        yield from (f"{name}.{each} may be missing now" for each in missing)


def _parameter_breaks(name: str, old: Schema, new: Schema) -> Iterator[str]:
    before, after = ({each["name"]: each for each in facts["parameters"]} for facts in (old, new))
    yield from (f"{name} does not take {each} any more" for each in before.keys() - after.keys())
    needed = {each for each in after.keys() - before.keys() if after[each].get("required")}
    yield from (f"{name} needs {each} now" for each in needed)


def _field_breaks(name: str, old: Schema, new: Schema) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    yield from (f"{name}.{each} is gone" for each in before.keys() - after.keys())
    for each in before.keys() & after.keys():
        if any(before[each].get(key) != after[each].get(key) for key in ("type", "$ref", "anyOf", "items")):
            yield f"{name}.{each} is of another kind"


def test_the_stored_description_is_the_published_one(now):
    """Where this fails: python -m tests.openapi, and look at what its diff says to those who use the API."""
    assert text_of(now) == STORED.read_text(encoding="utf-8")


def test_nothing_that_programs_rely_on_is_gone(now, stored):
    assert sorted(breaks(stored, now)) == []


def test_a_breaking_change_is_seen(stored):
    changed = json.loads(json.dumps(stored))
    del changed["paths"]["/api/v1/me"]
    row = changed["components"]["schemas"]["MatchRow"]
    del row["properties"]["state"]
    row["properties"]["id"]["type"] = "integer"
    row["required"].remove("seats")
    changed["components"]["schemas"]["NewTournament"]["required"].append("source")
    parameters = changed["paths"]["/api/v1/arenas"]["get"]["parameters"]
    parameters[0]["name"] = "words"
    assert set(breaks(stored, changed)) == {
        "get_me is gone",
        "MatchRow.state is gone",
        "MatchRow.id is of another kind",
        "MatchRow.seats may be missing now",
        "NewTournament.source is needed now",
        "list_arenas does not take q any more",
    }


def test_every_operation_is_described_with_its_scope_and_a_command(now):
    for name, (_, path, operation) in operations(now).items():
        assert operation["description"], name
        assert operation["tags"], name
        assert operation["x-scope"] in {None, "read", "submit", "host"}, name
        assert operation["x-codeSamples"][0]["source"].startswith("curl "), name
        for parameter in operation["parameters"]:
            assert parameter.get("description") or parameter["schema"].get("description"), (name, parameter)
            assert f"{{{parameter['name']}}}" not in operation["x-codeSamples"][0]["source"], path


def test_every_operation_stands_in_the_documentation(now):
    """Where this fails: python -m tests.openapi."""
    page = PAGE.read_text(encoding="utf-8")
    assert page_with(tables_of(now), page) == page
