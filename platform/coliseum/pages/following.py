"""Following competitions and agents: the list, and the button."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum.accounts.follows import follow, followed_by, is_following, unfollow
from coliseum.accounts.models import User, Visitor
from coliseum.competitions.models import Competition, Entry
from coliseum.competitions.queries import competition_for, visible_competitions
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.people import next_address
from coliseum.pages.people_rows import agent_rows
from coliseum.pages.rows import Row, competition_card
from coliseum.submissions.presence import latest_agents
from workers.refusals import RefusedError


def follow_button(user: Visitor, topic: str) -> Row | None:
    """Return what parts/_follow.html prints; nothing for strangers, who have no list to keep it in."""
    if not user.is_authenticated:
        return None
    return {"topic": topic, "is_on": is_following(user, topic)}


def topic_of(subject: Competition | Entry) -> str:
    """Return what is followed by following a competition, or the agents of an entry."""
    return f"competition:{subject.slug}" if isinstance(subject, Competition) else f"agents:{subject.pk}"


@login_required
@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """List what a person follows."""
    user = cast(User, request.user)
    topics = followed_by(user)
    slugs = [topic.partition(":")[2] for topic in topics if topic.startswith("competition:")]
    entries = [int(topic.partition(":")[2]) for topic in topics if topic.startswith("agents:")]
    competitions = visible_competitions(user).filter(slug__in=slugs) if slugs else []
    agents = latest_agents().filter(entry__in=entries)[:200] if entries else []
    rows = agent_rows(agents)
    for row, agent in zip(rows, agents, strict=True):
        row["follow"] = {"topic": topic_of(agent.entry), "is_on": True}
    cards = [
        competition_card(each, set()) | {"follow": {"topic": topic_of(each), "is_on": True}}
        for each in competitions
    ]
    return render(request, "profiles/following.html", {"competitions": cards, "agents": rows})


@login_required
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Follow something or stop, and go back."""
    user, topic = cast(User, request.user), request.POST.get("topic", "")
    if request.POST.get("to") == "stop":
        unfollow(user=user, topic=topic)
        messages.info(request, _("You follow it no longer."))
    else:
        _check_there(user, topic)
        follow(user=user, topic=topic)
        messages.success(request, _("You follow it now. Your list is under My agents."))
    address = next_address(request)
    return redirect(address if address != reverse("home") else "following")


def _check_there(user: User, topic: str) -> None:
    """Refuse to follow what the person cannot see.

    Raises:
        RefusedError: `not_found`.
    """
    kind, _colon, name = topic.partition(":")
    if kind == "competition":
        competition_for(name if "\0" not in name else "", user)
    elif kind == "agents" and not (
        name.isascii()
        and name.isdigit()
        and len(name) < 18
        and latest_agents().filter(entry=int(name)).exists()
    ):
        raise RefusedError("not_found", kind="agent", id=name)
