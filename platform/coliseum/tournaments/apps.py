"""Registers tournaments with Django."""

from django.apps import AppConfig


class TournamentsConfig(AppConfig):
    """App tournaments."""

    name = "coliseum.tournaments"
    label = "tournaments"
