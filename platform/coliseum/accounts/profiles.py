"""Writes about what a person says of themselves."""

import re

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from coliseum.accounts.models import Profile, User
from coliseum.accounts.names import check_name, people_like
from coliseum.ids import new_id
from workers.refusals import RefusedError

BIO_CHARACTERS = 2000
_LINK = re.compile(r"https?://[^\s<>\"'\\]{3,190}", re.IGNORECASE)


@transaction.atomic
def change_profile(*, user: User, display_name: str, bio: str, affiliation: str, link: str) -> Profile:
    """Keep what a person says; empty texts take it back.

    Raises:
        RefusedError: `name.length`, `name.characters`, or `name.taken` where the display name looks like
            somebody else's user name; `request.bad_field` for a link that is no web address.
    """
    if display_name.strip():
        display_name = check_name(display_name, "display_name")
        if any(person.pk != user.pk for person in people_like(display_name)):
            raise RefusedError("name.taken", name=display_name, field="display_name")
    link = link.strip()
    if link and not _LINK.fullmatch(link):
        wanted = "a web address that begins with https://"
        raise RefusedError("request.bad_field", name="link", wanted=wanted, field="link")
    profile, _ = Profile.objects.update_or_create(
        user=user,
        defaults={
            "display_name": display_name.strip(),
            "bio": bio.replace("\0", "").strip()[:BIO_CHARACTERS],
            "affiliation": check_name(affiliation, "affiliation", most=120) if affiliation.strip() else "",
            "link": link,
        },
    )
    return profile


def change_picture(*, user: User, content: bytes) -> None:
    """Keep another picture of a person, a WebP; none brings the drawn one back. The one before is deleted."""
    key = ""
    if content:
        key = default_storage.save(f"people/{new_id()}.webp", ContentFile(content))
    with transaction.atomic():
        profile, _ = Profile.objects.select_for_update().get_or_create(user=user)
        before, profile.picture = profile.picture, key
        profile.save(update_fields=["picture"])
        if before:
            transaction.on_commit(lambda: default_storage.delete(before))


def read_profile_picture(profile: Profile | None) -> bytes:
    """Return the uploaded picture, nothing if there is none."""
    if profile is None or not profile.picture or not default_storage.exists(profile.picture):
        return b""
    with default_storage.open(profile.picture) as stored:
        content: bytes = stored.read()
    return content


def profile_of(user: User) -> Profile | None:
    """Return what a person says of themselves, if anything."""
    return Profile.objects.filter(user=user).first()
