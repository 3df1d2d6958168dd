"""Registers competitions, teams and entries with Django."""

from django.apps import AppConfig


class CompetitionsConfig(AppConfig):
    """App competitions."""

    name = "coliseum.competitions"
    label = "competitions"
