"""What people were told, webhooks, and what was sent to them, for administrators to read."""

from django.contrib import admin

from coliseum.notices.models import Delivery, Notice, Preference, Webhook
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


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    """What people were told."""

    list_display = ("at", "user", "kind", "read_at", "mailed_at")
    list_filter = ("kind",)
    search_fields = ("user__username",)
    list_select_related = ("user",)


@admin.register(Preference)
class PreferenceAdmin(ReadOnly):
    """How people want to be told."""

    list_display = ("user", "digest", "mailed_at")
    list_filter = ("digest",)
    search_fields = ("user__username",)
    list_select_related = ("user",)
