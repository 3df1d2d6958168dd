"""Uploads and what becomes of them, over the API."""

import hashlib

from tests.platform.api.conftest import refusal


def test_an_upload_is_accepted_and_can_be_read(caller, ann, entry, agent_source):
    api = caller(ann, "submit")
    answer = api.upload(agent_source, "four-seasons.py", note="first")
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["name"] == "four-seasons"
    assert made["digest"] == hashlib.sha256(agent_source).hexdigest()
    assert made["state"] == "validating"
    assert made["submissions_left"] == 4
    read = api.get(f"/submissions/{made['id']}").json()
    assert read["id"] == made["id"]
    assert read["note"] == "first"
    assert [each["id"] for each in api.get("/submissions").json()["items"]] == [made["id"]]


def test_the_same_content_is_not_taken_twice(caller, ann, entry, agent_source):
    api = caller(ann, "submit")
    api.upload(agent_source)
    assert refusal(api.upload(agent_source)) == (
        409,
        "submission.duplicate",
        "This is the same content as your submission v1.",
    )
