"""Pages of people: what they say, their picture, what they follow; and the search."""

# ruff: noqa: RUF001 - letters that look alike are what is tested

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from coliseum import clock
from coliseum.accounts.follows import followed_by, followers_of
from coliseum.accounts.models import Follow, Profile, User
from coliseum.competitions.models import PhaseState
from coliseum.leaderboards.services import rate_phase
from coliseum.submissions.models import Contender
from tests.platform.pages.conftest import text_of

HOSTILE = "<script>alert(1)</script> **bold** [x](javascript:alert(1)) ![p](https://elsewhere.example/p.png)"


@pytest.fixture
def rated(match):
    """Return ann's agent with a place on a board that is over."""
    phase = match.phase
    rate_phase(phase=phase)
    submission = match.seats.get(position=0).submission
    phase.state, phase.settled_at, phase.closed_at = PhaseState.CLOSED, clock.now(), clock.now()
    phase.save()
    Contender.objects.create(phase=phase, submission=submission, named_at=clock.now(), place=1)
    return submission


def test_a_page_shows_places_agents_teams_and_matches(browser, rated, ann, django_assert_max_num_queries):
    visitor = browser()
    with django_assert_max_num_queries(22):
        answer = visitor.get("/people/ann/")
    shown = text_of(answer)
    assert answer.status_code == 200
    for words in (
        "Connect Four Cup, Season 1",
        "95 % interval",
        "four-seasons v1",
        "Four Seasons",
        "Latest matches",
    ):
        assert words in shown
    assert "Edit your profile" not in shown
    assert "Edit your profile" in text_of(browser(ann).get("/people/ann/"))


def test_what_a_person_says_is_shown_safely(browser, ann):
    fields = {"display_name": "Ann <b>B</b>", "affiliation": "ETH {{ 7 }}", "link": "https://ann.example/x?y"}
    assert browser(ann).post("/settings/profile", bio=HOSTILE, **fields).status_code == 302
    page = browser().get("/people/ann/").content.decode()
    assert "<strong>bold</strong>" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "elsewhere.example" not in page
    assert "Ann &lt;b&gt;B&lt;/b&gt;" in page
    assert 'href="https://ann.example/x?y"' in page


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"link": "javascript:alert(1)"}, 400, "request.bad_field"),
        ({"link": "https://a b"}, 400, "request.bad_field"),
        ({"display_name": "an\u202enA"}, 400, "name.characters"),
        ({"display_name": "Еvе"}, 409, "name.taken"),
        ({"affiliation": "a\u200bb"}, 400, "name.characters"),
    ],
)
def test_b59_b60_a_bad_profile_is_refused_with_what_was_typed(browser, ann, eve, fields, status, code):
    answer = browser(ann).post("/settings/profile", bio="long and good", **fields)
    assert answer.status_code == status
    assert code in answer.content.decode()
    assert "long and good" in answer.content.decode()
    assert not Profile.objects.exists()


def test_a_picture_is_kept_replaced_and_taken_back(browser, ann):
    visitor = browser(ann)
    drawn = visitor.get("/people/ann/picture")
    assert drawn["Content-Type"] == "image/svg+xml"
    out = io.BytesIO()
    Image.new("RGB", (50, 20), "blue").save(out, "PNG")
    keys = []
    for _ in range(2):
        file = SimpleUploadedFile("evil.html", out.getvalue(), content_type="text/html")
        assert visitor.post("/settings/profile/picture", picture=file).status_code == 302
        keys.append(Profile.objects.get().picture)
    shown = visitor.get("/people/ann/picture")
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert default_storage.exists(keys[1])
    assert visitor.post("/settings/profile/picture", remove="yes").status_code == 302
    assert visitor.get("/people/ann/picture").content == drawn.content


def test_b63_a_bad_picture_is_refused_beside_the_field(browser, ann):
    file = SimpleUploadedFile("a.png", b"<svg/>", content_type="image/png")
    answer = browser(ann).post("/settings/profile/picture", picture=file)
    assert answer.status_code == 400
    assert "Use PNG, JPEG or WebP." in text_of(answer)
    assert "image.unsupported" in text_of(answer)


