"""Who may do what: tokens, sessions, scopes, and what stays private."""

from datetime import timedelta

import pytest

from coliseum import clock
from coliseum.accounts.models import Token
from coliseum.accounts.queries import token_of as live_token
from coliseum.accounts.services import create_token, revoke_token
from coliseum.api.urls import api as the_api
from coliseum.competitions.models import Competition
from coliseum.matches.services import schedule_validation
from coliseum.submissions.models import Submission
from coliseum.submissions.services import accept_upload
from tests.platform.api.conftest import ROOT, refusal
from tests.platform.conftest import upload_of
from tests.workers.zips import AGENT


@pytest.mark.parametrize("state", ["unknown", "expired", "revoked", "inactive", "not-ours", "basic"])
def test_b50_one_text_for_every_bad_token(caller, ann, state, competition):
    token, secret = create_token(user=ann, name="t", scopes=["read"], days=1)
    header = f"Bearer {secret}"
    if state == "unknown":
        header = "Bearer col_" + "x" * 40
    if state == "expired":
        Token.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    if state == "revoked":
        revoke_token(token=token)
    if state == "inactive":
        ann.is_active = False
        ann.save()
    if state == "not-ours":
        header = "Bearer eyJhbGciOi"
    if state == "basic":
        header = "Basic YW5uOng="
    for path in ("/me", "/competitions"):
        answer = caller().get(path, Authorization=header)
        assert refusal(answer) == (401, "auth.bad_token", "This API token is not valid.")


@pytest.mark.parametrize("path", ["/competitions", "/me", "/nothing", "/openapi.json"])
def test_b52_a_token_in_the_address_is_revoked(caller, ann, path):
    _, secret = create_token(user=ann, name="t", scopes=["read"])
    message = "Send the token in the Authorization header. This token has been revoked."
    assert refusal(caller().get(f"{path}?key={secret}")) == (400, "auth.token_in_url", message)
    assert live_token(secret) is None


def test_b53_a_browser_needs_the_csrf_header(client_of, ann, competition):
    client = client_of(ann)
    answer = client.post(f"{ROOT}/competitions/c4/join")
    message = "This page was open too long. Reload it and try again."
    assert refusal(answer) == (403, "auth.csrf", message)
    client.cookies["csrftoken"] = "a" * 32
    answer = client.post(f"{ROOT}/competitions/c4/join", headers={"X-CSRFToken": "a" * 32})
    assert answer.status_code == 200


def test_a_browser_may_do_all_that_the_person_may(client_of, ann, entry):
    client = client_of(ann)
    client.cookies["csrftoken"] = "a" * 32
    assert client.get(f"{ROOT}/me").json()["scopes"] is None
    assert client.get(f"{ROOT}/submissions").json()["items"] == []


def test_a_token_counts_even_with_a_session_cookie(client_of, ann, eve, token_of):
    client = client_of(ann)
    answer = client.get(f"{ROOT}/me", headers={"Authorization": f"Bearer {token_of(eve)}"})
    assert answer.json()["name"] == "eve"


@pytest.mark.parametrize(
    "bad", ["1" + "0" * 400, "-1", "1 OR 1=1", "a%00b", "%F0%9F%98%80", "00000000000000000z"]
)
@pytest.mark.parametrize("kind", ["match", "submission", "competition"])
def test_b47_an_id_that_is_none(caller, ann, competition, kind, bad):
    path = {"match": "matches", "submission": "submissions", "competition": "competitions"}[kind]
    status, code, message = refusal(caller(ann).get(f"/{path}/{bad}"))
    assert (status, code) == (404, "not_found")
    assert message.startswith("There is no ")
    assert len(message) < 80


@pytest.fixture
def unvalidated(entry, ann, tmp_path) -> Submission:
    """Return an upload of ann's that has no verdict."""
    made, _ = accept_upload(entry=entry, user=ann, upload=upload_of(AGENT, tmp_path, note="secret plan"))
    return made


def test_b48_a_private_submission_does_not_exist_for_others(caller, ann, bob, eve, host, staff, unvalidated):
    path = f"/submissions/{unvalidated.pk}"
    for outsider in (None, eve):
        assert refusal(caller(outsider).get(path))[:2] == (404, "not_found")
    for insider in (ann, bob, host, staff):
        assert caller(insider).get(path).json()["id"] == unvalidated.pk
    assert refusal(caller(eve, "submit").post(f"{path}/activate"))[:2] == (404, "not_found")


def test_notes_logs_and_verdicts_are_for_the_owners(caller, ann, bob, eve, host, submission):
    path = f"/submissions/{submission.pk}"
    private = ("note", "digest", "checks", "usage", "original_name", "size_bytes", "submissions_left")
    for owner in (ann, bob):
        seen = caller(owner).get(path).json()
        assert all(seen[name] is not None for name in private)
    for other in (None, eve, host):
        seen = caller(other).get(path).json()
        assert all(seen[name] is None for name in private)


