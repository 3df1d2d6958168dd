"""Plots of a leaderboard as SVG, each with the same facts as text and as a table."""

from coliseum.pages.charts.drawing import DRAWN, Plotted, draw

__all__ = ["DRAWN", "Plotted", "draw"]