@pytest.mark.parametrize("name", ["nobody-here", "a%00b", "x" * 300])
def test_b47_there_is_no_page_of_somebody_unknown(browser, db, name):
    assert browser().get(f"/people/{name}/").status_code == 404


def test_competitions_and_agents_are_followed_and_let_go(browser, submission, eve):
    visitor = browser(eve)
    topics = ["competition:c4", f"agents:{submission.entry_id}"]
    for topic in topics * 2:
        assert (
            visitor.post("/follow", topic=topic, next="/competitions/c4/")["Location"] == "/competitions/c4/"
        )
    assert followed_by(eve) == topics[::-1]
    assert list(followers_of(topics[0])) == [eve]
    shown = text_of(visitor.get("/following/"))
    assert "Connect Four Cup" in shown
    assert "four-seasons v1" in shown
    assert "Stop following" in text_of(visitor.get("/competitions/c4/"))
    assert "Stop following" in text_of(visitor.get(f"/agents/{submission.pk}/"))
    visitor.post("/follow", topic=topics[0], to="stop")
    assert followed_by(eve) == topics[1:]
    assert "You follow nothing yet" in text_of(
        browser(User.objects.create_user("newcomer")).get("/following/")
    )


@pytest.mark.parametrize(
    "topic", ["", "competition:secret-cup", "agents:999", "agents:x", "people:ann", "agents:\0"]
)
def test_what_cannot_be_seen_cannot_be_followed(browser, draft, eve, topic):
    assert browser(eve).post("/follow", topic=topic).status_code in {400, 404}
    assert not Follow.objects.exists()


def test_the_search_finds_all_kinds_the_best_first(
    browser, submission, rival, draft, ann, django_assert_max_num_queries
):
    User.objects.create_user("hannes")
    visitor = browser()
    with django_assert_max_num_queries(8):
        shown = text_of(visitor.get("/search?q=ann"))
    assert shown.index(" ann ") < shown.index("hannes")
    shown = text_of(visitor.get("/search?q=FOUR"))
    for words in ("Connect Four Cup", "four-seasons v1", "connect_four-v3"):
        assert words in shown
    assert "column-three v1" in text_of(visitor.get("/search?q=column&kind=agents"))
    assert "Nothing holds" in text_of(visitor.get("/search?q=secret+cup"))
    assert "Nothing holds" in text_of(visitor.get("/search?q=%25"))
    assert "Secret Cup" in text_of(browser(draft.hosts.get()).get("/search?q=secret+cup"))


def test_the_search_has_pages(browser, db):
    User.objects.bulk_create(User(username=f"walker{number}") for number in range(45))
    assert "More" in text_of(browser().get("/search?q=walker"))
    first = text_of(browser().get("/search?q=walker&kind=people"))
    assert "45 results" in first
    assert "walker9" in text_of(browser().get("/search?q=walker&kind=people&page=2"))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=" + "x" * 201, 400),
        ("q=" + "x" * 200, 200),
        ("q=a%00b", 400),
        ("kind=x", 400),
        ("page=0&q=a&kind=people", 400),
        ("password__x=1", 400),
        ("", 200),
        ("q=%F0%9F%8E%B2", 200),
        ("q='%22%3Cscript%3E", 200),
    ],
)
def test_b57_a_search_is_bounded(browser, db, query, status):
    answer = browser().get(f"/search?{query}")
    assert answer.status_code == status
    assert "<script>" not in answer.content.decode().replace("<script src", "").replace("<script type", "")


def test_the_log_links_people_who_are_there(browser, competition, host):
    assert 'href="/people/host/"' in browser().get("/competitions/c4/log").content.decode()
    User.objects.filter(pk=host.pk).update(deleted_at=clock.now(), username="deleted user 1")
    assert "/people/deleted" not in browser().get("/competitions/c4/log").content.decode()
