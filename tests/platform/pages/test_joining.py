"""The page of joining, the rules and what changed in them, and the host's page of requests."""

import re

import pytest

from coliseum.competitions.models import Competition, Entry, JoinRequest, RulesVersion
from tests.platform.competitions.test_eligibility import closed_to, confirm
from tests.platform.competitions.test_rules import changed
from tests.platform.pages.conftest import text_of

JOIN = "/competitions/c4/join"
RULES = "/competitions/c4/rules"
REQUESTS = "/competitions/c4/host/requests"


def test_joining_tells_rules_and_who_sees_what_and_wants_them_accepted(browser, eve, competition) -> None:
    visitor = browser(eve)
    page = visitor.get(JOIN)
    text = text_of(page)
    assert "Be fair." in text
    assert "Your agent's code is seen by your team only" in text
    assert "Everybody with an account may join." in text
    answer = visitor.post(JOIN, version="1")
    assert answer.status_code == 400
    assert "Accept the rules to join. [competition.not_joined]" in text_of(answer)
    assert not Entry.objects.exists()
    answer = visitor.post(JOIN, version="1", rules="on")
    assert answer["Location"] == "/competitions/c4/submit"
    assert "You are in" in text_of(visitor.get(JOIN))


def test_what_is_revealed_is_said_in_plain_words(browser, eve, competition) -> None:
    Competition.objects.update(replays="after_close", code="after_close")
    text = text_of(browser(eve).get(JOIN))
    assert "then everybody may download every agent" in text
    assert "the teams of a match alone see its replays" in text


def test_rules_that_changed_while_one_was_reading_are_shown_anew(browser, eve, ann, entry, host) -> None:
    visitor = browser(eve)
    visitor.get(JOIN)
    changed(entry.competition, host, rules="Be kind.")
    answer = visitor.post(JOIN, version="1", rules="on")
    assert answer.status_code == 403
    assert "competition.rules_changed" in text_of(answer)
    assert 'name="version" value="2"' in answer.content.decode()
    assert not Entry.objects.filter(team__members=eve).exists()


def test_after_a_change_the_page_shows_exactly_what_changed_and_takes_the_new_yes(
    browser, ann, entry, host
) -> None:
    changed(entry.competition, host, rules="Be very fair.")
    visitor = browser(ann)
    page = visitor.get(RULES).content.decode()
    assert "The rules changed" in page
    assert "<ins> very</ins>" in page
    assert "go on playing" in page
    for notice in ("/competitions/c4/submit", "/competitions/c4/"):
        assert "competition.rules_changed" in text_of(visitor.get(notice))
    assert visitor.post(f"{RULES}/accept", version="2").status_code == 400
    assert visitor.post(f"{RULES}/accept", version="1", rules="on").status_code == 403
    assert visitor.post(f"{RULES}/accept", version="2", rules="on").status_code == 302
    text = text_of(visitor.get(RULES))
    assert "You accepted version 2" in text
    assert "The rules changed" not in text


def test_everybody_reads_the_earlier_versions(browser, entry, host) -> None:
    changed(entry.competition, host, rules="<b>Other</b>", faq="Why? So.")
    page = browser().get(RULES).content.decode()
    assert "Version 2" in page
    assert "&lt;b&gt;Other" in page
    assert "Why? So." in page
    assert RulesVersion.objects.count() == 2


def test_who_has_not_joined_cannot_accept(browser, eve, competition) -> None:
    assert browser(eve).post(f"{RULES}/accept", version="1", rules="on").status_code == 403


@pytest.mark.parametrize(
    ("who", "lists", "words"),
    [
        ("invited", {"invited": ["ann"]}, "Only people its host has invited can take part"),
        ("domain", {"domains": ["example.net"]}, "confirmed e-mail address of example.net can take part"),
    ],
)
def test_who_may_not_join_reads_why_and_finds_no_form(browser, eve, competition, who, lists, words) -> None:
    closed_to(competition, who, **lists)
    visitor = browser(eve)
    page = visitor.get(JOIN)
    assert words in text_of(page)
    assert "competition.not_eligible" in text_of(page)
    assert 'id="join"' not in page.content.decode()
    assert visitor.post(JOIN, rules="on").status_code == 403
    confirm(eve, "eve@cs.example.net")
    assert visitor.post(JOIN, rules="on").status_code == (302 if who == "domain" else 403)


def test_an_invitation_link_leads_to_the_form(browser, eve, competition, host) -> None:
    closed_to(competition, "invited", link=True)
    assert browser(host).post("/competitions/c4/host/invitation").status_code == 302
    (link,) = re.findall(r"/competitions/c4/join\?invitation=[\w-]+", text_of(browser(host).get(REQUESTS)))
    visitor = browser(eve)
    assert "is not valid" in text_of(visitor.get(f"{JOIN}?invitation=wrong"))
    secret = link.partition("=")[2]
    assert f'value="{secret}"' in visitor.get(link).content.decode()
    assert visitor.post(JOIN, rules="on", invitation=secret).status_code == 302
    assert Entry.objects.get().team.members.get() == eve


def test_the_host_answers_who_asks(browser, eve, bob, host, competition) -> None:
    closed_to(competition, "approval")
    answer = browser(eve).post(JOIN, rules="on", version="1", note="<b>I study</b> this.")
    assert answer["Location"] == JOIN
    assert "waits for the host" in text_of(browser(eve).get(JOIN))
    browser(bob).post(JOIN, rules="on")
    visitor = browser(host)
    page = visitor.get(REQUESTS).content.decode()
    assert "&lt;b&gt;I study" in page
    first, second = JoinRequest.objects.order_by("pk").values_list("pk", flat=True)
    act = f"{REQUESTS}/answer"
    assert visitor.post(act, request=str(first), to="approved").status_code == 302
    assert visitor.post(act, request=str(second), to="declined").status_code == 400
    assert visitor.post(act, request=str(second), to="declined", reason="Students only.").status_code == 302
    assert visitor.post(act, request="9" * 30, to="approved").status_code == 404
    assert visitor.post(act, request=str(second), to="kicked").status_code == 400
    assert Entry.objects.get().team.members.get() == eve
    assert "Students only." in text_of(browser(bob).get(JOIN))
    assert "Nobody waits" in text_of(visitor.get(REQUESTS))


def test_the_page_of_requests_asks_as_often_for_many_as_for_few(
    browser, host, competition, django_assert_max_num_queries, django_user_model
) -> None:
    closed_to(competition, "approval")
    people = [django_user_model(username=f"person-{number}") for number in range(20)]
    django_user_model.objects.bulk_create(people)
    now = competition.created_at
    JoinRequest.objects.bulk_create(
        JoinRequest(competition=competition, user=person, asked_at=now) for person in people
    )
    visitor = browser(host)
    with django_assert_max_num_queries(14):
        assert "person-19" in text_of(visitor.get(REQUESTS))
