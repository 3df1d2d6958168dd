"""Writes about an entry's versions: the note on one, and going back to an earlier one."""

from django.db import transaction

from coliseum.competitions.models import Entry
from coliseum.submissions.models import Role, Submission
from coliseum.submissions.services import activate_submission
from workers.refusals import RefusedError

NOTE_CHARACTERS = 400


def change_note(*, submission: Submission, note: str) -> None:
    """Keep what the team wants to remember of a version.

    Raises:
        RefusedError: `request.bad_field` for a text that is too long or holds a zero byte.
    """
    text = note.strip()
    if len(text) > NOTE_CHARACTERS or "\0" in text:
        wanted = f"ordinary text of at most {NOTE_CHARACTERS} characters"
        raise RefusedError("request.bad_field", name="note", wanted=wanted, field="note")
    Submission.objects.filter(pk=submission.pk).update(note=text)
    submission.note = text


@transaction.atomic
def roll_back(*, submission: Submission) -> list[Submission]:
    """Put a version into play instead of the later ones; return those taken out.

    Nothing else changes: what either played counts as it did.

    Raises:
        RefusedError: what `activate_submission` says.
    """
    Entry.objects.select_for_update().get(pk=submission.entry_id)
    later = list(
        Submission.objects.filter(
            entry=submission.entry_id, is_active=True, role=Role.MAIN, number__gt=submission.number
        )
    )
    Submission.objects.filter(pk__in=[each.pk for each in later]).update(is_active=False)
    activate_submission(submission=submission)
    return later
