"""Every address of the site: pages, API, staff, live streams, health."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from coliseum.api.urls import api
from coliseum.pages import failures, health

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("coliseum.pages.urls")),
    path("api/v1/", api.urls),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("-/live", health.live, name="health-live"),
    path("-/ready", health.ready, name="health-ready"),
]

handler400 = failures.bad_request
handler403 = failures.forbidden
handler404 = failures.not_found
handler429 = failures.too_fast  # allauth asks for it
handler500 = failures.broken
