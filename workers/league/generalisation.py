"""Over-fitting to the field: how much less an agent is worth against agents it could not know."""

from dataclasses import dataclass

import numpy as np

from workers.league.comparisons import ComparisonsError, Floats
from workers.league.intervals import NORMAL_95


@dataclass(frozen=True, slots=True)
class Gaps:
    """One value for each agent, rating points."""

    gap: Floats
    """Rating in the field minus rating against the hidden panel, both from the mean of these agents."""
    low: Floats
    """Lower end of the 95 % interval."""
    high: Floats


def generalisation_gaps(field: Floats, field_error: Floats, panel: Floats, panel_error: Floats) -> Gaps:
    """Compare ratings in the field with ratings against a hidden panel.

    Both are measured from their own mean over these agents: a panel that is strong for all is no gap.

    Args:
        field: (agents,) ratings in the field.
        field_error: (agents,) standard errors.
        panel: (agents,) ratings against the panel.
        panel_error: (agents,) standard errors.

    Raises:
        ComparisonsError: the arrays differ in length.
    """
    if not len(field) == len(field_error) == len(panel) == len(panel_error):
        raise ComparisonsError("the columns differ in length")
    if not len(field):
        return Gaps(field, field, field)
    gap = (field - field.mean()) - (panel - panel.mean())
    reach = NORMAL_95 * np.hypot(field_error, panel_error)
    return Gaps(gap, gap - reach, gap + reach)
