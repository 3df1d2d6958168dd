"""What every answer has: entity tag, link to the next page, what is left of the rate, methods, ranges."""

from collections import defaultdict

import pytest

from coliseum.api.urls import api as the_api
from tests.platform.api.conftest import ROOT, refusal

HOSTILE = [
    "password",
    "entry__competition__seed_secret",
    "team.name",
    "-rating",
    "1 OR 1=1",
    "'; DROP TABLE matches_match; --",
    "id); SELECT 1; --",
    "__class__",
    "a" * 300,
    "\0",
]


def test_every_read_has_an_entity_tag_and_answers_304_to_it(caller, ann, match, submission):
    api = caller(ann)
    for path in ("/competitions", "/competitions/c4", f"/matches/{match.pk}", "/me", "/arenas"):
        first = api.get(path)
        again = api.get(path, **{"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
        assert again["Cache-Control"] == first["Cache-Control"] == "private, no-cache"
        assert api.get(path, **{"If-None-Match": '"another"'}).status_code == 200


def test_a_page_names_the_next_in_its_link(caller, host, competition):
    api = caller(host, "host")
    body = {"slug": "cup-2", "title": "Cup", "arena": "tictactoe-v3"}
    assert api.post("/competitions", body).status_code == 201
    first = api.get("/competitions?limit=1&mine=hosted")
    cursor = first.json()["next"]
    assert first["Link"] == f'<{ROOT}/competitions?limit=1&mine=hosted&cursor={cursor}>; rel="next"'
    last = api.client.get(first["Link"].split(">")[0][1:], headers=api.headers)
    assert [each["slug"] for each in last.json()["items"]] == ["c4"]
    assert "Link" not in last


def test_every_answer_tells_what_is_left_of_the_rate(caller, ann, competition):
    api = caller(ann, "submit")
    read, write = api.get("/me"), api.post("/competitions/c4/join")
    assert (read["RateLimit-Limit"], read["RateLimit-Remaining"]) == ("600", "599")
    assert (write["RateLimit-Limit"], write["RateLimit-Remaining"]) == ("60", "59")
    assert 1 <= int(read["RateLimit-Reset"]) <= 60


def test_options_names_the_methods(caller, competition):
    answer = caller().client.options(f"{ROOT}/competitions/c4")
    assert (answer.status_code, answer["Allow"]) == (204, "GET, HEAD, OPTIONS, PATCH")
    answer = caller().client.options(f"{ROOT}/competitions/c4/join")
    assert answer["Allow"] == "OPTIONS, POST"


@pytest.mark.parametrize(
    ("asked", "status", "part", "content_range"),
    [
        ("bytes=0-4", 206, slice(0, 5), "bytes 0-4/{size}"),
        ("bytes=5-", 206, slice(5, None), "bytes 5-{last}/{size}"),
        ("bytes=-6", 206, slice(-6, None), None),
        ("bytes=0-999999", 200, slice(None), None),
        ("bytes=4-2", 200, slice(None), None),
        ("bytes=0-1,4-5", 200, slice(None), None),
        ("lines=1-2", 200, slice(None), None),
        ("bytes=-", 200, slice(None), None),
    ],
)
def test_b77_a_download_can_be_had_in_parts(
    caller, ann, submission, agent_source, asked, status, part, content_range
):
    answer = caller(ann).get(f"/submissions/{submission.pk}/package", Range=asked)
    assert (answer.status_code, answer.content) == (status, agent_source[part])
    size = len(agent_source)
    if content_range:
        assert answer["Content-Range"] == content_range.format(size=size, last=size - 1)
    assert answer["Content-Disposition"] == 'attachment; filename="agent-v1.py"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_b77_a_part_outside_a_changed_file_and_an_unchanged_one(caller, ann, submission, agent_source):
    api, path = caller(ann), f"/submissions/{submission.pk}/package"
    outside = api.get(path, Range="bytes=100000-")
    size = len(agent_source)
    message = f"The file has {size} bytes; the part asked for lies outside."
    assert refusal(outside) == (416, "request.bad_range", message)
    assert outside["Content-Range"] == f"bytes */{size}"
    whole = api.get(path)
    part = api.get(path, **{"Range": "bytes=0-4", "If-Range": '"other"'})
    assert (part.status_code, part.content) == (200, agent_source)
    assert api.get(path, **{"If-None-Match": whole["ETag"]}).status_code == 304
    head = api.client.head(ROOT + path, headers=api.headers)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])


