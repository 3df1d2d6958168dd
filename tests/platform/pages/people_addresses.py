"""Who may visit the pages of people, teams, following, notices and webhooks; and what those pages show.

The statuses are in the order of PEOPLE in test_access.py: nobody, eve, bob, ann, host, other, staff.
"""

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.models import Competition
from coliseum.notices.digests import unsubscribe_url
from coliseum.notices.models import Kind, Webhook
from coliseum.notices.services import News, tell
from tests.platform.pages.addresses import ALL, GOES_ON, SIGNED_IN, Facts

PEOPLE_PAGES: dict[str, Facts] = {
    "person": ("/people/ann/", ALL),
    "person-picture": ("/people/ann/picture", ALL),
    "settings-profile": ("/settings/profile", SIGNED_IN),
    "settings-picture": ("/settings/profile/picture", GOES_ON, {"remove": "yes"}),
    "team": ("/teams/{team}/", ALL),
    "team-join": ("/teams/join/{invitation}", SIGNED_IN),
    "own-team": ("/competitions/c4/team", SIGNED_IN),
    # bob is no captain; the others are in no team.
    "team-act": (
        "/competitions/c4/team/act",
        (302, 302, 403, 302, 403, 403, 403),
        {"act": "rename", "name": "Fours"},
    ),
    "following": ("/following/", SIGNED_IN),
    "follow": ("/follow", GOES_ON, {"topic": "competition:c4"}),
    "search": ("/search?q=four", ALL),
    "settings-data": ("/settings/your-data", SIGNED_IN),
    "export": ("/settings/your-data/export", GOES_ON, {}),
    "export-state": ("/settings/your-data/exports/{export}", (302, 404, 404, 200, 404, 404, 404)),
    "export-file": ("/settings/your-data/exports/{export}/zip", (302, 404, 404, 200, 404, 404, 404)),
    "notices": ("/notices/", SIGNED_IN),
    "notice": ("/notices/{told}", (302, 404, 404, 302, 404, 404, 404)),
    "notices-read": ("/notices/read", GOES_ON, {}),
    "unsubscribe": ("/notices/unsubscribe/{unsubscribe}", ALL),
    "settings-notifications": ("/settings/notifications", SIGNED_IN),
    "webhooks": ("/settings/webhooks", SIGNED_IN),
    "webhook": ("/settings/webhooks/{webhook}/", (302, 404, 404, 200, 404, 404, 404)),
    "webhook-act": ("/settings/webhooks/{webhook}/act", (302, 404, 404, 302, 404, 404, 404), {"act": "ping"}),
    "host-webhooks": ("/competitions/c4/host/webhooks", (302, 404, 404, 404, 200, 404, 200)),
    # Who has a password says it again first; the last administrator stays.
    "account-delete": ("/settings/your-data/delete", (302, 200, 200, 200, 200, 200, 403)),
}
"""Row by name: address, statuses, and what is posted if it is no visit."""


def told_things(ann: User, host: User, competition: Competition) -> dict[str, str]:
    """Return a notice of ann's, the link in her mails, and webhooks of hers and of the competition."""
    tell([News(Kind.RESULT, "k", "/competitions/c4/", {ann.pk}, {"competition": "C4"})])
    url, now = "https://hooks.example.org/", clock.now()
    return {
        "told": ann.notices.get().pk,
        "unsubscribe": unsubscribe_url(ann).rpartition("/")[2],
        "webhook": Webhook.objects.create(user=ann, url=url, made_at=now).pk,
        "host_webhook": Webhook.objects.create(user=host, competition=competition, url=url, made_at=now).pk,
    }
