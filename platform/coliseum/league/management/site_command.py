"""What all commands of the site have in common."""

from django.core.management.base import BaseCommand


class SiteCommand(BaseCommand):
    """A command that starts at once.

    Django's checks look at the code, not at this installation: they load every page to do so, which takes
    longer than most commands, and the tests run them.
    """

    requires_system_checks = ()