def test_replays_of_public_matches_may_be_kept_for_ever(caller, match):
    for path in ("replay", "episodes/0/trajectory"):
        answer = caller().get(f"/matches/{match.pk}/{path}")
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["Content-Disposition"].startswith("attachment")


def test_a_problem_as_rfc_9457_has_it_for_who_asks(caller, db):
    answer = caller().get("/matches/nothing", Accept="application/problem+json")
    problem = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert (problem["status"], problem["code"]) == (404, "not_found")
    assert problem["title"] == "There is no match nothing."
    assert problem["instance"] == f"{ROOT}/matches/nothing"
    assert problem["type"].endswith("/docs/errors/")


def test_all_wrong_fields_are_told_at_once(caller, host, competition):
    body = {"naming_ends_at": "soon", "prize_places": "three", "budget_episodes": 1.5}
    error = caller(host, "host").post("/competitions/c4/final", body).json()["error"]
    assert error["field"] == "naming_ends_at"
    assert [each["name"] for each in error["fields"]] == ["naming_ends_at", "prize_places", "budget_episodes"]


def test_b56_an_unknown_filter_is_refused_with_the_known_ones(caller, db):
    found = refusal(caller().get("/arenas?entry__team__name=x"))
    message = "Cannot filter by entry__team__name. Choose one of: q, tag."
    assert found == (400, "request.bad_field", message)


def test_b56_a_board_is_sorted_by_its_views_only(caller, competition):
    found = refusal(caller().get("/competitions/c4/leaderboard?view=password"))
    message = "Cannot sort by password. Choose one of: rating, field, nash."
    assert found == (400, "request.bad_field", message)


def test_b57_a_search_of_10000_characters(caller, db):
    found = refusal(caller().get("/arenas?q=" + "x" * 5000))
    assert found == (400, "request.bad_field", "The search text may have at most 200 characters.")


def test_t26_hostile_texts_in_every_parameter_are_values_and_nothing_else(caller, staff, match, submission):
    api, asked = caller(staff, "host"), 0
    known = {
        "slug": "c4",
        "match_id": match.pk,
        "submission_id": submission.pk,
        "username": "ann",
        "team_id": submission.entry.team_id,
        "arena_id": "tictactoe-v3",
        "index": "0",
        "name": "ladder",
        "table": "seats",
        "phase_slug": "public-1",
    }
    facts = defaultdict(lambda: "nothing", known)
    for path, methods in the_api.get_openapi_schema()["paths"].items():
        address = path.removeprefix(ROOT).format_map(facts)
        for parameter in methods.get("get", {}).get("parameters", ()):
            if parameter["in"] == "query":
                for text in HOSTILE[asked % 3 :: 3]:
                    answer = api.client.get(ROOT + address, {parameter["name"]: text}, headers=api.headers)
                    assert answer.status_code in {200, 400, 404}, (address, parameter["name"], text)
                    asked += 1
    assert asked > 100


@pytest.mark.parametrize(
    ("agent", "status"),
    [
        ("coliseum/0.0.9", 426),
        ("coliseum/0.0", 426),
        ("coliseum/0.1.0", 200),
        ("coliseum/999999.1", 200),
        ("curl/8", 200),
        ("coliseum/x", 200),
    ],
)
def test_b83_a_command_line_that_is_too_old_is_told(caller, db, agent, status):
    answer = caller().get("/arenas?tag=none", **{"User-Agent": agent})
    assert answer.status_code == status
    if status == 426:
        assert refusal(answer)[1] == "cli.version"
        assert "This server needs coliseum >= 0.1.0; you have 0.0." in refusal(answer)[2]
