"""The addresses of signing in with other sites; there only when one is configured."""

from allauth.socialaccount import views
from allauth.urls import build_provider_urlpatterns
from django.urls import URLPattern, URLResolver, include, path

from coliseum.pages.account_views import ours

urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/connections", ours(views.connections), name="socialaccount_connections"),
    path("sign-up/with", ours(views.signup), name="socialaccount_signup"),
    path(
        "sign-in/with/stopped",
        ours(views.login_cancelled, "GET", "HEAD"),
        name="socialaccount_login_cancelled",
    ),
    path("sign-in/with/failed", ours(views.login_error, "GET", "HEAD"), name="socialaccount_login_error"),
    path("sign-in/with/", include(build_provider_urlpatterns())),
]
