"""A person deletes their account: what is theirs goes, results and boards stay to the byte.

How it works. One transaction gives the row its pseudonym, ends what exists only for the person, takes them
out of teams that go on, and marks the code of their own teams as gone. Bytes and logs are deleted right
after it; if the process dies before, the sweeper finds the account without `erased_at` and goes on.
"""

import logging
from contextlib import suppress

from django.db import transaction
from django.db.models import QuerySet

from coliseum import clock
from coliseum.accounts.erasing import check_deletable, forget_person, names_of
from coliseum.accounts.models import User
from coliseum.competitions.erasing import competitions_around, rename_in_log
from coliseum.competitions.services import hold_people
from coliseum.competitions.teams import leave_everything
from coliseum.leaderboards.erasing import rename_in_plots
from coliseum.matches.erasing import erase_logs, waiting_with
from coliseum.matches.services import cancel_waiting
from coliseum.notices.erasing import rename_in_notices
from coliseum.submissions.erasing import agents_of, blank_uploads, delete_bytes, retire_code
from coliseum.submissions.models import Package, Submission
from coliseum.tournaments.queries import running_with
from coliseum.tournaments.services import withdraw_entrant
from workers.refusals import RefusedError

logger = logging.getLogger(__name__)


def delete_account(user: User) -> None:
    """End an account for good.

    Raises:
        RefusedError: `auth.not_allowed` for the last administrator.
    """
    check_deletable(user)
    with transaction.atomic():
        hold_people([user.pk])
        user.refresh_from_db()
        if user.deleted_at is None:
            _end(user)
    erase_remains(user)


def _end(user: User) -> None:
    around = competitions_around(user)
    names = names_of(user)
    _leave_tournaments(user)
    own = leave_everything(user=user, alias=names.alias)
    retire_code(teams=own, names=names_of(user, [team.name for team in own]))
    cancel_waiting(match_ids=waiting_with(agents_of(own)))
    blank_uploads(user=user)
    rename_in_log(around, names_of(user, [team.name for team in own]))
    rename_in_plots(around, names_of(user, [team.name for team in own]))
    rename_in_notices(names_of(user, [team.name for team in own]))
    forget_person(user=user)


def _leave_tournaments(user: User) -> None:
    """Withdraw the agents of a person's own teams from tournaments that go on."""
    for entrant in running_with(_agents(user)):
        with suppress(RefusedError):
            withdraw_entrant(
                tournament=entrant.tournament, entrant=entrant, actor=user, reason="Account deleted."
            )


def _agents(user: User) -> QuerySet[Submission]:
    """Return the agents of the teams that a person is the only member of."""
    return agents_of([team for team in user.teams.all() if team.members.count() == 1])


def erase_remains(user: User) -> None:
    """Delete stored code and logs of an account that is gone; doing it again changes nothing."""
    theirs = _agents(user)
    delete_bytes(list(Package.objects.filter(submissions__in=theirs, erased_at__isnull=False).distinct()))
    erase_logs(theirs)
    cancel_waiting(match_ids=waiting_with(theirs))
    User.objects.filter(pk=user.pk, deleted_at__isnull=False).update(erased_at=clock.now())
    logger.info("account_erased", extra={"person": user.pk})
