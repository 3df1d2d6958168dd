"""A competition opened from its file by browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coliseum.competitions.models import Competition
from tests.platform.competitions.test_files import WHOLE
from tests.platform.pages.conftest import text_of
from tests.workers.hosting.files import HEAD
from workers.hosting.reading import MOST_BYTES, read_toml

PLACE = "/host/from-file"


@pytest.mark.parametrize("way", ["pasted", "chosen"])
def test_a_file_makes_a_draft_and_leads_to_its_console(browser, host, way) -> None:
    visitor = browser(host)
    fields = {"text": WHOLE} if way == "pasted" else {"file": SimpleUploadedFile("c.toml", WHOLE.encode())}
    answer = visitor.post(PLACE, **fields)
    assert (answer.status_code, answer["Location"]) == (302, "/competitions/spring-cup/host")
    page = visitor.get("/competitions/spring-cup/host").content.decode()
    assert "/competitions/spring-cup/host/competition.toml" in page
    given_back = visitor.get("/competitions/spring-cup/host/competition.toml")
    assert read_toml(given_back.content) == read_toml(WHOLE.encode())
    assert given_back["Content-Type"].startswith("application/toml")


def test_every_problem_is_listed_with_its_line_and_the_text_is_kept(browser, host) -> None:
    text = HEAD + '[quotas]\nactive_submissions = 9\n"<b>x" = 1\n'
    answer = browser(host).post(PLACE, text=text)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 6 quotas.active_submissions must be" in text_of(answer)
    assert "Line 7 " in text_of(answer)
    assert "<b>x" not in page
    assert "&quot;&lt;b&gt;x&quot; = 1" in page
    assert not Competition.objects.exists()


def test_a_refusal_of_the_site_is_shown_beside_the_kept_text(browser, host, competition, staff) -> None:
    Competition.objects.get().hosts.set([staff])
    answer = browser(host).post(PLACE, text=HEAD.replace("spring-cup", "c4"))
    assert answer.status_code == 400
    assert "slug must be another one: this address is taken." in text_of(answer)
    assert "Spring Cup" in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"\xff", "The file is no text in UTF-8"),
        (b"\0", "zero byte"),
        (b"#" * (MOST_BYTES + 1), "The file has more than 256 kB"),
        (b"a." * 100_000 + b"a = 1", "nested too deeply"),
    ],
)
def test_what_is_no_file_of_ours_is_told(browser, host, content, words) -> None:
    answer = browser(host).post(PLACE, file=SimpleUploadedFile("c.toml", content))
    assert answer.status_code == 422
    assert words in text_of(answer)


def test_the_same_short_name_changes_the_competition_one_runs(browser, host) -> None:
    visitor = browser(host)
    visitor.post(PLACE, text=WHOLE)
    assert visitor.post(PLACE, text=WHOLE.replace("Spring Cup", "Spring Cup 2")).status_code == 302
    assert Competition.objects.get().title == "Spring Cup 2"
    answer = visitor.post(PLACE, text=HEAD.replace("connect_four-v3", "tictactoe-v3"))
    assert answer.status_code == 400
    assert "connect_four-v3, as it was made" in text_of(answer)
