"""Names that look alike are one name."""

# ruff: noqa: RUF001 - letters that look alike are what is tested

import pytest

from coliseum.accounts.models import TakenName, User
from coliseum.accounts.names import claim_name, hand_over_names, looks_of, people_like, release_names
from workers.refusals import RefusedError


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paypal", "раураl"),  # Cyrillic er, a, u
        ("PayPal", "PayPaI"),  # a capital i for the small L
        ("bot1", "botl"),
        ("BOT", "bot"),
        ("zer0", "zerO"),
        ("full", "ｆｕｌｌ"),  # full width
        ("two words", "two   words"),
    ],
)
def test_b60_these_look_the_same(one, other):
    assert looks_of(one) & looks_of(other)


@pytest.mark.parametrize(
    ("one", "other"), [("anna", "anne"), ("中文", "文中"), ("été", "ete"), ("a-b", "a_b")]
)
def test_these_look_different(one, other):
    assert not looks_of(one) & looks_of(other)


def test_a_name_is_its_owners_until_it_is_let_go(db):
    claim_name(realm="teams:x", name="Blue", owner="1")
    claim_name(realm="teams:x", name="BLUE", owner="1")
    claim_name(realm="teams:y", name="Blue", owner="2")
    with pytest.raises(RefusedError) as refused:
        claim_name(realm="teams:x", name="Вlue", owner="2", field="team")
    assert (refused.value.code, refused.value.field) == ("name.taken", "team")
    hand_over_names(realm="teams:x", owner="1", to="2")
    claim_name(realm="teams:x", name="Вlue", owner="2")
    release_names(realm="teams:x", owner="2")
    claim_name(realm="teams:x", name="blue", owner="3")
    assert TakenName.objects.filter(realm="teams:x").count() == 1


def test_people_are_found_by_names_that_look_like_theirs(ann, bob):
    User.objects.create_user(username="paul.1")
    assert [person.username for person in people_like("рaul.l")] == ["paul.1"]
    assert [person.username for person in people_like("ANN")] == ["ann"]
    assert people_like("a(n)n") == people_like("中") == people_like("") == []
