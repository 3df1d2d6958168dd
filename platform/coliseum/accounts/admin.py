"""People, tokens and second factors on the staff pages; secrets are never shown."""

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client
from allauth.idp.oidc.models import Token as DeviceToken
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from coliseum.accounts.models import DataExport, Follow, Profile, SignInLink, TakenName, Token, User
from coliseum.staff.reading import Light, ReadOnly

# Their own pages let staff change whose they are, or show secrets.
admin.site.unregister(
    [
        Authenticator,
        Client,
        DeviceToken,
        EmailAddress,
        Group,
        SocialAccount,
        SocialApp,
        SocialToken,
        UserSession,
    ]
)


@admin.register(User)
class PersonAdmin(Light):
    """People, and what they may do. Nobody sets a password for somebody else: links are for that."""

    list_display = ("username", "email", "may_host", "is_staff", "is_active", "last_login")
    list_filter = ("may_host", "is_staff", "is_active")
    search_fields = ("username", "email")
    fields = (
        *("username", "email", "date_joined", "last_login"),
        *("is_active", "may_host", "is_staff", "is_superuser"),
    )
    readonly_fields = ("username", "email", "date_joined", "last_login")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: people make their accounts."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse: their own settings delete an account, so that results stay."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let those alone make administrators who may do everything themselves."""
        return bool(getattr(request.user, "is_superuser", False))


class _ToDelete(ReadOnly):
    """Rows to look at, and to delete when they should open nothing any more."""

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Let administrators delete."""
        return admin.ModelAdmin.has_delete_permission(self, request)


@admin.register(Token)
class TokenAdmin(_ToDelete):
    """API tokens, never to make or to read."""

    list_display = ("prefix", "name", "user", "created_at", "expires_at", "last_used_at", "revoked_at")
    search_fields = ("user__username", "prefix")
    list_select_related = ("user",)
    exclude = ("digest",)


@admin.register(SignInLink)
class SignInLinkAdmin(_ToDelete):
    """One-time sign-in links."""

    list_display = ("user", "expires_at", "used_at")
    list_select_related = ("user",)
    exclude = ("digest",)


@admin.register(Authenticator)
class AuthenticatorAdmin(_ToDelete):
    """Second factors: to delete for people who lost theirs."""

    list_display = ("user", "type", "created_at", "last_used_at")
    search_fields = ("user__username",)
    list_select_related = ("user",)
    exclude = ("data",)


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnly):
    """E-mail addresses and whether they are confirmed."""

    list_display = ("email", "user", "verified", "primary")
    search_fields = ("user__username", "email")
    list_select_related = ("user",)


@admin.register(Profile)
class ProfileAdmin(ReadOnly):
    """What people say of themselves."""

    list_display = ("user", "display_name", "affiliation")
    search_fields = ("user__username", "display_name")
    list_select_related = ("user",)


@admin.register(TakenName)
class TakenNameAdmin(ReadOnly):
    """Names as they look to a reader, by the realm in which they are taken."""

    list_display = ("look", "realm", "owner")
    search_fields = ("look",)


@admin.register(Follow)
class FollowAdmin(ReadOnly):
    """Who wants to hear of what."""

    list_display = ("user", "topic", "since")
    search_fields = ("user__username", "topic")
    list_select_related = ("user",)


@admin.register(DataExport)
class DataExportAdmin(ReadOnly):
    """Zips of people's data; where one lies is not shown."""

    list_display = ("user", "state", "asked_at", "ready_at", "size_bytes")
    list_filter = ("state",)
    list_select_related = ("user",)
    exclude = ("key",)
