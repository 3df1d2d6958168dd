"""Bad input at the site, each with its exact answer: what no other page's tests name."""

import io
import logging
import re
import threading
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test.client import ClientHandler

from coliseum import clock
from coliseum.accounts.names import claim_name
from coliseum.accounts.queries import token_of as live_token
from coliseum.accounts.services import create_token
from coliseum.competitions.models import Announcement, Competition
from coliseum.idempotency.models import KeptAnswer
from coliseum.matches.models import Match
from coliseum.submissions.models import Submission
from coliseum.tournaments.models import Tournament
from tests.platform.pages.conftest import CSRF, Browser, text_of

MIB = 1024 * 1024
LOOKS_ALIKE = "\u0440\u0430y\u0440\u0430l"
"""In Cyrillic, but for two letters."""
SUBMIT = "/competitions/c4/submit"
NEWS = "/competitions/c4/host/announcements"
HERE = "http://testserver"


def send(visitor, content, file_name="agent.py", **fields):
    return visitor.post(SUBMIT, file=SimpleUploadedFile(file_name, content), **fields)


def refusal(answer):
    """Return status, code and message as the page shows them."""
    page = answer.content.decode()
    alert = re.search(
        r'<div class="alert"[^>]*role="alert">.*?<div>\s*<span>(.*?) <code[^>]*>(.*?)</code>', page, re.S
    )
    return answer.status_code, alert[2], unescape(alert[1])


def test_b33_before_it_opens(browser, ann, entry, agent_source):
    opens_at = clock.now() + timedelta(days=1)
    Competition.objects.update(opens_at=opens_at)
    message = f"This competition opens on {opens_at:%Y-%m-%d %H:%M} UTC."
    assert refusal(send(browser(ann), agent_source)) == (403, "competition.not_open", message)


def test_b34_not_joined(browser, eve, competition, agent_source):
    message = "Join the competition and accept its rules first."
    assert refusal(send(browser(eve), agent_source)) == (403, "competition.not_joined", message)


def test_b37_an_upload_that_was_cut_off_is_not_taken_for_whole(browser, ann, entry, agent_source):
    part = 'Content-Disposition: form-data; name="{}"'
    head = f"--x\r\n{part.format('csrfmiddlewaretoken')}\r\n\r\n{CSRF}\r\n--x\r\n"
    file = f'{part.format("file")}; filename="agent.py"\r\n\r\n'
    sent = (head + file).encode() + agent_source + b"#" * (3 * MIB)
    cookies = browser(ann).client.cookies
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": SUBMIT,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": str(10 * MIB),
        "HTTP_COOKIE": "; ".join(f"{name}={cookie.value}" for name, cookie in cookies.items()),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(sent),
        "wsgi.url_scheme": "http",
    }
    message = "The upload was cut off after 3.0 MB of 10.0 MB."
    assert refusal(ClientHandler()(environ)) == (400, "upload.incomplete", message)
    assert not Submission.objects.exists()


@pytest.mark.parametrize("key", ["x" * 256, "two words", "ünï", ""])
def test_b40_a_key_no_page_made_names_nothing(browser, ann, entry, agent_source, key):
    visitor = browser(ann)
    first = send(visitor, agent_source, key=key)
    other = send(visitor, agent_source + b"# other\n", key=key)
    assert (first.status_code, other.status_code) == (302, 302)
    assert first["Location"] != other["Location"]


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/xml", "nonsense"])
def test_b41_to_b45_a_body_that_is_no_form_is_refused_and_changes_nothing(browser, host, competition, kind):
    client = browser(host).client
    for body in (b'{"act": "post", "title": "x", "text": "y"}', b"[" * 200_000, b"\xff\xfe"):
        answer = client.generic("POST", NEWS, body, content_type=kind, headers={"X-CSRFToken": CSRF})
        assert answer.status_code == 400
        assert "request.bad_field" in answer.content.decode()
    assert not Announcement.objects.filter(is_automatic=False).exists()


@pytest.mark.parametrize("number", ["NaN", "inf", "-inf", "1e400", "9" * 400, "1" * 5000])
def test_b46_a_number_that_is_none_is_refused_at_its_field(browser, host, draft, number):
    visitor = browser(host)
    page = "/competitions/secret-cup/host/edit/4"
    for field in ("limits-step_seconds", "quotas-daily_submissions"):
        answer = visitor.post(page, **{field: number})
        assert answer.status_code == 400
        assert f'id="id_{field}_error"' in answer.content.decode()


def test_b48_somebody_elses_private_submission_is_not_confirmed(
    browser, eve, entry, ann, tmp_path, agent_source
):
    send(browser(ann), agent_source)
    (private,) = Submission.objects.all()
    nobodys = "0" * len(private.pk)
    for address in ("/submissions/{}/", "/submissions/{}/package", "/submissions/{}/changes"):
        theirs, none = (browser(eve).get(address.format(each)) for each in (private.pk, nobodys))
        assert refusal(theirs) == (404, "not_found", f"There is no submission {private.pk}.")
        assert refusal(none) == (404, "not_found", f"There is no submission {nobodys}.")


