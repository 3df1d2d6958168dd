"""Registers matches and workers with Django."""

from django.apps import AppConfig


class MatchesConfig(AppConfig):
    """App matches."""

    name = "coliseum.matches"
    label = "matches"
