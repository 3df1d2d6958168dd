"""Registers uploads and their state with Django."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    """App submissions."""

    name = "coliseum.submissions"
    label = "submissions"
