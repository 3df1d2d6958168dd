"""Ends accounts: what is known of a person goes, what others rely on keeps a pseudonym.

How it works. The row of the person stays and is called "deleted user 1234": results, the ledger and the
public log point to it and do not change. Rows that exist only for the person are deleted, those of other
packages (addresses, passkeys, sessions) among them, by following the keys that point to people.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import CASCADE
from django.db.models.fields.reverse_related import ForeignObjectRel

from coliseum import clock
from coliseum.accounts.models import DataExport, Profile, User
from coliseum.accounts.sessions import end_sessions
from workers.refusals import RefusedError

_KEPT: Final = frozenset({"acceptance"})
"""Models that point to a person and stay with the pseudonym: that somebody accepted the rules is evidence."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a person was called, and what they are called from now on."""

    words: tuple[str, ...]
    """Longest first, so that a name within another one is not replaced before it."""
    alias: str

    def replaced(self, text: str) -> str:
        """Return a text in which the alias stands for every whole name."""
        for word in self.words:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", self.alias, text, flags=re.IGNORECASE)
        return text

    def stand_in(self, text: str) -> bool:
        """Say whether a text holds one of the names, as a whole word or within one."""
        return any(word.casefold() in text.casefold() for word in self.words)


def alias_of(user: User) -> str:
    """Return what a person is called once the account is gone; nobody can choose such a name."""
    return f"deleted user {user.pk}"


def names_of(user: User, more: Sequence[str] = ()) -> Names:
    """Return the names of a person, and more that are to go, with the pseudonym for them."""
    profile = Profile.objects.filter(user=user).first()
    known = {user.username, user.email, user.get_full_name(), profile.display_name if profile else "", *more}
    words = sorted((word for word in known if len(word) > 1), key=lambda word: (-len(word), word))
    return Names(tuple(words), alias_of(user))


def check_deletable(user: User) -> None:
    """Refuse to delete the last administrator, without whom nobody could run the site.

    Raises:
        RefusedError: `auth.not_allowed`.
    """
    others = User.objects.filter(is_staff=True, is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        raise RefusedError("auth.not_allowed", action="delete the last administrator's account")


@transaction.atomic
def forget_person(*, user: User) -> None:
    """Delete what exists only for a person, sign them out everywhere, and give the row its pseudonym."""
    end_sessions(user=user)
    files = [*Profile.objects.filter(user=user).values_list("picture", flat=True)]
    files += DataExport.objects.filter(user=user).values_list("key", flat=True)
    for relation in User._meta.related_objects:
        _delete_rows(relation, user)
    user.hosted.clear()
    user.groups.clear()
    user.user_permissions.clear()
    people = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=people, object_id=str(user.pk)).update(
        object_repr=alias_of(user), change_message=""
    )
    user.username = alias_of(user)
    user.first_name = user.last_name = user.email = ""
    user.set_unusable_password()
    user.is_active = user.is_staff = user.is_superuser = user.may_host = False
    user.last_login, user.deleted_at = None, clock.now()
    user.save()
    transaction.on_commit(lambda: _delete_files([key for key in files if key]))


def _delete_rows(relation: ForeignObjectRel, user: User) -> None:
    """Delete the rows that would go with the person's row, were it deleted."""
    model = relation.related_model
    if relation.on_delete is not CASCADE or not isinstance(model, type) or model._meta.model_name in _KEPT:
        return
    model._base_manager.filter(**{relation.field.name: user}).delete()


def _delete_files(keys: Sequence[str]) -> None:
    for key in keys:
        default_storage.delete(key)