def test_faults_and_logs_of_a_match_are_for_the_agents_owners(caller, ann, eve, match):
    for person, own in ((ann, 0), (eve, 1)):
        seats = caller(person).get(f"/matches/{match.pk}").json()["seats"]
        assert [seat["usage"] is not None for seat in seats] == [own == 0, own == 1]
    seen = caller().get(f"/matches/{match.pk}").json()
    assert all(seat["usage"] is None for seat in seen["seats"])
    assert all(seat["evidence"] is None for episode in seen["episodes"] for seat in episode["seats"])
    assert "log of" not in caller().get(f"/matches/{match.pk}").content.decode()


def test_a_validation_match_is_for_its_owners(caller, ann, eve, host, unvalidated):
    validation = schedule_validation(submission=unvalidated)
    for person in (None, eve):
        assert refusal(caller(person).get(f"/matches/{validation.pk}"))[1] == "not_found"
        assert refusal(caller(person).get(f"/matches/{validation.pk}/replay"))[1] == "not_found"
    for person in (ann, host):
        assert caller(person).get(f"/matches/{validation.pk}").json()["kind"] == "validation"


def test_a_draft_exists_for_its_hosts_and_administrators_only(caller, ann, host, staff, draft):
    for path in ("", "/leaderboard", "/matches"):
        for person in (None, ann):
            status, code, message = refusal(caller(person).get(f"/competitions/secret-cup{path}"))
            assert (status, code, message) == (404, "not_found", "There is no competition secret-cup.")
        for person in (host, staff):
            assert caller(person).get(f"/competitions/secret-cup{path}").status_code == 200
    assert refusal(caller(ann, "submit").post("/competitions/secret-cup/join"))[1] == "not_found"
    assert caller(ann).get("/competitions").json()["items"] == []
    assert len(caller(host).get("/competitions").json()["items"]) == 1


def test_agents_of_a_draft_do_not_exist_for_others(caller, eve, host, submission, competition):
    Competition.objects.update(state="draft")
    path = f"/submissions/{submission.pk}"
    for person in (None, eve):
        status, code, message = refusal(caller(person).get(path))
        assert (status, code) == (404, "not_found")
        assert "c4" not in message
    assert caller(host).get(path).status_code == 200


def test_only_hosts_run_a_competition(caller, ann, eve, competition, entry):
    for path, body in (
        ("state", {"state": "paused"}),
        ("disqualify", {"team": entry.team_id, "reason": "x"}),
    ):
        answer = caller(eve, "host").post(f"/competitions/c4/{path}", body)
        assert refusal(answer) == (403, "auth.not_allowed", "You may not run this competition.")
    answer = caller(eve, "host").post(
        "/competitions", {"slug": "made-here", "title": "Made", "arena": "connect_four-v3"}
    )
    assert refusal(answer) == (403, "auth.not_allowed", "You may not open competitions.")


def test_a_host_sees_but_does_not_switch_other_peoples_agents(caller, host, submission):
    answer = caller(host, "submit").post(f"/submissions/{submission.pk}/deactivate")
    assert refusal(answer) == (403, "auth.not_allowed", "You may not change another team's agents.")


def test_no_address_gives_out_an_agents_code(caller, eve, submission, agent_source):
    paths = {path for path in the_api.get_openapi_schema()["paths"] if "submission_id" in path}
    for path in paths:
        answer = caller(eve).get(path.removeprefix(ROOT).format(submission_id=submission.pk))
        assert agent_source not in answer.content


def test_a_token_for_one_competition_does_nothing_in_another(caller, ann, host, match, submission, draft):
    def asked(secret: str, method: str, path: str) -> tuple[int, str]:
        answer = caller().client.generic(
            method,
            ROOT + path,
            headers={"Authorization": f"Bearer {secret}"},
            content_type="application/json",
        )
        return answer.status_code, answer.json()["error"]["code"] if answer.status_code >= 400 else ""

    other = (403, "auth.other_competition")
    for person in (ann, host):
        here = create_token(user=person, name="t", scopes=["submit", "host"], competition="c4")[1]
        elsewhere = create_token(user=person, name="t", scopes=["submit", "host"], competition="secret-cup")[
            1
        ]
        for method, path in (
            ("GET", "/competitions/c4"),
            ("POST", "/competitions/c4/join"),
            ("GET", f"/submissions/{submission.pk}"),
            ("POST", f"/submissions/{submission.pk}/deactivate"),
            ("GET", f"/matches/{match.pk}"),
            ("POST", f"/matches/{match.pk}/again"),
        ):
            assert asked(here, method, path) != other
            assert asked(elsewhere, method, path) == other
        assert asked(here, "POST", "/competitions") == asked(here, "POST", "/me/follows") == other
        assert asked(here, "GET", "/me") == asked(elsewhere, "GET", "/arenas") == (200, "")
    elsewhere = create_token(user=ann, name="t", scopes=["read"], competition="secret-cup")[1]
    listed = caller().client.get(f"{ROOT}/submissions", headers={"Authorization": f"Bearer {elsewhere}"})
    assert listed.json()["items"] == []
