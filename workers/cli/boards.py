"""`coliseum leaderboard`, `competitions`, `submissions`: lists of a site."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from workers.cli.asking import json_option, meant, most_option, name_of, server_option, site_of
from workers.cli.output import say, show_csv, show_json, show_table
from workers.client import Client
from workers.client.answers.board_answers import (
    Leaderboard,
    PastLeaderboard,
    PastStandingRow,
    StandingRow,
)
from workers.refusals import RefusedError, printable

csv_option = click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values.")
Row = dict[str, Any]  # Any: cells


@click.command()
@click.argument("competition")
@click.option("--phase", default="", help="Another season or final, as final-1.")
@click.option("--search", "-q", default="", help="Part of an agent's or a team's name.")
@click.option(
    "--on", "day", default="", metavar="DAY", help="As it stood at the end of a day, as 2026-11-20."
)
@most_option
@csv_option
@server_option
@json_option
def leaderboard(
    competition: str, most: int, as_csv: bool, server: str | None, as_json: bool, **asked: str
) -> None:
    """Show the leaderboard of COMPETITION: rating with its 95 % interval, and the ranks it allows."""
    if asked["day"] and asked["search"]:
        raise click.UsageError("--search looks at the board of now; leave out --on.")
    site, slug = site_of(server), name_of(competition)
    try:
        found = _board(site, slug, None if as_json or as_csv else most, **asked)
    except RefusedError as error:
        raise meant(site, slug, error) from error
    if as_json:
        show_json(found.to_dict())
    elif as_csv:
        show_csv(found.to_rows())
    elif found.items:
        shown = [_standing(row) if isinstance(row, StandingRow) else _past(row) for row in found.items]
        show_table(shown, list(shown[0]))
        if found.total > len(shown):
            say(f"{found.total - len(shown)} more; --most {found.total} shows them.")
    elif asked["search"]:
        say(f"No agent and no team here has {printable(asked['search'])} in its name.")
    else:
        say("No rated match until then." if asked["day"] else "No rated match yet.")


def _board(
    site: Client, slug: str, most: int | None, *, phase: str, search: str, day: str
) -> Leaderboard | PastLeaderboard:
    if day:
        return site.past_leaderboard(slug, day, most=most, phase=phase)
    return site.leaderboard(slug, most=most, phase=phase, q=search)


def _standing(row: StandingRow) -> Row:
    return {
        "rank": f"{row.rank} ({row.rank_low}-{row.rank_high})",
        "agent": f"{row.agent} v{row.version}",
        "team": row.team,
        "rating": row.rating,
        "from": row.low,
        "to": row.high,
        "matches": row.matches,
        "": "baseline" if row.baseline else "provisional" if row.provisional else "",
    }


def _past(row: PastStandingRow) -> Row:
    return {
        "rank": row.rank,
        "agent": f"{row.agent} v{row.version}" if row.agent else "(gone)",
        "team": row.team,
        "rating": row.rating,
        "from": row.low,
        "to": row.high,
        "matches": row.matches,
    }


@click.command()
@most_option
@server_option
@json_option
def competitions(most: int, server: str | None, as_json: bool) -> None:
    """List the competitions of the site, newest first."""
    found = list(site_of(server).list_competitions(most=most))
    rows = [
        {"competition": each.slug, "arena": each.arena, "state": each.state, "entries": each.entries}
        | {"closes": when(each.closes_at), "title": each.title}
        for each in found
    ]
    show_list([each.to_dict() for each in found], rows, "No competition yet.", as_json=as_json)


@click.command()
@click.option("--competition", "-c", default="", help="Of this competition only.")
@most_option
@server_option
@json_option
def submissions(competition: str, most: int, server: str | None, as_json: bool) -> None:
    """List the submissions of your teams, newest first."""
    wanted = name_of(competition) or None
    found = list(site_of(server).list_submissions(competition=wanted, most=most))
    rows = [
        {"submission": each.id, "competition": each.competition, "agent": f"{each.name} v{each.number}"}
        | {"state": each.state, "plays": each.is_active, "sent": when(each.uploaded_at)}
        for each in found
    ]
    show_list([each.to_dict() for each in found], rows, "Nothing was submitted yet.", as_json=as_json)


def when(moment: datetime | None) -> str:
    """Return a time in UTC, empty for none."""
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def show_list(answers: Sequence[Row], rows: Sequence[Row], empty: str, *, as_json: bool) -> None:
    """Print a list as JSON of the answers, or as a table of the rows."""
    if as_json:
        show_json({"items": answers})
    elif rows:
        show_table(rows, list(rows[0]))
    else:
        say(empty)
