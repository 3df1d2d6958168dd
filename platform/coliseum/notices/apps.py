"""Registers notices with Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """App notices."""

    name = "coliseum.notices"
    label = "notices"
