"""Make, list and revoke API tokens from the server's shell."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from coliseum.accounts.models import Scope
from coliseum.accounts.queries import tokens_of, user_named
from coliseum.accounts.services import create_token, ensure_user, revoke_token
from coliseum.league.management.site_command import SiteCommand
from workers.refusals import RefusedError


class Command(SiteCommand):
    """`coliseum token create --user NAME --scope submit` prints a token for scripts."""

    help = "Make, list or revoke API tokens."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the verb and its options."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="print a new token")
        create.add_argument("--user", required=True, help="made without a password if there is none")
        create.add_argument("--scope", action="append", choices=Scope.values, required=True)
        create.add_argument("--name", default="command line")
        create.add_argument("--days", type=int, default=None)
        create.add_argument("--json", action="store_true")
        listing = verbs.add_parser("list", help="list a person's tokens")
        listing.add_argument("--user", required=True)
        revoke = verbs.add_parser("revoke", help="end a token by its prefix")
        revoke.add_argument("--user", required=True)
        revoke.add_argument("prefix")

    def handle(self, *_: Any, **options: Any) -> None:  # Any: Django's own signature
        """Do what was asked."""
        if options["verb"] == "create":
            self._create(options)
            return
        user = user_named(options["user"])
        if user is None:
            raise CommandError(f"There is no user {options['user']!r}.", returncode=4)
        tokens = tokens_of(user)
        if options["verb"] == "list":
            for token in tokens:
                state = "revoked" if token.revoked_at else "live"
                self.stdout.write(f"{token.prefix}  {','.join(token.scopes)}  {state}  {token.name}")
            return
        wanted = [token for token in tokens if token.prefix == options["prefix"] and not token.revoked_at]
        if not wanted:
            raise CommandError(f"{user} has no live token {options['prefix']!r}.", returncode=4)
        for token in wanted:
            revoke_token(token=token)
        self.stdout.write("Revoked.")

    def _create(self, options: dict[str, Any]) -> None:  # Any: argparse's values
        try:
            user = ensure_user(username=options["user"])
            token, secret = create_token(
                user=user, name=options["name"], scopes=options["scope"], days=options["days"]
            )
        except RefusedError as error:
            raise CommandError(f"error [{error.code}] {error.message}") from error
        if options["json"]:
            self.stdout.write(json.dumps({"token": secret, "user": user.username, "scopes": token.scopes}))
        else:
            self.stdout.write(secret)
