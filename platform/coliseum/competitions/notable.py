"""Which acts of a host everybody should hear of: those become announcements by themselves."""

from datetime import timedelta
from typing import Final

from coliseum import clock
from coliseum.clock import shown
from coliseum.competitions.models import Act, Announcement, Competition, CompetitionState

_TITLES: Final = {
    "open": "Open again",
    "paused": "Frozen",
    "closed": "Closed",
    "closed phase": "Closed: {subject}",
    "opened phase": "Open: {subject}",
    "announced": "Announced: {subject}",
    "moved deadline": "Deadline moved: {subject}",
    "cancelled": "Cancelled: {subject}",
    "declared": "Result: {subject}",
}
_TEXTS: Final = {
    "open": "Teams can join and submit, and the league plays.",
    "paused": "Nobody can join or submit, and no league match is started. Results and agents stay.",
    "closed": "No more submissions. Board, agents and replays stay.",
}
_QUIET: Final = frozenset({"title", "summary", "overview", "baselines", "forum_url", "hosts"})
"""What may change without anybody having to hear of it."""
_FOLDED: Final = timedelta(minutes=10)
"""A host who saves again and again within this time announces once."""


def announce_act(act: Act) -> Announcement | None:
    """Announce an act that matters to the people of a competition; a draft has none yet."""
    competition = act.competition
    if competition.state == CompetitionState.DRAFT:
        return None
    if act.verb == "open" and not competition.acts.filter(verb="paused").exists():
        return None
    title, text = _words(competition, act)
    if not title:
        return None
    text = "\n\n".join(part for part in (text, act.reason) if part)
    latest = competition.announcements.order_by("-id").first()
    if latest and latest.is_automatic and latest.title == title and latest.at > act.at - _FOLDED:
        Announcement.objects.filter(pk=latest.pk).update(text=text, changed_at=clock.now())
        return latest
    return Announcement.objects.create(
        competition=competition, author=act.actor, title=title, text=text, is_automatic=True, at=act.at
    )


def _words(competition: Competition, act: Act) -> tuple[str, str]:
    """Return title and text of an announcement; an empty title for what is not announced."""
    if act.verb != "changed":
        pattern = _TITLES.get(act.verb, "")
        return pattern.format(subject=act.subject)[:120], _TEXTS.get(act.verb, "")
    keys = [key.strip().rpartition(".")[2] for key in act.subject.split(",")]
    changed = [key for key in keys if key and key not in _QUIET]
    if not changed:
        return "", ""
    named = ", ".join(key.replace("_", " ") for key in changed)
    return f"Changed: {named}"[:120], "\n".join(_values(competition, changed))


def _values(competition: Competition, changed: list[str]) -> list[str]:
    """Return what the most asked-for settings are now, as a list in Markdown."""
    lines = []
    for key in changed:
        if key in {"opens_at", "closes_at"}:
            moment = getattr(competition, key)
            lines.append(f"* {key.replace('_', ' ')}: {shown(moment) if moment else 'when the host says'}")
        elif key in {"daily_submissions", "active_submissions", "target_matches"}:
            lines.append(f"* {key.replace('_', ' ')}: {getattr(competition, key):,}")
        elif key == "rules":
            lines.append(f"* [the rules](/competitions/{competition.slug}/rules)")
    return lines
