"""Spec: names and roles."""

from arenas import registry


def test_the_name_is_the_id_without_its_version():
    assert registry.get("connect_four-v3").name == "connect_four"


def test_a_seat_has_a_role_only_where_seats_differ():
    tag, board = registry.get("simple_tag"), registry.get("connect_four")
    assert len({tag.role_of(seat) for seat in range(tag.seats)}) == 2
    assert board.role_of(1) == ""
