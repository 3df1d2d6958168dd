"""The typed client against the published description, and against a real site."""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from inspect import Parameter, signature
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, Unpack, get_args, get_origin, get_type_hints

import msgspec
import pytest
from django.test import Client as Browser

from coliseum.accounts.services import create_token
from coliseum.api.urls import api
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.services import rate_phase
from tests.client_calls import CLIENT, files
from tests.workers.door import open_site
from workers.client import Client, Login, Patience, RefusedError
from workers.client.device import ask_for_codes, wait_for_token
from workers.client.wire import Wire

DOCUMENT = CLIENT.parents[1] / "docs" / "client.md"
HURRIED = Patience(tries=2, first_seconds=0.0)
KINDS = {str: "string", int: "integer", float: "number", bool: "boolean"}
MOMENTS = {datetime: "date-time", date: "date"}
OF_A_PAGE = {"limit", "cursor"}
EXAMPLES = {
    str: "x",
    int: 1,
    bool: True,
    float: 1.0,
    bytes: b"x",
    datetime: datetime(2026, 11, 22, tzinfo=UTC),
    date: date(2026, 11, 22),
}


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))


@pytest.fixture(scope="module")
def operations(description) -> dict[str, tuple[str, str, dict[str, Any]]]:
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }


def test_the_client_is_what_is_made_of_the_api_as_it_is_now(description):
    made = files(description)
    for name, text in made.items():
        assert (CLIENT / name).read_text() == text, f"{name} is old; run: python -m tests.client_calls"
    there = {f"{path.parent.name}/{path.name}" for path in CLIENT.glob("*/*_*s.py")}
    assert there <= made.keys(), "made of what is gone; run: python -m tests.client_calls"


def test_every_operation_is_called_at_its_address_with_all_that_it_takes(
    operations, description, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with open_site() as site:
        client = Client(site.address, "col_x", patience=HURRIED)
        for name, (method, path, operation) in operations.items():
            sent, address, headers, body = first_request(site, getattr(client, name))
            place, _, query = address.partition("?")
            assert (sent, name) == (method, name)
            assert re.fullmatch(re.sub(r"\{\w+\}", "x", path), place), name
            known = {each["name"] for each in operation.get("parameters", []) if each["in"] == "query"}
            assert known - OF_A_PAGE <= {each.partition("=")[0] for each in query.split("&")}, name
            kinds = operation.get("requestBody", {}).get("content", {})
            assert not kinds or headers["Content-Type"].partition(";")[0] in kinds, name
            if set(kinds) == {"application/json"}:
                schema = resolved(kinds["application/json"]["schema"], description)
                assert set(json.loads(body)) == set(schema["properties"]), name
    assert len(operations) > 60


def first_request(site, call):
    """Call a method with everything that it takes, and return what it sent first."""
    given, more = {}, {}
    hints = get_type_hints(call)
    for name, each in signature(call).parameters.items():
        if each.kind is Parameter.VAR_KEYWORD:
            (facts,) = get_args(hints[name])
            assert get_origin(hints[name]) is Unpack
            more = {key: example(kind) for key, kind in get_type_hints(facts).items()}
        elif name not in {"facts", "key", "on_sent", "file_name"}:
            given[name] = example(hints[name])
    site.requests.clear()
    with contextlib.suppress(RefusedError):
        found = call(**given, **more)
        if isinstance(found, Iterator):
            # A list is read when somebody asks for the first item.
            next(found)
    return site.requests[0]


def example(kind):
    """Return something that may be given for a parameter."""
    if get_origin(kind) in {Union, UnionType}:
        kind = next(each for each in get_args(kind) if each is not Path and each is not type(None))
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is Sequence:
        return ["x"]
    return {"x": 1} if get_origin(kind) is Mapping or kind is object else EXAMPLES[kind]


def test_every_answer_has_the_fields_of_the_description_and_their_types(operations, description):
    compared = 0
    for name, (_, _, operation) in operations.items():
        form = get_type_hints(getattr(Client, name))["return"]
        for status, found in operation["responses"].items():
            schema = (found.get("content") or {}).get("application/json", {}).get("schema")
            if schema is None or not status.startswith("2"):
                continue
            if get_origin(form) is Iterator:
                form, schema = (
                    get_args(form)[0],
                    resolved(schema, description)["properties"]["items"]["items"],
                )
            forms = get_args(form) if get_origin(form) is UnionType else (form,)
            wrong = [list(differences(each, schema, description, f"{name}: {each}")) for each in forms]
            assert [] in wrong, wrong
            compared += 1
    assert compared > 50


def resolved(schema, description):
    if "$ref" in schema:
        return description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def differences(form, schema, description, where):
    """Yield where a type of the client says something else than the schema."""
    schema = resolved(schema, description)
    if isinstance(form, type) and issubclass(form, msgspec.Struct):
        hints = get_type_hints(form)
        theirs, ours = set(schema.get("properties", {})), set(hints)
        if theirs != ours:
            yield f"{where}: the API has {sorted(theirs - ours)} more, the client {sorted(ours - theirs)}"
        for name in sorted(theirs & ours):
            yield from differences(hints[name], schema["properties"][name], description, f"{where}.{name}")
    elif get_origin(form) in {Union, UnionType}:
        (inner,) = (each for each in get_args(form) if each is not type(None))
        others = [each for each in schema.get("anyOf", []) if each.get("type") != "null"]
        if len(others) != 1 or len(schema["anyOf"]) != 2:
            yield f"{where}: {form} is not {schema}"
        else:
            yield from differences(inner, others[0], description, where)
    elif get_origin(form) is tuple:
        if schema.get("type") == "array":
            yield from differences(get_args(form)[0], schema["items"], description, f"{where}[]")
        else:
            yield f"{where}: {form} is not {schema}"
    elif not is_alike(form, schema):
        yield f"{where}: {form} is not {schema}"


def is_alike(form, schema):
    if get_origin(form) is dict:
        return schema.get("type") == "object" and "properties" not in schema
    if form in KINDS:
        return schema.get("type") == KINDS[form] and "format" not in schema
    return form is Any or (form in MOMENTS and schema.get("format") == MOMENTS[form])


def test_a_field_that_the_client_lacks_or_types_otherwise_is_found(description):
    class Seat(msgspec.Struct):
        position: str
        outcome: str | None

    found = list(differences(Seat, {"$ref": "#/components/schemas/SeatRow"}, description, "Seat"))
    assert "'team', 'version'] more, the client []" in found[0]
    assert [each.partition(":")[0] for each in found[1:]] == ["Seat.outcome", "Seat.position"]


@pytest.mark.django_db(transaction=True)
def test_a_real_site_is_understood(live_server, competition, match, tmp_path, capsys):
    stranger = Client(live_server.url, "", patience=HURRIED)
    assert [each.slug for each in stranger.list_competitions()] == ["c4"]
    (found,) = stranger.list_matches("c4", most=1)
    whole = stranger.get_match(found.id)
    assert whole.digest == match.digest
    assert [each.usage for each in whole.seats] == [None, None]
    assert stranger.get_replay(found.id).digest == match.digest
    for index in range(len(whole.episodes)):
        assert stranger.get_trajectory(found.id, str(index), tmp_path / "x.ctr") > 100
        assert stranger.save_replay_page(found.id, index, tmp_path / "x.html") > 10_000
    with pytest.raises(RefusedError) as refused:
        stranger.get_me()
    assert (refused.value.code, refused.value.exit_code) == ("auth.required", 3)
    rate_phase(phase=shown_phase(competition))
    program = re.search(r"```python\n(.*?)```", DOCUMENT.read_text(), re.S)[1]
    program = program.replace("http://localhost:8000", live_server.url).replace("connect-four", "c4")
    exec(compile(program, str(DOCUMENT), "exec"), {})
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told] == ["1", "2", "not_found"]


