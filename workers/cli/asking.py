"""What all commands that ask a site share: their options, the client, the names people give."""

import re

import click

from workers.cli.names import unknown_name
from workers.client import Client
from workers.refusals import RefusedError

_ADDRESS = re.compile(
    r"https?://[^/]+/(?:.*/)?(matches|submissions|agents|tournaments|competitions)/([^/?#]+)"
)
_LISTED = 200

server_option = click.option(
    "--server", help="Address of the site, if it is not the one you are signed in to."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
most_option = click.option(
    "--most", "-n", default=20, show_default=True, type=click.IntRange(1, 100_000), help="Rows at most."
)


def site_of(server: str | None) -> Client:
    """Return the site in force.

    Raises:
        RefusedError: `cli.not_signed_in`, `cli.bad_config` or `cli.usage`.
    """
    return Client(server or "")


def name_of(text: str) -> str:
    """Return the id or short name that a text names: itself, or what stands in a page's address."""
    found = _ADDRESS.match(text.strip())
    return found[2] if found else text.strip()


def meant(client: Client, slug: str, error: RefusedError) -> RefusedError:
    """Return the refusal of a competition that is not there, with what was probably meant."""
    if error.status != 404:
        return error
    try:
        names = [each.slug for each in client.list_competitions(most=_LISTED)]
    except RefusedError:
        return error
    # The competition is there: something else is not.
    return error if slug in names else unknown_name("competition", slug, names)
