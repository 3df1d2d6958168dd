"""The table of refusals: exact texts, statuses, exit codes, and safety of foreign text."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.refusals import OUTCOMES, REFUSALS, Exit, RefusedError, printable, unknown_arena
from workers.refusals.table import collect, refuse, tell
from workers.spec import Outcome

ROWS = [
    ("upload.missing_file", {}, 400, "Choose a file to upload."),
    ("upload.empty", {"file": "agent.py"}, 400, "The file agent.py is empty."),
    (
        "upload.too_large",
        {"size": "61.0 MB", "limit": "50 MB"},
        413,
        "The file is 61.0 MB. The limit for this arena is 50 MB.",
    ),
    (
        "upload.too_large",
        {"file_size": "5.0 MB", "file_limit": "1 MB"},
        413,
        "A single Python file may be at most 1 MB; this one has 5.0 MB. Put data files into a zip.",
    ),
    (
        "upload.unsupported_type",
        {"kind": "tar"},
        415,
        "Upload one Python file (.py) or one zip archive (.zip). This looks like a tar file.",
    ),
    ("archive.corrupt", {}, 400, "This file is not a readable zip archive."),
    (
        "archive.no_agent",
        {"folder": "my_agent/"},
        400,
        "agent.py is inside my_agent/. Zip the files themselves, not the folder.",
    ),
    ("submission.duplicate", {"submission": "v12"}, 409, "This is the same content as your submission v12."),
    (
        "submission.quota",
        {"used": 5, "limit": 5, "next_at": "2026-11-23 00:00 UTC"},
        429,
        "You have used 5 of 5 submissions today. Next one at 2026-11-23 00:00 UTC.",
    ),
    (
        "submission.too_many_active",
        {"active": 3},
        409,
        "You have 3 active submissions, the limit here. Deactivate one first.",
    ),
    (
        "competition.closed",
        {"closed_at": "2026-11-20 23:59 UTC"},
        403,
        "This competition closed on 2026-11-20 23:59 UTC.",
    ),
    ("competition.not_joined", {}, 403, "Join the competition and accept its rules first."),
    (
        "storage.full",
        {},
        507,
        "The server has no space for uploads now. Nothing was saved; try again later.",
    ),
    (
        "service.unavailable",
        {},
        503,
        "The service is restarting. Nothing was saved; try again in a minute.",
    ),
    (
        "upload.incomplete",
        {"received": "3.1", "expected": "9.8 MB"},
        400,
        "The upload was cut off after 3.1 of 9.8 MB.",
    ),
    ("upload.checksum_mismatch", {}, 422, "The file arrived damaged (checksum differs). Send it again."),
    (
        "request.idempotency_conflict",
        {},
        409,
        "This Idempotency-Key was used for a different request.",
    ),
    (
        "request.bad_idempotency_key",
        {},
        400,
        "Idempotency-Key must be 1 to 255 letters, digits, '-' or '_'.",
    ),
    (
        "request.bad_json",
        {"line": 1, "column": 17},
        400,
        "The request body is not valid JSON (line 1, column 17).",
    ),
    (
        "request.unknown_field",
        {"name": "winner", "known": ["name", "description", "arena"]},
        400,
        "Unknown field: winner. Known: name, description, arena.",
    ),
    (
        "request.bad_field",
        {"name": "arena", "wanted": "a text", "found": "a number"},
        400,
        "arena must be a text, not a number.",
    ),
    (
        "request.bad_field",
        {"name": "k", "wanted": "an ordinary number"},
        400,
        "k must be an ordinary number.",
    ),
    ("request.bad_field", {"name": "limit", "most": 100}, 400, "limit may be at most 100."),
    (
        "request.bad_field",
        {"sort": "password", "choices": "rating, name, matches"},
        400,
        "Cannot sort by password. Choose one of: rating, name, matches.",
    ),
    (
        "request.bad_field",
        {"most_characters": 200},
        400,
        "The search text may have at most 200 characters.",
    ),
    ("request.unsupported_media_type", {}, 415, "Send application/json or multipart/form-data."),
    ("not_found", {"kind": "match", "id": "1 OR 1=1"}, 404, "There is no match 1 OR 1=1."),
    ("auth.required", {}, 401, "Sign in or send an API token."),
    ("auth.bad_token", {}, 401, "This API token is not valid."),
    (
        "auth.missing_scope",
        {"action": "submit agents", "scopes": "read"},
        403,
        "This token may not submit agents. It has: read.",
    ),
    (
        "auth.token_in_url",
        {},
        400,
        "Send the token in the Authorization header. This token has been revoked.",
    ),
    ("auth.csrf", {}, 403, "This page was open too long. Reload it and try again."),
    ("auth.too_many_attempts", {"minutes": 15}, 429, "Too many attempts. Try again in 15 minutes."),
    ("name.length", {"least": 1, "most": 80}, 400, "The name must have 1 to 80 characters."),
    (
        "name.characters",
        {"point": "U+202E", "position": 6},
        400,
        "The name has invisible or control characters (U+202E at position 6).",
    ),
    (
        "name.taken",
        {"name": "\u0440\u0430ypal"},
        409,
        "The name \u0440\u0430ypal is too similar to an existing one.",
    ),
    ("image.unsupported", {}, 400, "Use PNG, JPEG or WebP."),
    (
        "image.too_large",
        {"megapixels": 900, "limit": 16},
        400,
        "The picture has 900 megapixels; the limit is 16.",
    ),
    (
        "competition.bad_setting",
        {"end": "1 May", "start": "2 May"},
        400,
        "The end (1 May) must be after the start (2 May).",
    ),
    (
        "arena.unknown",
        {"arena": "chess_v9", "suggestions": "chess_v6"},
        404,
        "There is no arena chess_v9. Did you mean chess_v6?",
    ),
    ("match.bad_seats", {"wanted": 2, "given": 1}, 400, "This arena needs 2 seats; 1 was given."),
    ("match.agent_not_ready", {"agent": "name v3"}, 409, "name v3 has not passed validation yet."),
    ("match.already_done", {}, 409, "This match is finished; its result stands."),
    ("lease.lost", {}, 409, "This match was given to another worker."),
    (
        "result.invalid",
        {"problem": "rewards must be 2 finite numbers"},
        422,
        "Result refused: rewards must be 2 finite numbers.",
    ),
    (
        "worker.version",
        {"theirs": 2, "ours": 3},
        426,
        "This worker speaks protocol 2; the server needs 3. Update the worker.",
    ),
    ("request.method", {"allowed": "POST"}, 405, "Use POST here."),
    ("request.too_large", {"address_limit": "8 kB"}, 414, "The address is longer than 8 kB."),
    ("request.too_large", {"header_limit": "16 kB"}, 431, "A header is longer than 16 kB."),
    ("request.too_large", {"field_limit": 1000}, 400, "The form has more than 1,000 fields."),
    ("cli.not_signed_in", {}, 401, "Not signed in. Run: coliseum login"),
    (
        "cli.unreachable",
        {"host": "example.org", "problem": "connection refused"},
        503,
        "Cannot reach example.org: connection refused. Nothing was sent.",
    ),
    ("cli.no_such_file", {"path": "x.py"}, 400, "No such file: x.py"),
    ("cli.no_agent", {"folder": "folder"}, 400, "No agent.py in folder."),
    (
        "cli.bad_config",
        {"path": "config.toml", "line": 3, "problem": "expected '='"},
        400,
        "config.toml, line 3: expected '='.",
    ),
    ("cli.interrupted", {}, 400, "Stopped. The submission was not made."),
    (
        "ops.refused",
        {"reason": "the database is not empty", "remedy": "Use --into-empty with a new one."},
        409,
        "Refused: the database is not empty. Use --into-empty with a new one.",
    ),
    (
        "load_failed",
        {"module": "foo"},
        422,
        "Your agent imports foo, which is not available here.",
    ),
]


@pytest.mark.parametrize(("code", "values", "status", "message"), ROWS)
def test_a_refusal_says_exactly_what_the_table_promises(code, values, status, message):
    refused = RefusedError(code, **values)
    assert (refused.message, refused.status, str(refused)) == (message, status, message)


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_every_wording_can_be_said_and_has_a_final_mark(code):
    for wording in REFUSALS[code].wordings:
        refused = RefusedError(code, retry_after=12, **dict.fromkeys(wording.fields, 7))
        assert refused.message
        assert refused.hint or code in {"request.bad_host"}
        assert 400 <= refused.status < 600
        assert "{" not in refused.message + refused.hint


def test_an_unknown_code_raises_at_once():
    with pytest.raises(LookupError, match="no refusal code"):
        RefusedError("archive.strange")


def test_a_forgotten_or_surplus_name_raises_at_once():
    with pytest.raises(LookupError, match=r"upload\.empty needs"):
        RefusedError("upload.empty")
    with pytest.raises(LookupError, match=r"upload\.empty needs"):
        RefusedError("upload.empty", file="agent.py", size=3)


def test_the_problem_body_has_the_five_keys_and_is_json():
    body = RefusedError("upload.empty", field="file", file="agent.py").as_problem("r-1")
    assert json.loads(json.dumps(body)) == {
        "error": {
            "code": "upload.empty",
            "message": "The file agent.py is empty.",
            "field": "file",
            "hint": "Check that the file was saved.",
            "request_id": "r-1",
        }
    }


def test_the_wait_is_told_in_words_and_in_a_header():
    refused = RefusedError("rate.limited", limit=60, retry_after=12)
    assert refused.message == "Too many requests: 60 a minute. Try again in 12 s."
    assert refused.headers == {"Retry-After": "12"}


def test_exit_codes_follow_the_kind_of_trouble():
    exits = {code: REFUSALS[code].exit_code for code in REFUSALS}
    assert exits["archive.corrupt"] == Exit.REFUSED == 1
    assert exits["cli.no_agent"] == Exit.USAGE == 2
    assert exits["auth.required"] == exits["cli.not_signed_in"] == Exit.NOT_ALLOWED == 3
    assert exits["not_found"] == Exit.NOT_FOUND == 4
    assert exits["cli.unreachable"] == exits["service.unavailable"] == Exit.TROUBLE == 5
    assert exits["load_failed"] == Exit.FAILED_VALIDATION == 6
    assert exits["cli.interrupted"] == Exit.INTERRUPTED == 130


def test_foreign_text_is_cut_and_escaped_inside_a_message():
    refused = RefusedError("not_found", kind="match", id="\x1b[31m" + "9" * 400)
    assert refused.message.startswith("There is no match \\x1b[31m999")
    assert refused.message.endswith("9….")
    assert len(refused.message) < 65


def test_bidi_and_zero_width_characters_are_shown_as_escapes():
    assert printable("agent\u202eyp.exe\u200b") == "agent\\u202eyp.exe\\u200b"
    assert printable("\U000e0041") == "\\U000e0041"
    assert printable("Zoë 🏟") == "Zoë 🏟"


@given(st.text(), st.integers(1, 300))
def test_printable_text_is_one_visible_line_within_its_limit(text, limit):
    shown = printable(text, limit)
    assert len(shown) <= limit
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in shown)


def test_every_outcome_has_words_and_every_fault_a_hint():
    assert set(OUTCOMES) == set(Outcome) | {"rejected", "infrastructure_error", "aborted"}
    for outcome in Outcome:
        assert OUTCOMES[outcome].meaning.endswith(".")
        assert bool(OUTCOMES[outcome].hint) == outcome.is_forfeit


def test_an_unknown_arena_is_named_with_what_was_meant():
    assert str(unknown_arena("chess_v9", ("chess_v6", "chess-v6"))) == (
        "There is no arena chess_v9. Did you mean chess_v6 or chess-v6?"
    )
    refused = unknown_arena("zzz", field="arena")
    assert (refused.message, refused.field) == ("There is no arena zzz.", "arena")


def test_two_wordings_that_need_the_same_names_are_a_bug():
    with pytest.raises(ValueError, match=r"x\.y is ambiguous"):
        collect([refuse("x.y", 400, tell("{a} is bad"), tell("{a} is worse"))])
