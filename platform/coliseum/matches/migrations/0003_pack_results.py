"""Write the stored results in their packed form, or back; in portions, each for itself, so that nothing waits."""

import hashlib
import json
from collections.abc import Iterator

from django.db import migrations, transaction

PORTION = 1000


def digest_of(values: dict[str, str]) -> str:
    """Return what a set of versions is known by; that of `coliseum.matches.recording`."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:32]


def portions(model, **waiting) -> Iterator[list]:
    """Return the rows that still wait, in portions; a run that was stopped goes on where it was."""
    while rows := list(model.objects.filter(**waiting).order_by("pk")[:PORTION]):
        with transaction.atomic():
            yield rows


def pack(apps, schema_editor) -> None:
    """Fill the new columns."""
    match, seat, episode, versions = (
        apps.get_model("matches", name) for name in ("Match", "Seat", "Episode", "Versions")
    )
    known: dict[str, int] = {}
    for rows in portions(match, digest__isnull=True):
        for row in rows:
            values = row.old_versions or {}
            name = digest_of(values)
            if values and name not in known:
                known[name] = versions.objects.get_or_create(digest=name, defaults={"values": values})[0].pk
            scenario = "" if row.scenario == row.pk else row.scenario
            token = row.token if row.state == "running" else ""
            match.objects.filter(pk=row.pk).update(
                played_with_id=known.get(name), digest=row.old_digest or "", scenario=scenario, token=token
            )
    for rows in portions(seat, usage__isnull=True):
        for row in rows:
            seat.objects.filter(pk=row.pk).update(usage=row.old_usage or {})
    for rows in portions(episode, digest__isnull=True):
        for row in rows:
            episode.objects.filter(pk=row.pk).update(
                digest=row.old_digest, seating=row.old_seating, seats=row.old_seats
            )


def unpack(apps, schema_editor) -> None:
    """Fill the old columns again."""
    match, seat, episode = (apps.get_model("matches", name) for name in ("Match", "Seat", "Episode"))
    for rows in portions(match, old_digest__isnull=True):
        for row in rows:
            match.objects.filter(pk=row.pk).update(
                old_versions=row.played_with.values if row.played_with_id else {},
                old_digest=row.digest or "",
                scenario=row.scenario or row.pk,
            )
    for rows in portions(seat, old_usage__isnull=True):
        for row in rows:
            seat.objects.filter(pk=row.pk).update(old_usage=row.usage or {})
    for rows in portions(episode, old_digest__isnull=True):
        for row in rows:
            episode.objects.filter(pk=row.pk).update(
                old_digest=row.digest, old_seating=row.seating, old_seats=row.seats
            )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("matches", "0002_add_packed_columns")]

    operations = [migrations.RunPython(pack, unpack)]
