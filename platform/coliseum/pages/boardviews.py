"""The ways to look at a leaderboard: by rating, against the whole field, at equilibrium, by role."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coliseum.leaderboards.models import Snapshot, Standing
from coliseum.leaderboards.queries import ROLE, of_role
from coliseum.pages.parameters import choice, with_query
from coliseum.pages.rows import Row
from coliseum.pages.wording import share

CYCLIC_ELO: Final = 100.0
"""Intransitivity from which on the share of points against the field says more than the rating."""


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at the board."""

    name: str
    label: str | Promise
    meaning: str | Promise


RATING: Final = View("rating", gettext_lazy("Rating"), "")
FIELD: Final = View(
    "field",
    gettext_lazy("Against the field"),
    gettext_lazy(
        "Expected share of points against the whole field, every team weighing the same. Where styles beat "
        "each other in circles, it says more than the rating."
    ),
)
NASH: Final = View(
    "nash",
    gettext_lazy("At equilibrium"),
    gettext_lazy(
        "How much of a perfect mixture each agent is, averaged over 200 tables drawn from what is known "
        "(Nash averaging). Copies of an agent share; whoever is beaten by everybody has nothing."
    ),
)


def views_of(standings: Iterable[Standing]) -> list[View]:
    """Return the views for which a board has numbers, the rating first."""
    standings = list(standings)
    views = [RATING]
    if any(row.field_rate is not None for row in standings):
        views.append(FIELD)
    if any(row.nash is not None for row in standings):
        views.append(NASH)
    roles = {role["role"]: None for row in standings for role in row.roles}
    views += [
        View(
            f"{ROLE}{role}",
            _("As %(role)s") % {"role": role},
            _("The rating of each agent as %(role)s.") % {"role": role},
        )
        for role in roles
    ]
    return views


def intransitivity(snapshot: Snapshot | None) -> float:
    """Return how far pairs deviate from what ratings say, one standard deviation in rating points."""
    return float(snapshot.parameters.get("intransitivity", 0.0)) if snapshot else 0.0


def chosen_view(request: HttpRequest, views: Sequence[View], snapshot: Snapshot | None) -> View:
    """Return the view asked for; by itself that of the field where styles beat each other in circles.

    Raises:
        RefusedError: `request.bad_field` for a view that this board does not have.
    """
    named = choice(request, "view", [view.name for view in views])
    if named:
        return next(view for view in views if view.name == named)
    return FIELD if FIELD in views and intransitivity(snapshot) > CYCLIC_ELO else views[0]


def _role(standing: Standing, view: View) -> Row:
    return of_role(standing.roles, view.name.removeprefix(ROLE))


def shown_value(standing: Standing, view: View) -> Row:
    """Return number and margin that a view shows in place of the rating; nothing in the rating's own."""
    if view == FIELD:
        return {"value": share(standing.field_rate), "margin": ""}
    if view == NASH:
        return {"value": share(standing.nash), "margin": ""}
    if view.name.startswith(ROLE):
        role = _role(standing, view)
        if not role:
            return {"value": "", "margin": ""}
        return {"value": f"{role['rating']:.0f}", "margin": f"{(role['high'] - role['low']) / 2:.0f}"}
    return {}


def view_links(request: HttpRequest, views: Sequence[View], current: View) -> list[Row]:
    """Return the views as links; nothing where there is but one."""
    if len(views) < 2:
        return []
    return [
        {
            "url": with_query(request, view=view.name, page="", format=""),
            "label": view.label,
            "is_current": view == current,
        }
        for view in views
    ]
