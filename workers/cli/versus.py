"""`coliseum versus`: two agents head to head, and whether one may be called better."""

import click

from workers.cli.asking import json_option, name_of, server_option, site_of
from workers.cli.output import say, show_json, show_line
from workers.client.answers.agent_answers import AgentDetail, Versus


@click.command()
@click.argument("a")
@click.argument("b")
@server_option
@json_option
def versus(a: str, b: str, server: str | None, as_json: bool) -> None:
    """Compare the agents A and B (ids or addresses of submissions) by what they did against each other."""
    site = site_of(server)
    first, second = (site.get_agent(name_of(name)) for name in (a, b))
    found = site.compare_agents(first.competition, a=first.id, b=second.id)
    if as_json:
        show_json(found.to_dict())
        return
    names = {each.id: f"{each.name} v{each.number}" for each in (first, second)}
    if found.share is None:
        say(f"{names[first.id]} and {names[second.id]} have not met.")
        return
    for line in _lines(found, first, names):
        show_line(line)


def _lines(found: Versus, first: AgentDetail, names: dict[str, str]) -> list[str]:
    name = names[first.id]
    share = f"{found.share:.1%}" if found.share is not None else ""
    lines = [
        f"{found.meetings} {found.unit}, {found.episodes} episodes",
        f"{name} won {found.won}, level {found.level}, lost {found.lost}",
        f"share of points of {name}: {share}, 95 % from {found.low:.1%} to {found.high:.1%}",
    ]
    if found.better is None:
        return [*lines, "Nobody may be called better yet."]
    return [*lines, f"{names.get(found.better, found.better)} is better: shown after {found.shown_after}."]
