"""Rows of the bad inputs that belong to no one kind of request: who asks, from where, and hostile text."""

import json
import logging

import pytest
from django.db import connection
from django.test import Client

from coliseum.accounts.names import claim_name
from coliseum.logs import LineFormatter
from coliseum.matches.models import Match
from coliseum.submissions.models import Submission
from tests.platform.api.conftest import ROOT, refusal
from tests.workers.zips import AGENT

STRANGE = {
    "formula": '=HYPERLINK("http://evil.example","x")',
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{{ 7*7 }}{% debug %}${7*7}",
    "path": "../../etc/passwd",
    "quotes": "\"'`\\; DROP TABLE x; --",
}


@pytest.mark.parametrize(("method", "path"), [("GET", "/me"), ("POST", "/competitions/c4/join")])
def test_b49_nobody_is_asked_to_sign_in(caller, competition, method, path):
    answer = caller().call(method, path)
    assert refusal(answer) == (401, "auth.required", "Sign in or send an API token.")
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "a b", "localhost:x", "[::1"])
def test_b54_a_wrong_host_gets_an_empty_answer_and_is_logged(db, caplog, host):
    answer = Client().get(f"{ROOT}/competitions", HTTP_HOST=host)
    assert (answer.status_code, answer.content) == (400, b"")
    assert any(host in record.getMessage() + str(vars(record)) for record in caplog.records)


@pytest.fixture
def api(caller, ann, entry):
    """Return ann with a token that may submit."""
    return caller(ann, "submit")


def test_b58_a_name_of_81_characters_or_of_spaces(api):
    answer = api.upload(AGENT, name="x" * 81)
    assert refusal(answer) == (400, "name.length", "The name must have 1 to 80 characters.")
    assert answer.json()["error"]["field"] == "name"
    for name in ("", "   ", "x" * 81):
        answer = api.post("/competitions/c4/team/name", {"name": name})
        assert refusal(answer) == (400, "name.length", "The name must have 1 to 80 characters.")


@pytest.mark.parametrize(
    ("name", "point"), [("agent\u202eb", "U+202E"), ("agent\u200bb", "U+200B"), ("agent\x07b", "U+0007")]
)
def test_b59_a_name_with_invisible_characters(api, name, point):
    message = f"The name has invisible or control characters ({point} at position 6)."
    assert refusal(api.upload(AGENT, name=name)) == (400, "name.characters", message)


def test_b60_a_name_that_looks_like_another_teams(api, entry):
    claim_name(realm=f"agents:{entry.competition_id}", name="paypal", owner="another")
    message = "The name \u0440\u0430ypal is too similar to an existing one."
    answer = api.upload(AGENT, name="\u0440\u0430ypal")
    assert refusal(answer) == (409, "name.taken", message)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{ 7*7 }}", "=1+1", "../x"])
def test_b61_a_strange_name_is_only_text(api, name):
    assert api.upload(AGENT, name=name).json()["name"] == name


def test_b62_markdown_is_given_back_as_the_text_it_is(caller, host, competition):
    evil = "<script>x</script> [a](javascript:alert(1)) <iframe src=x></iframe> ![b](data:image/png;base64,A)"
    api = caller(host, "host")
    assert api.call("patch", "/competitions/c4", json.dumps({"overview": evil}).encode()).status_code == 200
    answer = caller().get("/competitions/c4")
    assert answer.json()["overview"] == evil
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_b66_b67_an_agent_sits_down_once_and_after_it_passed(caller, host, submission, rival):
    """The API asks for no single match: tournaments are where agents are chosen."""
    Submission.objects.filter(pk=rival.pk).update(state="rejected", is_active=False)
    api = caller(host, "host")
    cup = {"title": "Cup", "format": "swiss", "source": "chosen"}
    for chosen in ([submission.pk, submission.pk], [submission.pk, rival.pk], [submission.pk, "x"]):
        answer = api.post("/competitions/c4/tournaments", cup | {"chosen": chosen})
        assert refusal(answer)[:2] == (400, "tournament.bad_entrant")
    alone = api.post("/competitions/c4/tournaments", cup | {"chosen": [submission.pk]}).json()
    assert refusal(api.post(f"/tournaments/{alone['id']}/start"))[:2] == (400, "tournament.bad_setting")


def test_b68_a_match_that_is_over_is_not_played_again(caller, staff, match):
    before = Match.objects.values().get(pk=match.pk)
    answer = caller(staff, "host").post(f"/matches/{match.pk}/again")
    assert refusal(answer) == (409, "match.already_done", "This match is finished; its result stands.")
    assert Match.objects.values().get(pk=match.pk) == before


@pytest.mark.parametrize("kind", STRANGE)
def test_strange_text_goes_out_as_it_came_in_and_is_never_a_page(caller, ann, host, entry, kind):
    text = STRANGE[kind]
    api = caller(ann, "submit")
    made = api.upload(AGENT, name=text[:80], note=text).json()
    paths = [f"/submissions/{made['id']}", "/submissions", "/competitions/c4/entries"]
    for path in paths:
        answer = api.get(path)
        assert answer["Content-Type"].startswith("application/json")
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert api.get(paths[0]).json()["note"] == text
    answer = caller(host).get(f"/matches/{text.replace('/', '')}")
    assert refusal(answer)[1] == "not_found"


@pytest.fixture
def logged(caplog):
    """Return what stands in the logs, as the site writes them, down to the last detail."""
    caplog.set_level(logging.DEBUG)
    caplog.handler.setFormatter(LineFormatter())
    return lambda: caplog.text + "".join(str(vars(record)) for record in caplog.records)


def failing(*_):
    raise RuntimeError("a fault of ours")


def test_t23_no_secret_gets_into_a_log(client, caller, ann, entry, logged, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    ann.set_password("correct horse battery")
    ann.save()
    form = {"login": "ann", "password": "correct horse battery"}
    assert client.post("/sign-in", form).status_code == 302
    wrong = Client().post("/sign-in", form | {"password": "wrong pony cell"})
    assert wrong.status_code == 400
    session = client.cookies["sessionid"].value
    api = caller(ann, "submit")
    secret = api.headers["Authorization"].partition(" ")[2]
    api.get("/me")
    api.get(f"/competitions?token={secret}")
    api.get("/me")
    api = caller(ann, "submit")
    second = api.headers["Authorization"].partition(" ")[2]
    assert api.upload(AGENT + b"# PRIVATE_IDEA\n", note="PRIVATE_NOTE").status_code == 201
    assert api.upload(b"PRIVATE_IDEA = (", note="PRIVATE_NOTE").status_code == 400
    invitation = api.post("/competitions/c4/team/invitation").json()["invitation"]
    api.post("/teams/join", {"invitation": invitation, "nonsense": "PRIVATE_NOTE"})
    api.client.get(f"{ROOT}/me?x={secret}", headers=api.headers, HTTP_HOST="evil.example")
    api.client.raise_request_exception = False
    with connection.execute_wrapper(failing):
        assert refusal(api.upload(AGENT + b"# PRIVATE_IDEA", note="PRIVATE_NOTE"))[1] == "internal"
    text = logged()
    assert "evil.example" in text
    assert "api_failed" in text
    hidden = ["correct horse", "wrong pony", "PRIVATE_IDEA", "PRIVATE_NOTE"]
    hidden += [secret, second, session, invitation]
    assert [each for each in hidden if each in text] == []
