"""The plots by name: what each is called, what question it answers, and who draws it."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from coliseum.pages.charts.figures import Content, Drawing, Figure, Names
from coliseum.pages.charts.lines import (
    draw_calibration,
    draw_convergence,
    draw_lineage,
    draw_performance_profiles,
    draw_style_disc,
)
from coliseum.pages.charts.rows import (
    draw_ladder,
    draw_opponents,
    draw_rank_distribution,
    draw_seats_and_roles,
)
from coliseum.pages.charts.squares import (
    draw_cross_play,
    draw_heat_map,
    draw_residual_map,
    draw_superiority,
)


@dataclass(frozen=True, slots=True)
class Plotted:
    """One kind of plot."""

    label: str | Promise
    """One or two words for links."""
    title: str | Promise
    question: str | Promise
    """What it answers, in a sentence for people who see such a plot for the first time."""
    drawing: Drawing


DRAWN: Final = {
    "ladder": Plotted(
        gettext_lazy("Ladder"),
        gettext_lazy("Who is how strong"),
        gettext_lazy(
            # A share, and no place for a value: xgettext:no-python-format
            "A dot is the rating, the bar its 95 % interval. Stripes group agents that cannot be told apart."
        ),
        draw_ladder,
    ),
    "rank_distribution": Plotted(
        gettext_lazy("Places"),
        gettext_lazy("Which place is how likely"),
        gettext_lazy("The taller the bar, the likelier the place, by 2,000 draws from what is known."),
        draw_rank_distribution,
    ),
    "heat_map": Plotted(
        gettext_lazy("Who beats whom"),
        gettext_lazy("Who beats whom"),
        gettext_lazy(
            "The row's expected share of points against the column: green wins, red loses, grey never met."
        ),
        draw_heat_map,
    ),
    "residual_map": Plotted(
        gettext_lazy("Beyond ratings"),
        gettext_lazy("Who beats whom beyond the ratings"),
        gettext_lazy(
            "Green: the row does better against the column than the ratings say: a style, or a thrown match."
        ),
        draw_residual_map,
    ),
    "style_disc": Plotted(
        gettext_lazy("Styles"),
        gettext_lazy("Styles"),
        gettext_lazy(
            "Rock, paper and scissors would be three points far from the middle, a third of a turn apart."
        ),
        draw_style_disc,
    ),
    "superiority": Plotted(
        gettext_lazy("Certainty"),
        gettext_lazy("How sure the order is"),
        gettext_lazy(
            "How likely it is that the row's agent is stronger than the column's; pale means: not known yet."
        ),
        draw_superiority,
    ),
    "lineage": Plotted(
        gettext_lazy("Versions"),
        gettext_lazy("From version to version"),
        gettext_lazy("A line a team, a dot a version; thin grey lines are the house's own agents."),
        draw_lineage,
    ),
    "convergence": Plotted(
        gettext_lazy("Convergence"),
        gettext_lazy("How fast the order settles"),
        gettext_lazy(
            "The board refitted from the first matches only: how much of the order of now it already had."
        ),
        draw_convergence,
    ),
    "calibration": Plotted(
        gettext_lazy("Calibration"),
        gettext_lazy("Do the ratings keep their promises?"),
        gettext_lazy(
            "Every result was predicted from the matches before it. On the dashed line, promises come true."
        ),
        draw_calibration,
    ),
    "opponents": Plotted(
        gettext_lazy("Fair share"),
        gettext_lazy("Does everybody get a fair share?"),
        gettext_lazy("Matches played by each agent and how many different opponents it met."),
        draw_opponents,
    ),
    "seats_and_roles": Plotted(
        gettext_lazy("Seats"),
        gettext_lazy("What a seat is worth"),
        # A share, and no place for a value: xgettext:no-python-format
        gettext_lazy("The advantage of each seat or role, with its 95 % interval; zero is none."),
        draw_seats_and_roles,
    ),
    "performance_profiles": Plotted(
        gettext_lazy("Profiles"),
        gettext_lazy("How often is a score reached?"),
        gettext_lazy("The higher the line, the more scenarios end above that score."),
        draw_performance_profiles,
    ),
    "cross_play": Plotted(
        gettext_lazy("Cross-play"),
        gettext_lazy("Who plays well with whom"),
        gettext_lazy("The row's mean return at a table with the column; self-play on the diagonal."),
        draw_cross_play,
    ),
}


def draw(name: str, content: Content, names: Names) -> Figure:
    """Return the figure of a plot.

    Raises:
        KeyError: there is no such plot, or its content lacks what it must have.
    """
    return DRAWN[name].drawing(content, names)
