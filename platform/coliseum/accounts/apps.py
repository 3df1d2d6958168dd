"""Registers people and tokens with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """App accounts."""

    name = "coliseum.accounts"
    label = "accounts"
