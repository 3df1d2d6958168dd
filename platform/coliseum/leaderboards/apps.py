"""Registers standings with Django."""

from django.apps import AppConfig


class LeaderboardsConfig(AppConfig):
    """App leaderboards."""

    name = "coliseum.leaderboards"
    label = "leaderboards"
