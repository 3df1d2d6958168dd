"""Webhooks and what was sent to them, for administrators to read."""

from django.contrib import admin

from coliseum.notices.models import Delivery, Webhook
from coliseum.staff.reading import ReadOnly


@admin.register(Webhook)
class WebhookAdmin(ReadOnly):
    """Webhooks."""

    list_display = ("url", "user", "competition", "made_at", "failing_since", "switched_off_at")
    search_fields = ("url", "user__username")
    list_select_related = ("user", "competition")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    """Messages to webhooks."""

    list_display = ("webhook", "kind", "state", "tries", "status", "problem", "tried_at")
    search_fields = ("webhook__url",)
    list_select_related = ("webhook",)
    exclude = ("body",)