@pytest.mark.parametrize(
    "address", ["/competitions/", "/competitions/?q=", "/", "/settings/", "/nowhere", "/live"]
)
def test_b52_a_token_in_a_pages_address_is_refused_and_revoked(browser, ann, address):
    _, secret = create_token(user=ann, name="t", scopes=["read"])
    answer = browser().get(f"{address}{'&' if '?' in address else '?'}key={secret}")
    message = "Send the token in the Authorization header. This token has been revoked."
    assert refusal(answer) == (400, "auth.token_in_url", message)
    assert live_token(secret) is None
    assert secret not in answer.content.decode()


def test_b52_what_only_begins_like_a_token_may_be_searched_for(browser, db):
    assert browser().get("/competitions/?q=col_umn").status_code == 200


def test_b53_b49_a_form_sent_signed_out_comes_back_whole_and_goes_through(browser, host, competition):
    typed = {"act": "post", "title": "Two & <three>", "text": "\nFirst line\nsecond"}
    away = browser()
    answer = away.post(NEWS, **typed)
    assert refusal(answer) == (401, "auth.required", "Sign in or send an API token.")
    assert f'href="/sign-in?next={NEWS}" target="_blank"' in answer.content.decode()
    again = fields_of(answer)
    assert again == typed
    # Signed in in another tab: the token is another one now, the form still is there.
    back = browser(host)
    late = back.client.post(NEWS, again | {"csrfmiddlewaretoken": "b" * 32}, headers={"Origin": HERE})
    assert refusal(late)[:2] == (403, "auth.csrf")
    assert back.post(NEWS, **fields_of(late)).status_code == 302
    assert Announcement.objects.get(is_automatic=False).title == typed["title"]


def fields_of(answer):
    """Return what the form that sends everything again holds, as a browser would send it."""
    page = answer.content.decode()
    form = page[page.index('<form class="card stack" method="post"') :]
    kept = re.findall(r'<textarea name="([^"]*)" hidden>\n(.*?)</textarea>', form, re.S)
    return {unescape(name): unescape(value) for name, value in kept}


def test_b53_another_sites_form_is_not_sent_again(browser, host, competition):
    fields = {"act": "post", "title": "evil", "csrfmiddlewaretoken": "b" * 32}
    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        answer = browser(host).client.post(NEWS, fields, headers=headers)
        assert answer.status_code == 403
        assert "Send it again" not in answer.content.decode()


def test_b53_secrets_and_files_are_not_written_into_a_page(browser, ann, competition):
    answer = browser().post("/settings/tokens", name="laptop", token="s3cret")
    assert "s3cret" not in answer.content.decode()
    assert "Send it again" not in answer.content.decode()
    picture = SimpleUploadedFile("p.png", b"x")
    assert (
        "Send it again" not in browser().post("/settings/profile/picture", picture=picture).content.decode()
    )


def test_b54_a_wrong_host_is_logged(browser, db, caplog):
    with caplog.at_level(logging.WARNING):
        answer = browser().get("/", Host="evil.example\u2028x")
    assert (answer.status_code, answer.content) == (400, b"")
    assert [record.message for record in caplog.records if record.name.startswith("coliseum")] == ["bad_host"]


def test_b58_a_name_of_81_characters_or_of_spaces(browser, ann, entry, agent_source):
    message = "The name must have 1 to 80 characters."
    visitor = browser(ann)
    long = send(visitor, agent_source, name="x" * 81)
    assert long.status_code == 400
    assert 'id="id_name_error"' in long.content.decode()
    assert message in text_of(long)
    assert "note must be a text of at most 400 characters" in text_of(
        send(visitor, agent_source, note="x" * 401)
    )
    assert not Submission.objects.exists()
    for name in ("", " " * 80):
        answer = visitor.post("/competitions/c4/team/act", act="rename", name=name)
        assert answer.status_code == 400
        assert message in text_of(answer)


def test_b60_a_name_that_looks_like_anothers(browser, ann, entry, agent_source):
    claim_name(realm=f"agents:{entry.competition_id}", name="paypal", owner="another")
    answer = send(browser(ann), agent_source, name=LOOKS_ALIKE)
    assert answer.status_code == 409
    assert f"The name {LOOKS_ALIKE} is too similar to an existing one." in text_of(answer)


