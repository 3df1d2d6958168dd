"""Plots: drawn on the server, readable without seeing them, harmless whatever agents are called."""

import re
from xml.etree import ElementTree

import pytest

from coliseum.pages.charts import DRAWN, draw
from coliseum.pages.charts.axes import Axes
from coliseum.pages.charts.marks import WIDTH, ticks
from tests.platform.pages.plots import CONTENTS, NAMES

EVERY = pytest.mark.parametrize("name", sorted(DRAWN))


def test_every_plot_has_a_sample_here():
    assert set(CONTENTS) == set(DRAWN)


@EVERY
def test_a_plot_is_one_well_formed_picture_with_its_sentence_as_label(name):
    figure = draw(name, CONTENTS[name], NAMES)
    root = ElementTree.fromstring(figure.svg)
    assert root.tag == "svg"
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == figure.summary
    assert len(list(root.iter())) > 2


@EVERY
def test_a_plot_has_a_sentence_with_a_figure_in_it(name):
    assert re.search(r"\d", draw(name, CONTENTS[name], NAMES).summary)


@EVERY
def test_the_table_beside_a_plot_has_a_cell_for_each_column(name):
    figure = draw(name, CONTENTS[name], NAMES)
    assert figure.rows
    assert {len(row) for row in figure.rows} == {len(figure.columns)}


@EVERY
def test_a_name_full_of_markup_stays_text(name):
    names = {agent: "<script>alert(1)</script>\"'" for agent in NAMES}
    assert "<script" not in draw(name, CONTENTS[name], names).svg


@EVERY
def test_a_plot_needs_no_inline_style(name):
    assert "style=" not in draw(name, CONTENTS[name], NAMES).svg


@EVERY
def test_agents_that_are_gone_are_left_out(name):
    figure = draw(name, CONTENTS[name], {key: label for key, label in NAMES.items() if key == "agent-a"})
    assert "third v1" not in figure.svg
    assert "third v1" not in str(figure.rows)


@EVERY
def test_a_board_of_nobody_is_drawn_too(name):
    draw(name, CONTENTS[name], {})


@EVERY
def test_everything_lies_inside_the_picture(name):
    root = ElementTree.fromstring(draw(name, CONTENTS[name], NAMES).svg)
    height = float(root.attrib["viewBox"].split()[3])
    for mark in root.iter():
        x, y = float(mark.get("x", mark.get("cx", 0))), float(mark.get("y", mark.get("cy", 0)))
        assert -1 <= x <= WIDTH + 1
        assert -1 <= y <= height + 1
        assert x + float(mark.get("width", 0)) <= WIDTH + 1


def test_the_heat_map_says_who_never_met():
    figure = draw("heat_map", CONTENTS["heat_map"], NAMES)
    assert "never met" in figure.svg
    assert figure.summary == (
        "first v2 is expected to take 87 % from third v1, the clearest of all pairs. 1 of 3 pairs never met."
    )


def test_seats_that_cancel_are_said_to():
    empty = {"unit": "elo", "seats": [], "roles": []}
    assert "all seatings" in draw("seats_and_roles", empty, NAMES).summary


@pytest.mark.parametrize("name", ["lineage", "convergence", "calibration", "performance_profiles"])
def test_too_few_results_for_a_line_are_said_to_be(name):
    nothing = {"lines": [], "points": [], "bins": [], "profiles": [], "thresholds": [], "iqm": []}
    assert re.search(r"(Too few|No agent)", draw(name, nothing, NAMES).summary)


def test_an_unknown_plot_is_an_error():
    with pytest.raises(KeyError):
        draw("pie", {}, {})


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (1288, 1612, [1300, 1400, 1500, 1600]),
        (3, 3, [3]),
        (-20, 20, [-20, -10, 0, 10, 20]),
    ],
)
def test_ticks_are_round_numbers_between_the_ends(low, high, expected):
    assert ticks(low, high) == pytest.approx(expected)


def test_axes_of_a_single_value_are_no_division_by_zero():
    axes = Axes(1.0, 1.0, 2.0, 2.0)
    assert axes.at(1.0, 2.0) == (axes.left, axes.top + axes.height)
