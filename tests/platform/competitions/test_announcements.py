"""Announcements: written, pinned, edited and taken back in the open; made by themselves where people rely."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from coliseum import clock
from coliseum.competitions.announcements import (
    announcements_for,
    change_announcement,
    pinned_announcements,
    publish_announcement,
    send_notice,
    set_forum,
    withdraw_announcement,
)
from coliseum.competitions.models import Act, Announcement
from coliseum.competitions.services import move_competition, record_act
from workers.refusals import RefusedError

pytestmark = pytest.mark.django_db


def tell(competition, host, **facts):
    said = {"title": "Servers move", "text": "On **Monday**.", **facts}
    return publish_announcement(competition=competition, actor=host, **said)


def test_what_a_host_announces_is_for_everybody_and_stands_in_the_log(competition, host):
    made = tell(competition, host)
    assert list(announcements_for(competition, AnonymousUser())) == [made]
    assert Act.objects.filter(verb="posted", subject="Servers move", actor=host).exists()


def test_a_notice_is_read_by_the_entries_it_names_and_by_hosts_alone(competition, host, entry, ann, bob, eve):
    sent = send_notice(
        competition=competition, actor=host, title="About you", text="x", entries=[entry], code="timed_out"
    )
    readers = {"ann": ann, "bob": bob, "host": host, "eve": eve, "nobody": AnonymousUser()}
    may = {name for name, who in readers.items() if sent in announcements_for(competition, who)}
    assert may == {"ann", "bob", "host"}
    assert Act.objects.get(verb="wrote to").subject == "1 entry with timed_out"


def test_a_notice_to_nobody_is_refused(competition, draft, host, entry):
    for entries in ([], [entry]):
        with pytest.raises(RefusedError, match="nobody to write to"):
            send_notice(competition=draft, actor=host, title="t", text="x", entries=entries)
    assert not Announcement.objects.filter(competition=draft).exists()


def test_an_edit_is_seen_and_logged_and_pinning_is_no_edit(competition, host):
    made = tell(competition, host)
    pinned = change_announcement(
        announcement=made, actor=host, title=made.title, text=made.text, is_pinned=True
    )
    assert pinned.changed_at is None
    assert list(pinned_announcements(competition)) == [made]
    edited = change_announcement(announcement=made, actor=host, title="Moved", text="Done.", is_pinned=False)
    assert edited.changed_at is not None
    assert Act.objects.filter(verb="edited", subject="Moved").exists()


def test_what_is_taken_back_keeps_title_and_reason_and_cannot_be_changed(competition, host):
    made = tell(competition, host, is_pinned=True)
    with pytest.raises(RefusedError, match="reason"):
        withdraw_announcement(announcement=made, actor=host, reason=" ")
    withdraw_announcement(announcement=made, actor=host, reason="Wrong date.")
    assert (made.withdrawn_reason, made.is_pinned) == ("Wrong date.", False)
    assert Act.objects.get(verb="took back").reason == "Wrong date."
    with pytest.raises(RefusedError) as refused:
        change_announcement(announcement=made, actor=host, title="x", text="y", is_pinned=True)
    assert refused.value.code == "announcement.withdrawn"
    with pytest.raises(RefusedError, match="taken back"):
        withdraw_announcement(announcement=made, actor=host, reason="Again.")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "a\u202eb"}, "title"),
        ({"text": ""}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": "a\0b"}, "text"),
    ],
)
def test_a_bad_announcement_is_refused_beside_its_field(competition, host, facts, field):
    with pytest.raises(RefusedError) as refused:
        tell(competition, host, **facts)
    assert (refused.value.code, refused.value.field) == ("competition.bad_setting", field)


def test_three_are_pinned_and_thirty_are_told_a_day_at_most(competition, host):
    for _ in range(3):
        tell(competition, host, is_pinned=True)
    with pytest.raises(RefusedError, match="3 announcements are pinned"):
        tell(competition, host, is_pinned=True)
    for _ in range(27):
        tell(competition, host)
    with pytest.raises(RefusedError) as refused:
        tell(competition, host)
    assert refused.value.code == "announcement.too_many"
    Announcement.objects.update(at=clock.now() - timedelta(days=2))
    assert tell(competition, host)


@pytest.mark.parametrize(
    "url",
    [
        *("http://forum.example/", "javascript:alert(1)", "https://", "https://a:b@forum.example/"),
        *("https://forum.example:8443/", "https://forum.example/ x", "//forum.example", "https://[::1"),
        *("https://localhost/", 'https://forum.example/"onclick', "https://forum.example/\u202e"),
    ],
)
def test_a_forum_is_a_plain_https_address(competition, host, url):
    with pytest.raises(RefusedError) as refused:
        set_forum(competition=competition, actor=host, url=url)
    assert refused.value.field == "forum_url"


def test_a_forum_is_given_and_taken_away(competition, host):
    set_forum(competition=competition, actor=host, url="https://forum.example/c4?x=1")
    competition.refresh_from_db()
    assert competition.forum_url == "https://forum.example/c4?x=1"
    set_forum(competition=competition, actor=host, url="")
    assert competition.forum_url == ""
    assert not Announcement.objects.exists()


def test_freezing_and_changes_after_the_start_are_announced_by_themselves(competition, host):
    assert not Announcement.objects.exists()
    move_competition(competition=competition, to="paused", actor=host, reason="The arena is mended.")
    frozen = Announcement.objects.get()
    assert (frozen.title, frozen.is_automatic) == ("Frozen", True)
    assert "The arena is mended." in frozen.text
    move_competition(competition=competition, to="open", actor=host)
    record_act(competition=competition, actor=host, verb="changed", subject="dates.closes_at, rules")
    titles = list(Announcement.objects.order_by("at").values_list("title", flat=True))
    assert titles == ["Frozen", "Open again", "Changed: closes at, rules"]
    assert "/competitions/c4/rules" in Announcement.objects.latest("at").text


def test_drafts_and_mere_words_are_not_announced(competition, draft, host):
    record_act(competition=draft, actor=host, verb="changed", subject="rules")
    record_act(competition=competition, actor=host, verb="changed", subject="competition.summary, overview")
    record_act(competition=competition, actor=host, verb="disqualified", subject="Four Seasons")
    assert not Announcement.objects.exists()


def test_a_host_who_saves_again_and_again_announces_once(competition, host):
    for _ in range(3):
        record_act(competition=competition, actor=host, verb="changed", subject="rules")
    assert Announcement.objects.count() == 1
    Announcement.objects.update(at=clock.now() - timedelta(hours=1))
    record_act(competition=competition, actor=host, verb="changed", subject="rules")
    assert Announcement.objects.count() == 2