def test_b62_the_editor_says_what_is_not_shown(browser, host, ann, competition):
    evil = (
        "<script>x</script> [a](javascript:alert(1)) ![b](data:image/png;base64,AA) <iframe src=x></iframe>"
    )
    found = "<script>, [](javascript:…), ![](data:image/png;base64,AA), <iframe>"
    editor = browser(host)
    editor.post(NEWS, act="post", title="News", text=evil)
    assert f"Your announcement is saved. Not shown as it was meant: {found}." in shown(editor.get(NEWS))
    page = "/competitions/c4/host/edit/5"
    editor.post(page, **{"competition-overview": evil, "go": "leave"})
    assert f"Overview is saved. Not shown as it was meant: {found}." in shown(editor.get(page))
    person = browser(ann)
    person.post("/settings/profile", bio=evil)
    assert f"About you is saved. Not shown as it was meant: {found}." in shown(
        person.get("/settings/profile")
    )
    person.post("/settings/profile", bio="# Fine\n[here](https://example.org) and `<b>`")
    assert "Not shown" not in shown(person.get("/settings/profile"))


def shown(answer):
    page = answer.content.decode()
    told = page[page.index('<div id="messages"') :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", told[: told.index("<h1")])).split())


def test_b65_an_unknown_arena(browser, db):
    status, code, message = refusal(browser().get("/arenas/chess_v9/"))
    assert (status, code) == (404, "arena.unknown")
    assert message.startswith("There is no arena chess_v9. Did you mean ")


def test_b67_an_agent_that_has_not_passed_is_not_put_into_play(browser, ann, entry, agent_source):
    send(browser(ann), agent_source)
    (unready,) = Submission.objects.all()
    assert browser(ann).post(f"/submissions/{unready.pk}/activate").status_code == 409
    unready.refresh_from_db()
    assert not unready.is_active


def test_b68_a_match_that_is_over_stays_as_it_is(browser, staff, match):
    before = Match.objects.values().get(pk=match.pk)
    answer = browser(staff).post(f"/administration/matches/{match.pk}/again")
    assert refusal(answer) == (409, "match.already_done", "This match is finished; its result stands.")
    assert Match.objects.values().get(pk=match.pk) == before


def test_b77_downloads_come_in_parts_and_not_twice(browser, ann, submission, match, agent_source):
    visitor = browser(ann)
    for address in (f"/submissions/{submission.pk}/package", f"/matches/{match.pk}/episodes/0/replay.ctr"):
        whole = visitor.get(address)
        assert whole["Content-Disposition"].startswith("attachment; filename=")
        assert whole["X-Content-Type-Options"] == "nosniff"
        part = visitor.get(address, Range="bytes=2-5")
        assert (part.status_code, part.content) == (206, whole.content[2:6])
        assert part["Content-Range"] == f"bytes 2-5/{len(whole.content)}"
        past = visitor.get(address, Range="bytes=999999999-")
        assert (past.status_code, past["Content-Range"]) == (416, f"bytes */{len(whole.content)}")
        assert visitor.get(address, If_None_Match=whole["ETag"]).status_code == 304
        head = visitor.client.head(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head["Content-Length"] == str(len(whole.content))


def test_b79_two_thousand_fields(browser, ann, entry):
    answer = browser(ann).post(SUBMIT, **{f"field{number}": "x" for number in range(2000)})
    assert refusal(answer) == (400, "request.too_large", "The form has more than 200 fields.")


WRITTEN = {"act": "post", "title": "News", "text": "All is well."}


def test_a_double_click_and_a_button_met_again_by_going_back_act_once(browser, host, competition):
    visitor = browser(host)
    first, again = visitor.post(NEWS, **WRITTEN), visitor.post(NEWS, **WRITTEN)
    assert (first.status_code, again.status_code) == (302, 302)
    assert first["Location"] == again["Location"]
    assert Announcement.objects.filter(is_automatic=False).count() == 1
    # Going back and changing what was typed is a new one, and so is the same from a new page.
    visitor.post(NEWS, **WRITTEN | {"text": "All is very well."})
    new = visitor.get(NEWS).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', new)[1]
    assert visitor.client.post(NEWS, WRITTEN | {"csrfmiddlewaretoken": token}).status_code == 302
    assert Announcement.objects.filter(is_automatic=False).count() == 3


def test_a_form_that_was_refused_may_be_sent_again(browser, host, competition):
    visitor = browser(host)
    wrong = WRITTEN | {"title": ""}
    assert [visitor.post(NEWS, **wrong).status_code for _ in range(2)] == [400, 400]
    assert not KeptAnswer.objects.exists()


def test_a_draft_of_a_tournament_is_made_once(browser, host, submission):
    visitor = browser(host)
    fields = {"title": "Cup", "source": "active", "seeding": "rating", "release": "at_once"}
    fields |= {"matches": "1", "cycles": "1"}
    address = "/competitions/c4/tournaments/new?format=round_robin"
    places = {visitor.post(address, **fields)["Location"] for _ in range(2)}
    assert len(places) == 1
    assert Tournament.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_act_once(host, competition):
    answers = []
    visitors = [Browser(host) for _ in range(3)]

    def click(visitor):
        try:
            answers.append(visitor.post(NEWS, **WRITTEN))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click, args=[visitor]) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [answer.status_code for answer in answers] == [302] * 3
    assert Announcement.objects.filter(is_automatic=False).count() == 1
