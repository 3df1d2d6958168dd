"""Replaces the names of people whose account is gone in what the platform wrote about them."""

from django.db.models import Q

from coliseum.accounts.erasing import Names
from coliseum.accounts.models import User
from coliseum.competitions.models import Act, Announcement, Competition


def competitions_around(user: User) -> list[str]:
    """Return the ids of the competitions that a person has to do with: as a member, a host, or by an act."""
    around = Q(entries__team__members=user) | Q(hosts=user) | Q(acts__actor=user)
    return list(Competition.objects.filter(around).values_list("pk", flat=True).distinct())


def rename_in_log(competitions: list[str], names: Names) -> None:
    """Put the pseudonym into the public log and what was announced of it."""
    for act in Act.objects.filter(competition__in=competitions).iterator(chunk_size=500):
        subject, reason = names.replaced(act.subject)[:120], names.replaced(act.reason)[:400]
        if (subject, reason) != (act.subject, act.reason):
            Act.objects.filter(pk=act.pk).update(subject=subject, reason=reason)
    told = Announcement.objects.filter(competition__in=competitions, is_automatic=True)
    for each in told.iterator(chunk_size=500):
        title, text = names.replaced(each.title)[:120], names.replaced(each.text)
        if (title, text) != (each.title, each.text):
            Announcement.objects.filter(pk=each.pk).update(title=title, text=text)
