"""People and tokens on the staff pages; secrets are never shown."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from coliseum.accounts.models import SignInLink, Token, User


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # not generic at run time
    """People, with who may open competitions."""

    list_display = ("username", "email", "may_host", "is_staff", "is_active", "last_login")
    list_filter = ("may_host", "is_staff", "is_active")
    fieldsets = (*(UserAdmin.fieldsets or ()), ("Coliseum", {"fields": ("may_host",)}))


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """API tokens: to revoke, never to make or to read."""

    list_display = ("prefix", "name", "user", "created_at", "expires_at", "last_used_at", "revoked_at")
    search_fields = ("user__username", "prefix")
    exclude = ("digest",)
    readonly_fields = ("user", "name", "prefix", "scopes", "created_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a token is made by its owner, who alone sees it."""
        return False


@admin.register(SignInLink)
class SignInLinkAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """One-time sign-in links, to look at and to delete."""

    list_display = ("user", "expires_at", "used_at")
    exclude = ("digest",)
    readonly_fields = ("user", "expires_at", "used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: the site's administration page makes links."""
        return False
