"""The staff pages: for administrators alone, and only after a second factor."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from coliseum.staff.second_factor import has_second_factor, page_to_use_it, used_second_factor
from workers.refusals import RefusedError


class StaffSite(AdminSite):
    """Django's site, without a form for passwords of its own."""

    site_header = site_title = "Coliseum, staff"
    index_title = "What the database holds"

    def has_permission(self, request: HttpRequest) -> bool:
        """Let administrators in who used their second factor in this session."""
        return super().has_permission(request) and used_second_factor(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to what is missing: signing in, setting a second factor up, or using it.

        Raises:
            RefusedError: `not_found` for people who have no business here.
        """
        wanted = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
            wanted = request.path.removesuffix("login/")
        if not request.user.is_authenticated:
            return redirect_to_login(wanted)
        if not (request.user.is_active and request.user.is_staff):
            raise RefusedError("not_found")
        if not has_second_factor(request):
            return render(request, "staff/second_factor.html", status=403)
        if not used_second_factor(request):
            return redirect(f"{page_to_use_it(request)}?{urlencode({'next': wanted})}")
        return redirect(wanted)

    def logout(  # type: ignore[override]  # any response will do
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign out and go to the front page."""
        if request.method == "POST":
            logout(request)
        return redirect("home")

    def password_change(  # type: ignore[override]  # any response will do
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to where everybody changes the password."""
        return redirect("account_change_password")

    def password_change_done(  # type: ignore[override]  # any response will do
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the settings."""
        return redirect("settings")
