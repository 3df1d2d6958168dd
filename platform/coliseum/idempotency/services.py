"""Writes about kept answers: begin a named request, keep its answer, forget it.

How it works. The first request with a key writes a row before anything is done; the database lets only one
write it. What succeeded is kept and given again to whoever sends the same request with the same key. What was
refused made nothing, so its row is deleted and the key may be used again.

Some answers hold what is shown once: an invitation, the secret of a webhook. So all are sealed with a key
drawn from the site's own, and the table alone tells nobody anything.
"""

import base64
import hashlib
import re
from datetime import timedelta
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import IntegrityError, transaction

from coliseum import clock
from coliseum.idempotency.models import KeptAnswer
from workers.refusals import RefusedError

KEPT: Final = timedelta(days=1)
ABANDONED: Final = timedelta(minutes=2)
"""A request that has not been answered by then died with its process."""
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,255}")


def check_key(key: str) -> str:
    """Return an Idempotency-Key.

    Raises:
        RefusedError: `request.bad_idempotency_key`.
    """
    if not _KEY.fullmatch(key):
        raise RefusedError("request.bad_idempotency_key")
    return key


def fingerprint(method: str, address: str, body: bytes) -> str:
    """Return what tells whether two requests are the same, hex."""
    hashed = hashlib.sha256(f"{method} {address}\n".encode())
    hashed.update(body)
    return hashed.hexdigest()


def begin_request(*, user_id: int, key: str, request: str) -> tuple[KeptAnswer, bool]:
    """Note that a request is being answered; the second value says whether it must be done now.

    Raises:
        RefusedError: `request.bad_idempotency_key`, `request.idempotency_conflict` where the key stands for
            something else, `request.in_progress` while the first one is being answered.
    """
    check_key(key)
    now = clock.now()
    KeptAnswer.objects.filter(begun_at__lt=now - KEPT).delete()
    KeptAnswer.objects.filter(
        user_id=user_id, key=key, status__isnull=True, begun_at__lt=now - ABANDONED
    ).delete()
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(user_id=user_id, key=key, request=request, begun_at=now), True
    except IntegrityError:
        known = KeptAnswer.objects.filter(user_id=user_id, key=key).first()
    if known is None:
        # Refused a moment ago, and forgotten.
        raise RefusedError("request.in_progress", retry_after=1)
    if known.request != request:
        raise RefusedError("request.idempotency_conflict")
    if known.status is None:
        raise RefusedError("request.in_progress", retry_after=1)
    return known, False


def keep_answer(*, begun: KeptAnswer, status: int, content: bytes) -> None:
    """Keep what was answered."""
    KeptAnswer.objects.filter(pk=begun.pk).update(status=status, content=_seal().encrypt(content))


def kept_content(kept: KeptAnswer) -> bytes:
    """Return the body of a kept answer.

    Raises:
        RefusedError: `request.idempotency_conflict` where the site has another key by now.
    """
    try:
        return _seal().decrypt(bytes(kept.content))
    except InvalidToken:
        raise RefusedError("request.idempotency_conflict") from None


def _seal() -> Fernet:
    drawn = hashlib.sha256(b"coliseum.idempotency " + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(drawn))


def forget_request(*, begun: KeptAnswer) -> None:
    """Let the key be used again: nothing was done."""
    KeptAnswer.objects.filter(pk=begun.pk).delete()
