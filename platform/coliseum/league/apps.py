"""Registers the conductor with Django."""

from django.apps import AppConfig


class LeagueConfig(AppConfig):
    """App league."""

    name = "coliseum.league"
    label = "league"
