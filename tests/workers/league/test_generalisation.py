"""The gap between the field and a hidden panel."""

import numpy as np
import pytest

from workers.league.comparisons import ComparisonsError
from workers.league.generalisation import generalisation_gaps


def test_a_panel_that_is_strong_for_all_is_no_gap():
    field, error = np.array([1700.0, 1500.0, 1300.0]), np.full(3, 20.0)
    found = generalisation_gaps(field, error, field - 400, error)
    assert np.allclose(found.gap, 0)
    assert (found.low < 0).all()
    assert (found.high > 0).all()


def test_who_does_worse_against_the_unknown_has_a_gap():
    field, error = np.array([1700.0, 1500.0, 1300.0]), np.full(3, 20.0)
    found = generalisation_gaps(field, error, np.array([1400.0, 1500.0, 1300.0]), error)
    assert found.gap[0] == pytest.approx(200)
    assert found.low[0] == pytest.approx(200 - 1.959964 * 20 * 2**0.5)


def test_nobody_has_no_gap_and_columns_must_match():
    empty = np.zeros(0)
    assert len(generalisation_gaps(empty, empty, empty, empty).gap) == 0
    with pytest.raises(ComparisonsError):
        generalisation_gaps(empty, empty, empty, np.zeros(1))
