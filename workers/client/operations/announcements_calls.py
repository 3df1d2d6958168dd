"""Calls of the group announcements. Made by `python -m tests.client_calls`."""

# ruff: noqa: E501

from collections.abc import Iterator

from workers.client.answers.competition_answers import CompetitionDetail
from workers.client.answers.host_answers import AnnouncementPage, AnnouncementRow
from workers.client.calls import Calls


class AnnouncementsCalls(Calls):
    """Calls of the group announcements."""

    def list_announcements(self, slug: str, *, most: int | None = None) -> Iterator[AnnouncementRow]:
        """List what the caller may read, newest first: what is for everybody, and what was sent to his team."""
        return self._list(AnnouncementPage, ("competitions", slug, "announcements"), {}, most=most)

    def announce(self, slug: str, *, title: str, text: str, is_pinned: bool | None = None) -> AnnouncementRow:
        """Tell everybody something; for hosts."""
        return self._write(
            "POST",
            AnnouncementRow,
            ("competitions", slug, "announcements"),
            {"title": title, "text": text, "is_pinned": is_pinned},
        )

    def get_announcement(self, slug: str, announcement_id: str) -> AnnouncementRow:
        """Return one announcement."""
        return self._get(AnnouncementRow, ("competitions", slug, "announcements", announcement_id), {})

    def change_announcement(
        self, slug: str, announcement_id: str, *, title: str, text: str, is_pinned: bool | None = None
    ) -> AnnouncementRow:
        """Change an announcement in the open: it says since when; for hosts."""
        return self._write(
            "PUT",
            AnnouncementRow,
            ("competitions", slug, "announcements", announcement_id),
            {"title": title, "text": text, "is_pinned": is_pinned},
        )

    def withdraw_announcement(
        self, slug: str, announcement_id: str, *, reason: str | None = None
    ) -> AnnouncementRow:
        """Take an announcement back: its title stays with the reason; for hosts."""
        return self._write(
            "POST",
            AnnouncementRow,
            ("competitions", slug, "announcements", announcement_id, "withdraw"),
            {"reason": reason},
        )

    def set_forum(self, slug: str, *, url: str) -> CompetitionDetail:
        """Say where people talk about a competition; for hosts."""
        return self._write("PUT", CompetitionDetail, ("competitions", slug, "forum"), {"url": url})
