"""Who may join: everybody, invited people, e-mail domains, or whom the host lets in."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from coliseum import clock
from coliseum.competitions.eligibility import check_eligible, new_invitation, request_of, waiting_requests
from coliseum.competitions.joining import answer_request, ask_to_join, renew_invitation
from coliseum.competitions.models import Act, Competition, Entry
from coliseum.competitions.rules import has_accepted
from coliseum.competitions.services import check_open, enter_competition, move_competition
from tests.platform.competitions.test_rules import changed, code_of
from workers.refusals import RefusedError


def closed_to(competition: Competition, who: str, **lists: object) -> Competition:
    competition.eligibility = who
    competition.options = competition.options | {"eligibility": lists}
    competition.save()
    return competition


def confirm(user, address: str, *, verified: bool = True) -> None:
    EmailAddress.objects.create(user=user, email=address, verified=verified)


def test_an_open_competition_takes_everybody(competition, eve) -> None:
    check_eligible(competition, eve)


def test_invited_people_are_known_by_name_or_confirmed_address(competition, ann, bob, eve) -> None:
    closed_to(competition, "invited", invited=["Ann", "b@example.net"])
    check_eligible(competition, ann)
    confirm(bob, "b@example.net", verified=False)
    assert code_of(check_eligible, competition, bob) == "competition.not_eligible"
    EmailAddress.objects.update(verified=True)
    check_eligible(competition, bob)
    assert code_of(enter_competition, competition=competition, user=eve) == "competition.not_eligible"
    assert not Entry.objects.exists()


def test_an_invitation_link_lets_in_until_it_is_renewed(competition, eve, host) -> None:
    closed_to(competition, "invited", link=True)
    secret = new_invitation(competition)
    check_eligible(competition, eve, secret)
    for wrong in ("", "x", secret[:-1]):
        assert code_of(check_eligible, competition, eve, wrong) == "competition.not_eligible"
    renew_invitation(competition=competition, actor=host)
    assert code_of(check_eligible, competition, eve, secret) == "competition.not_eligible"
    assert "the invitation link" in Act.objects.values_list("subject", flat=True)
    assert secret not in str(list(Act.objects.values()))


def test_a_link_counts_only_where_the_host_gives_one(competition, eve, host) -> None:
    closed_to(competition, "invited", invited=["ann"])
    secret = new_invitation(competition)
    assert code_of(check_eligible, competition, eve, secret) == "competition.not_eligible"
    assert code_of(renew_invitation, competition=competition, actor=host) == "competition.wrong_state"


@pytest.mark.parametrize(
    ("address", "is_in"),
    [
        ("eve@example.org", True),
        ("eve@cs.example.org", True),
        ("eve@EXAMPLE.org", True),
        ("eve@badexample.org", False),
        ("eve@example.org.evil.net", False),
        ("example.org@evil.net", False),
    ],
)
def test_a_domain_is_that_of_a_confirmed_address(competition, eve, address, is_in) -> None:
    closed_to(competition, "domain", domains=["example.org"])
    confirm(eve, address)
    if is_in:
        check_eligible(competition, eve)
    else:
        assert code_of(check_eligible, competition, eve) == "competition.not_eligible"


def test_hosts_and_administrators_may_always(competition, host, staff) -> None:
    closed_to(competition, "approval")
    check_eligible(competition, host)
    check_eligible(competition, staff)


def test_who_asks_is_in_once_the_host_says_so(competition, eve, host) -> None:
    closed_to(competition, "approval")
    assert code_of(enter_competition, competition=competition, user=eve) == "competition.needs_approval"
    asked = ask_to_join(competition=competition, user=eve, note="I study this.")
    assert ask_to_join(competition=competition, user=eve, note="again") == asked
    assert [each.note for each in waiting_requests(competition)] == ["I study this."]
    with pytest.raises(RefusedError, match="waits for the host's answer"):
        check_eligible(competition, eve)
    entry = answer_request(asked=asked, actor=host, lets_in=True)
    assert list(entry.team.members.all()) == [eve]
    assert answer_request(asked=asked, actor=host, lets_in=False, reason="no") == entry
    assert request_of(competition, eve).state == "approved"


def test_a_declined_request_says_why_and_stays_declined(competition, eve, host) -> None:
    closed_to(competition, "approval")
    asked = ask_to_join(competition=competition, user=eve)
    assert code_of(answer_request, asked=asked, actor=host, lets_in=False) == "request.bad_field"
    answer_request(asked=asked, actor=host, lets_in=False, reason="Students only.")
    with pytest.raises(RefusedError, match="Students only"):
        enter_competition(competition=competition, user=eve)
    ask_to_join(competition=competition, user=eve)
    assert request_of(competition, eve).state == "declined"
    assert not Entry.objects.exists()


def test_who_was_let_in_after_a_change_of_the_rules_has_not_accepted_them(competition, eve, host) -> None:
    closed_to(competition, "approval")
    asked = ask_to_join(competition=competition, user=eve)
    changed(competition, host, rules="Other rules.")
    answer_request(asked=asked, actor=host, lets_in=True)
    assert not has_accepted(competition, eve)


def test_b33_one_can_join_before_it_begins_but_not_submit(competition, eve) -> None:
    competition.opens_at = clock.now() + timedelta(days=1)
    competition.save()
    enter_competition(competition=competition, user=eve)
    assert code_of(check_open, competition) == "competition.not_open"


def test_nobody_joins_a_draft_or_what_is_over(draft, competition, eve, host) -> None:
    assert code_of(enter_competition, competition=draft, user=eve) == "competition.not_open"
    move_competition(competition=competition, to="closed", actor=host)
    assert code_of(enter_competition, competition=competition, user=eve) == "competition.closed"
