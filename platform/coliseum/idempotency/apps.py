"""Registers kept answers with Django."""

from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    """App idempotency."""

    name = "coliseum.idempotency"
    label = "idempotency"
