"""The answers that the description shows: real ones, of today's shape, one for every operation with JSON.

`python -m pytest tests/platform/api/recording.py` records them anew; then `python -m tests.openapi`.
"""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from coliseum.api.describing import EXAMPLES
from coliseum.api.urls import api as the_api
from tests.platform.api.operations import TABLE

Json = dict[str, Any]


@pytest.fixture(scope="module")
def description() -> Json:
    return json.loads(json.dumps(the_api.get_openapi_schema(path_prefix="/api/v1/"), default=str))


@pytest.fixture(scope="module")
def kept() -> Json:
    return json.loads(EXAMPLES.read_text(encoding="utf-8"))


def operations(description: Json) -> Iterator[tuple[str, Json]]:
    for methods in description["paths"].values():
        yield from ((operation["operationId"], operation) for operation in methods.values())


def contents_of(operation: Json) -> dict[str, Json]:
    """Return what is said of the JSON that an operation answers with, by status."""
    contents = {status: answer.get("content") or {} for status, answer in operation["responses"].items()}
    return {
        status: content["application/json"]
        for status, content in contents.items()
        if status != "default" and "schema" in content.get("application/json", {})
    }


def test_every_operation_with_json_shows_an_answer(description, kept):
    """Where this fails: `python -m pytest tests/platform/api/recording.py`."""
    for name, operation in operations(description):
        for status, content in contents_of(operation).items():
            assert "example" in content, (name, status)
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body and TABLE[name].body:
            assert body["example"] == kept[name]["sent"], name
    assert kept.keys() <= TABLE.keys(), "of operations that are gone"


def test_every_example_has_all_fields_of_its_shape_and_no_other(description):
    checked = 0
    for _name, operation in operations(description):
        for content in contents_of(operation).values():
            whole = closed({**content["schema"], "components": description["components"]})
            jsonschema_rs.validate(whole, content["example"])
            checked += 1
    assert checked > 100


def closed(shape: Any) -> Any:
    """Return a shape that takes no field it does not name, and wants all that it does."""
    if isinstance(shape, list):
        return [closed(each) for each in shape]
    if not isinstance(shape, dict):
        return shape
    found = {name: closed(value) for name, value in shape.items()}
    if shape.get("type") == "object" and "properties" in shape:
        found |= {"additionalProperties": False, "required": list(shape["properties"])}
    return found


def test_an_example_that_is_old_is_seen(description, kept):
    shape = next(
        contents_of(each)["200"]["schema"] for name, each in operations(description) if name == "get_me"
    )
    whole = closed({**shape, "components": description["components"]})
    for spoilt in (kept["get_me"]["answer"] | {"gone": 1}, {"name": "ann"}):
        with pytest.raises(jsonschema_rs.ValidationError):
            jsonschema_rs.validate(whole, spoilt)