@pytest.mark.django_db(transaction=True)
def test_a_person_submits_and_a_host_acts_through_the_client(live_server, competition, host):
    _, secret = create_token(user=host, name="t", scopes=["submit", "host"])
    client = Client(live_server.url, secret, patience=HURRIED)
    assert client.get_me().name == "host"
    client.join_competition("c4")
    sent = []
    code = b"def agent(observation):\n    return int(observation['action_mask'].argmax())\n"
    made = client.submit("c4", code, facts={"name": "first"}, on_sent=lambda *each: sent.append(each))
    assert sent[-1][0] == sent[-1][1] > len(code)
    assert client.submit("c4", code).id == made.id
    assert [each.id for each in client.list_submissions(competition="c4")] == [made.id]
    assert client.get_submission(made.id).digest
    with pytest.raises(RefusedError) as refused:
        client.activate_submission(made.id)
    assert refused.value.code == "submission.wrong_state"
    board = client.leaderboard("c4")
    assert board.to_rows() == []
    assert client.leaderboard("c4") == board
    assert client.move_competition("c4", state="paused", reason="lunch").state == "paused"
    assert {each.id for each in client.list_arenas().items} >= {"connect_four-v3"}
    client.revoke_token()
    with pytest.raises(RefusedError) as refused:
        client.get_me()
    assert refused.value.code == "auth.bad_token"


@pytest.mark.django_db(transaction=True)
def test_a_code_that_a_person_confirms_in_a_browser_becomes_a_token(live_server, ann, monkeypatch):
    wire = Wire(Login(live_server.url), HURRIED)
    device = ask_for_codes(wire, "read submit")

    def confirmed(seconds):
        """The person says yes while the program waits."""
        assert seconds >= 1
        browser = Browser()
        browser.force_login(ann)
        answer = browser.post(f"/device?code={device.user_code}", {"action": "confirm"})
        assert answer.status_code == 200

    monkeypatch.setattr("workers.client.device.sleep", confirmed)
    token = wait_for_token(wire, device, "ann's laptop")
    me = Client(live_server.url, token, patience=HURRIED).get_me()
    assert (me.name, sorted(me.scopes)) == ("ann", ["read", "submit"])
    with pytest.raises(RefusedError) as refused:
        wait_for_token(wire, device, "again")
    assert refused.value.code == "cli.sign_in_expired"
    with pytest.raises(RefusedError) as refused:
        ask_for_codes(wire, "everything")
    assert "'everything'" in refused.value.message
