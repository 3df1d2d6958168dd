"""Every page of the site that a browser looks at, by the name of its address, and as whom."""

from typing import Final, NamedTuple


class Seen(NamedTuple):
    """A page as one person meets it."""

    address: str
    """A path; names in braces are those of `tests.e2e.townsfolk`."""
    person: str = ""
    """Who looks; nobody if empty."""
    status: int = 200


_CUP: Final = "/competitions/connect-four"
_EMPTY: Final = "/competitions/noughts"
_PLAN: Final = "/host/new/{plan}"


def _staff(*addresses: str) -> tuple[Seen, ...]:
    return tuple(Seen(address, "staff") for address in addresses)


def _ann(*addresses: str) -> tuple[Seen, ...]:
    return tuple(Seen(address, "ann") for address in addresses)


def _anyone(*addresses: str) -> tuple[Seen, ...]:
    return tuple(map(Seen, addresses))


PUBLIC: Final[dict[str, tuple[Seen, ...]]] = {
    "home": _anyone("/"),
    "tv": _anyone("/tv/"),
    "competitions": _anyone("/competitions/"),
    "competition": (*_anyone(f"{_CUP}/", f"{_EMPTY}/"), Seen(f"{_CUP}/", "ann"), Seen(f"{_CUP}/", "staff")),
    "rules": _anyone(f"{_CUP}/rules"),
    "leaderboard": _anyone(f"{_CUP}/leaderboard", f"{_EMPTY}/leaderboard"),
    "plots": _anyone(f"{_CUP}/plots", f"{_EMPTY}/plots"),
    "competition-matches": _anyone(f"{_CUP}/matches", f"{_EMPTY}/matches"),
    "tournaments": _anyone(f"{_CUP}/tournaments", f"{_EMPTY}/tournaments"),
    "tournament": _anyone(
        *(
            f"/tournaments/{{{form}}}/"
            for form in ("round_robin", "single_elimination", "double_elimination", "swiss")
        ),
        "/tournaments/{running}/",
        "/tournaments/{planned}/",
    ),
    "log": _anyone(f"{_CUP}/log"),
    "versus": _anyone(f"{_CUP}/versus?a={{agent}}&b={{rival}}", f"{_CUP}/versus?a={{agent}}"),
    "exploiters": _anyone(f"{_CUP}/exploiters"),
    "phases": _anyone(f"{_CUP}/phases"),
    "phase": _anyone(f"{_CUP}/phases/public-1", f"{_CUP}/phases/public-2"),
    "announcements": _anyone(f"{_CUP}/announcements", f"{_EMPTY}/announcements"),
    "announcement": _anyone(f"{_CUP}/announcements/{{announcement}}"),
    "status": _anyone("/status"),
    "agent": _anyone("/agents/{agent}/"),
    "matches": _anyone("/matches/"),
    "match": (*_anyone("/matches/{match}/", "/matches/{waiting}/"), Seen("/matches/{match}/", "staff")),
    "embed": _anyone("/matches/{match}/episodes/0/embed"),
    "pictures": _anyone("/matches/{match}/episodes/0/pictures"),
    "own-replay": _anyone("/replay"),
    "compare": _anyone("/replays/compare?a={match}"),
    "arenas": _anyone("/arenas/"),
    "arena": _anyone("/arenas/connect_four-v3/", "/arenas/coliseum/sumo-v1/"),
    "play": _anyone("/arenas/tictactoe-v3/play"),
    "docs": _anyone("/docs/"),
    "document": _anyone("/docs/participant/"),
    "person": _anyone("/people/ann/"),
    "team": _anyone("/teams/{team}/"),
    "search": _anyone("/search?q=four", "/search", "/search?q=nothing-of-the-kind"),
    "sign-in": _anyone("/sign-in"),
    "sign-up": _anyone("/sign-up"),
    # allauth's names of the same two addresses.
    "account_login": (),
    "account_signup": (),
    "sign-in-link": _anyone("/sign-in/link/{link}"),
    "account_inactive": _anyone("/sign-in/closed"),
    "account_reset_password": _anyone("/sign-in/lost"),
    "account_reset_password_done": _anyone("/sign-in/lost/sent"),
    "account_reset_password_from_key_done": _anyone("/sign-in/lost/done"),
    "account_reset_password_from_key": _anyone("/sign-in/lost/1/abc-def"),
    "account_email_verification_sent": _anyone("/sign-up/confirm"),
    "account_confirm_email": _anyone("/sign-up/confirm/abc"),
    "unsubscribe": _anyone("/notices/unsubscribe/{unsubscribe}"),
    "(errors)": (
        Seen("/no/such/page", status=404),
        Seen("/competitions/conect-four/", status=404),
        Seen("/administration/", "ann", status=404),
    ),
}
OWNERS: Final[dict[str, tuple[Seen, ...]]] = {
    "home": _ann("/"),
    "mine": (*_ann("/my-agents/"), Seen("/my-agents/", "host")),
    "join": (Seen(f"{_CUP}/join", "host"), Seen(f"{_EMPTY}/join", "hugo")),
    "submit": _ann(f"{_CUP}/submit", f"{_CUP}/submit?with=editor", f"{_CUP}/submit?with=terminal"),
    "submission": _ann(*(f"/submissions/{{{each}}}/" for each in ("submission", "rejected", "validating"))),
    "submission-changes": _ann("/submissions/{submission}/changes"),
    "own-team": (*_ann(f"{_CUP}/team"), Seen(f"{_CUP}/team", "carla"), Seen(f"{_EMPTY}/team", "hugo")),
    "team-join": (Seen("/teams/join/{invitation}", "host"),),
    "following": _ann("/following/"),
    "settings": _ann("/settings/"),
    "settings-profile": _ann("/settings/profile"),
    "settings-data": _ann("/settings/your-data"),
    "export-state": _ann("/settings/your-data/exports/{export}"),
    "account-delete": _ann("/settings/your-data/delete"),
    "settings-notifications": _ann("/settings/notifications"),
    "notices": (*_ann("/notices/"), Seen("/notices/", "carla")),
    "webhooks": (*_ann("/settings/webhooks"), Seen("/settings/webhooks", "carla")),
    "webhook": _ann("/settings/webhooks/{webhook}/"),
    "account_email": _ann("/settings/email"),
    "account_change_password": _ann("/settings/password"),
    "account_set_password": (Seen("/settings/password/first", "erin"),),
    "mfa_index": (*_ann("/settings/security"), Seen("/settings/security", "staff")),
    "mfa_activate_totp": _ann("/settings/security/app"),
    "mfa_deactivate_totp": _staff("/settings/security/app/remove"),
    "mfa_generate_recovery_codes": _staff("/settings/security/codes/new"),
    "mfa_add_webauthn": _ann("/settings/security/passkeys/add"),
    "sessions": _ann("/settings/sessions"),
    "tokens": _ann("/settings/tokens"),
    "account_reauthenticate": _ann("/sign-in/again"),
    "idp:oidc:device_authorization": _ann("/device"),
}
HOSTS: Final[dict[str, tuple[Seen, ...]]] = {
    "host": (*_staff("/host/"), Seen("/host/", "host"), Seen("/host/", "ann", 403)),
    "wizard": _staff("/host/new"),
    "wizard-step": _staff(*(f"{_PLAN}/{step}" for step in range(1, 6))),
    "wizard-review": _staff(f"{_PLAN}/review", "/host/new/{bare_plan}/review"),
    "host-console": _staff(f"{_CUP}/host", f"{_EMPTY}/host", "/competitions/spring-cup/host"),
    "host-entries": _staff(f"{_CUP}/host/entries"),
    "host-failures": _staff(f"{_CUP}/host/failures"),
    "host-matches": _staff(f"{_CUP}/host/matches"),
    "host-announcements": _staff(f"{_CUP}/host/announcements"),
    "host-cost": _staff(f"{_CUP}/host/cost"),
    "host-export": _staff(f"{_CUP}/host/export"),
    "host-integrity": _staff(f"{_CUP}/host/integrity"),
    "host-panel": _staff(f"{_CUP}/host/panel"),
    "host-phases": _staff(f"{_CUP}/host/phases"),
    "host-edit": _staff(f"{_CUP}/host/edit/1"),
    "host-requests": _staff(f"{_CUP}/host/requests", f"{_EMPTY}/host/requests"),
    "host-webhooks": _staff(f"{_CUP}/host/webhooks"),
    "tournament-new": _staff(f"{_CUP}/tournaments/new"),
    "tournament-change": _staff("/tournaments/{planned}/change"),
    "tournament": _staff("/tournaments/{running}/", "/tournaments/{draft}/"),
    "administration": _staff("/administration/"),
    "administration-matches": _staff("/administration/matches"),
    "administration-people": _staff("/administration/people"),
    "administration-log": _staff("/administration/log"),
    "(staff pages)": _staff("/staff/", "/staff/accounts/user/"),
}
LOOKS: Final[dict[str, tuple[Seen, ...]]] = {
    name: PUBLIC.get(name, ()) + OWNERS.get(name, ()) + HOSTS.get(name, ())
    for name in PUBLIC | OWNERS | HOSTS
}
"""All of them."""
