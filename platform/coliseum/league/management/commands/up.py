"""Start the whole site on this machine."""

import json
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser

from coliseum.accounts.services import create_sign_in_link, ensure_administrator
from coliseum.league.management.site_command import SiteCommand
from coliseum.league.supervisor import Supervisor, SupervisorError, site_programs


class Command(SiteCommand):
    """Starts queue, web, workers and scheduler; ends them all on Ctrl-C."""

    help = "Start the whole site on this machine: one command, no account anywhere."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --empty and --json."""
        parser.add_argument("--json", action="store_true", help="print one JSON object when the site is up")
        parser.add_argument("--empty", action="store_true", help="do not create the demo competitions")

    def handle(self, *_: Any, **options: Any) -> None:  # Any: Django's own signature
        """Run until told to stop."""
        supervisor = Supervisor(lambda line: self.stderr.write(line, str))
        try:
            supervisor.take_home()
            self._prepare(with_demo=not options["empty"])
            supervisor.start_broker()
            programs = site_programs()
            supervisor.start([each for each in programs if not each.waits_for_pages])
            supervisor.wait_for_web()
            supervisor.start([each for each in programs if each.waits_for_pages])
            self._greet(as_json=options["json"])
            supervisor.run()
        except SupervisorError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            pass
        finally:
            self.stderr.write("Stopping ...", str)
            supervisor.stop()
        self.stderr.write("Stopped. Everything is kept; start again to continue.", str)

    def _prepare(self, *, with_demo: bool) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        if with_demo:
            call_command("demo", verbosity=0)

    def _greet(self, *, as_json: bool) -> None:
        link = create_sign_in_link(user=ensure_administrator())
        if as_json:
            answer = {"url": settings.SITE_URL, "sign_in": link, "home": str(settings.HOME)}
            self.stdout.write(json.dumps(answer))
            self.stdout.flush()
            return
        self.stdout.write("")
        self.stdout.write(f"  Coliseum is up:          {settings.SITE_URL}")
        self.stdout.write(f"  Administrator, one time: {link}")
        self.stdout.write(f"  Everything it keeps:     {settings.HOME}")
        self.stdout.write("  Stop with Ctrl-C.")
        self.stdout.write("", ending="\n")
        self.stdout.flush()
