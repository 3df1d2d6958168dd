"""Ending sessions: of one browser, or everywhere."""

from typing import cast

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models.query import QuerySet

from coliseum import clock
from coliseum.accounts.models import User


def end_session(*, session: UserSession) -> None:
    """Sign one browser out; its streams end within a minute."""
    session.end()


def end_sessions(*, user: User, but: str = "") -> int:
    """Sign a person out everywhere and return in how many browsers that was.

    Args:
        user: whose sessions end.
        but: key of the one session that goes on, empty for none.
    """
    known = cast(QuerySet[UserSession], UserSession.objects.filter(user=user)).exclude(session_key=but)
    keys = set(known.values_list("session_key", flat=True))
    # Sessions from before their list was kept stand in Django's table alone.
    living = Session.objects.filter(expire_date__gt=clock.now()).exclude(session_key=but)
    keys |= {
        each.session_key
        for each in living.iterator(chunk_size=500)
        if each.get_decoded().get(SESSION_KEY) == str(user.pk)
    }
    known.delete()
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)
