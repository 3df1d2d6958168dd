"""The mail that sums up what happened: one a person and day or week, of what was not mailed before."""

import logging
from datetime import datetime
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import ngettext, override

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.accounts.queries import verified_emails
from coliseum.notices.models import Notice, Preference
from coliseum.notices.queries import due_digests
from coliseum.notices.wording import text_of, title_of

logger = logging.getLogger(__name__)

AT_ONCE: Final = 50
"""Mails sent in one go, and notices told in one mail."""
_SALT: Final = "coliseum.notices.digest"


def unsubscribe_url(user: User) -> str:
    """Return a link that ends the digests of a person, whoever opens it."""
    return f"{settings.SITE_URL}/notices/unsubscribe/{signing.Signer(salt=_SALT).sign(str(user.pk))}"


def unsubscriber_of(token: str) -> int | None:
    """Return whose digests such a link ends; None for one that the site did not make."""
    try:
        return int(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def send_digests() -> int:
    """Send the mails that are due, where the site can send mail; return how many."""
    if not settings.SENDS_MAIL:
        return 0
    return sum(send_digest(preference) for preference in due_digests()[:AT_ONCE])


def send_digest(preference: Preference) -> bool:
    """Send a person what was not mailed yet, unless there is nothing, or another process does."""
    user, now = preference.user, clock.now()
    fresh = user.notices.filter(is_for_mail=True, mailed_at=None).order_by("-id")
    notices = list(fresh[:AT_ONCE])
    if not notices or not _claim(preference, now):
        return False
    address = _address_of(user)
    if not address:
        return False
    left = fresh.count() - len(notices)
    try:
        with override(user.language or settings.LANGUAGE_CODE):
            mail = _mail(user, address, notices, left)
        mail.send()
    except (SMTPException, OSError) as error:
        # They stay unmailed and are in the next one.
        logger.warning("digest_not_sent", extra={"user": user.pk, "problem": type(error).__name__})
        return False
    user.notices.filter(is_for_mail=True, mailed_at=None, pk__lte=notices[0].pk).update(mailed_at=now)
    return True


def _claim(preference: Preference, now: datetime) -> bool:
    """Begin a mail: of several processes one may."""
    return bool(
        Preference.objects.filter(pk=preference.pk, mailed_at=preference.mailed_at).update(mailed_at=now)
    )


def _address_of(user: User) -> str:
    """Return where a person reads mail: an address that was confirmed, or an empty text."""
    confirmed = verified_emails(user)
    return user.email if user.email.casefold() in confirmed else min(confirmed, default="")


def _mail(user: User, address: str, notices: list[Notice], left: int) -> EmailMessage:
    stop = unsubscribe_url(user)
    rows = [
        {
            "title": title_of(each.kind, each.facts),
            "text": text_of(each.kind, each.facts),
            "url": settings.SITE_URL + each.path,
        }
        for each in notices
    ]
    count = len(rows) + left
    context = {
        "name": user.username,
        "notices": rows,
        "left": left,
        "list_url": f"{settings.SITE_URL}/notices/",
        "settings_url": f"{settings.SITE_URL}/settings/notifications",
        "stop_url": stop,
    }
    return EmailMessage(
        subject=ngettext(
            "%(count)s thing happened on Coliseum", "%(count)s things happened on Coliseum", count
        )
        % {"count": count},
        body=render_to_string("emails/digest.txt", context),
        to=[address],
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
