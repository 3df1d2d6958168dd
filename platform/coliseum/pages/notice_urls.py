"""The addresses of notices, their settings, and webhooks."""

from typing import Final

from django.urls import URLPattern, path

from coliseum.pages import told, webhooks

_WEBHOOK: Final = "settings/webhooks/<str:webhook_id>"

urlpatterns: list[URLPattern] = [
    path("notices/", told.notices, name="notices"),
    path("notices/read", told.read, name="notices-read"),
    path("notices/unsubscribe/<str:token>", told.unsubscribe, name="unsubscribe"),
    path("notices/<str:notice_id>", told.notice, name="notice"),
    path("settings/notifications", told.preferences, name="settings-notifications"),
    path("settings/webhooks", webhooks.webhooks, name="webhooks"),
    path(f"{_WEBHOOK}/", webhooks.webhook, name="webhook"),
    path(f"{_WEBHOOK}/act", webhooks.act, name="webhook-act"),
    path("competitions/<str:slug>/host/webhooks", webhooks.host_webhooks, name="host-webhooks"),
]
