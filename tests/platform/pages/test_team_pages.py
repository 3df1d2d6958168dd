"""Pages of teams: what each person sees there and may do."""

import re

import pytest

from coliseum.competitions.models import Competition, Entry, Team
from coliseum.competitions.services import enter_competition, entry_of
from coliseum.competitions.teams import captain_of, invite
from coliseum.notices.wording import title_of
from tests.platform.pages.conftest import text_of

OWN, ACT = "/competitions/c4/team", "/competitions/c4/team/act"


def link_in(answer):
    return re.search(r"/teams/join/[\w-]+", answer.content.decode())[0]


def test_a_captain_invites_and_somebody_joins_by_the_link(browser, entry, eve):
    ann = browser(captain_of(entry.team))
    made = ann.post(ACT, act="invite")
    assert made.status_code == 201
    assert made["Cache-Control"] == "private, no-store"
    address = link_in(made)
    assert address not in ann.get(OWN).content.decode()
    assert "A link is out" in text_of(ann.get(OWN))
    assert browser().get(address)["Location"].startswith("/sign-in?next=/teams/join/")
    visitor = browser(eve)
    asked = text_of(visitor.get(address))
    for words in ("Join Four Seasons", "sees the code and logs", "shares one quota", "The rules"):
        assert words in asked
    assert "Accept the rules to join" in text_of(visitor.post(address))
    assert visitor.post(address, rules="on")["Location"] == OWN
    assert "3 of 5 people" in text_of(visitor.get(OWN))
    assert "You are in this team" in text_of(visitor.get(address))
    assert "captain, ann, invites" in text_of(visitor.get(OWN))


def test_merging_wants_a_typed_word(browser, entry, ann, eve):
    enter_competition(competition=entry.competition, user=eve)
    address, visitor = f"/teams/join/{invite(entry=entry, actor=ann)}", browser(eve)
    assert "merges into this one" in text_of(visitor.get(address))
    assert "request.bad_field" in text_of(visitor.post(address, rules="on"))
    assert Entry.objects.filter(merged_into__isnull=False).count() == 0
    assert visitor.post(address, rules="on", confirm="merge").status_code == 302
    assert entry_of(entry.competition, eve) == entry
    old = Team.objects.get(name="eve")
    assert "This team has merged into Four Seasons" in text_of(browser().get(f"/teams/{old.pk}/"))


def test_a_member_of_another_team_is_told_what_to_do(browser, entry, bob, eve, staff):
    theirs = enter_competition(competition=entry.competition, user=eve)
    address = f"/teams/join/{invite(entry=theirs, actor=eve)}"
    assert "Leave it first, or ask its captain" in text_of(browser(bob).get(address))
    answer = browser(bob).post(address, rules="on", confirm="merge")
    assert (answer.status_code, "team.refused" in text_of(answer)) == (409, True)


@pytest.mark.parametrize("secret", ["guess", "a%00b", "x" * 400])
def test_a_link_that_is_no_invitation_says_so(browser, eve, secret):
    answer = browser(eve).get(f"/teams/join/{secret}")
    assert (answer.status_code, "team.bad_invitation" in text_of(answer)) == (404, True)


def test_each_act_does_what_it_says(browser, entry, ann, bob):
    captain = browser(ann)
    refused = captain.post(ACT, act="rename", name="a\u202eb")
    assert (refused.status_code, "name.characters" in text_of(refused)) == (400, True)
    assert captain.post(ACT, act="rename", name="Six <b>Seasons</b>").status_code == 302
    assert "Six &lt;b&gt;Seasons" in captain.get(OWN).content.decode()
    assert captain.post(ACT, act="remove", member="bob", confirm="b").status_code == 400
    assert captain.post(ACT, act="explode").status_code == 400
    captain.post(ACT, act="invite")
    captain.post(ACT, act="revoke")
    assert "A link is out" not in text_of(captain.get(OWN))
    captain.post(ACT, act="captain", member="bob")
    assert captain.post(ACT, act="invite").status_code == 403
    assert browser(bob).post(ACT, act="remove", member="ann", confirm="ann").status_code == 302
    assert "You have not joined yet" in text_of(captain.get(OWN))
    assert captain.post(ACT, act="leave", confirm="leave").status_code == 403


def test_leaving_wants_a_typed_word(browser, entry, ann, bob):
    assert browser(bob).post(ACT, act="leave").status_code == 400
    assert browser(bob).post(ACT, act="leave", confirm="leave")["Location"] == "/competitions/c4/"
    assert list(entry.team.members.all()) == [ann]
    assert "A team of one" in text_of(browser().get(f"/teams/{entry.team_id}/"))


def test_a_full_and_a_closed_team_say_so(browser, entry, ann):
    Competition.objects.update(max_members=2)
    assert "The team is full" in text_of(browser(ann).get(OWN))
    Competition.objects.update(max_members=5, merge_until="2020-01-01T00:00Z")
    assert "Teams here could change until 2020-01-01" in text_of(browser(ann).get(OWN))
    Competition.objects.update(state="closed")
    shown = text_of(browser(ann).get(OWN))
    assert "This competition closed" in shown
    assert "Leave the team" not in shown


def test_a_teams_page_is_public_and_bounded(browser, submission, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        shown = text_of(browser().get(f"/teams/{submission.entry.team_id}/"))
    for words in ("Four Seasons", "2 members", "ann captain", "bob", "Connect Four Cup", "four-seasons v1"):
        assert words in shown
    assert "Invite, rename" not in shown


@pytest.mark.parametrize("team_id", ["x", "0" * 18, "a%00b"])
def test_b47_an_unknown_team_is_not_there(browser, db, team_id):
    assert browser().get(f"/teams/{team_id}/").status_code == 404


def told(person):
    return [title_of(each.kind, each.facts) for each in person.notices.order_by("pk")]


def test_what_happens_in_a_team_is_told_to_the_others(browser, entry, ann, bob, eve):
    captain = browser(ann)
    address = link_in(captain.post(ACT, act="invite"))
    browser(eve).post(address, rules="on")
    browser(eve).post(address, rules="on")
    captain.post(ACT, act="rename", name="Six Seasons")
    captain.post(ACT, act="captain", member="bob")
    browser(bob).post(ACT, act="remove", member="eve", confirm="eve")
    captain.post(ACT, act="leave", confirm="leave")
    joined, left = "eve joined Four Seasons", "ann left Six Seasons"
    renamed, made = "Four Seasons is called Six Seasons now", "bob is captain of Six Seasons now"
    removed = "eve was taken out of Six Seasons"
    assert told(ann) == [joined, removed]
    assert told(bob) == [joined, renamed, made, left]
    assert told(eve) == [renamed, made, removed]
    for person in (bob, eve):
        newest = person.notices.order_by("-pk").first()
        leads_to = browser(person).get(f"/notices/{newest.pk}")["Location"]
        assert browser(person).get(leads_to).status_code == 200
