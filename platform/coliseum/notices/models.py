"""What people were told, how they want to be told, and the webhooks that are told too."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coliseum.competitions.models import Competition
from coliseum.ids import new_id


class Kind(models.TextChoices):
    """What a notice is about."""

    VALIDATED = "validated", _("An agent passed validation")
    REJECTED = "rejected", _("An agent failed validation")
    FIRST_MATCHES = "first_matches", _("An agent has played its first 10 matches")
    RANK = "rank", _("An agent moved further than its interval")
    SUSPENDED = "suspended", _("An agent was suspended")
    LET_BACK = "let_back", _("A suspended agent was let back in")
    BEATEN = "beaten", _("An agent was beaten by one for the first time")
    DEADLINE = "deadline", _("A competition closes within a day")
    RESULT = "result", _("A result is final")
    ANNOUNCEMENT = "announcement", _("A host announced something")
    JOIN_ANSWER = "join_answer", _("A request to join was answered")
    TEAM = "team", _("The people of a team changed")
    HOOK_OFF = "hook_off", _("A webhook was switched off")


class Notice(models.Model):
    """One person is told of one thing; its words are made of `kind` and `facts` when it is read."""

    id = models.CharField(primary_key=True, max_length=18, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", db_index=False
    )
    kind = models.CharField(max_length=16, choices=Kind)
    key = models.CharField(max_length=120)
    """What happened, so that a person is told of it once."""
    facts = models.JSONField(default=dict)
    """What the words need, by name: `agent`, `competition`, `code`, `rank` ..."""
    path = models.CharField(max_length=200)
    """Where it is shown, below the site's address."""
    at = models.DateTimeField()
    is_listed = models.BooleanField(default=True)
    """Whether it stands in the site's list."""
    read_at = models.DateTimeField(null=True, blank=True)
    is_for_mail = models.BooleanField(default=False)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="told_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="notice_kind"),
        ]
        indexes = [
            # A person's list, newest first.
            models.Index(fields=["user", "id"], condition=Q(is_listed=True), name="notices_in_order"),
            # The number on the bell.
            models.Index(
                fields=["user"], condition=Q(is_listed=True, read_at__isnull=True), name="unread_notices"
            ),
            # What the next digest holds.
            models.Index(
                fields=["user"],
                condition=Q(is_for_mail=True, mailed_at__isnull=True),
                name="unmailed_notices",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"


class Digest(models.TextChoices):
    """How often a person gets a mail."""

    OFF = "off", _("never")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")


class Preference(models.Model):
    """How a person wants to be told; whoever said nothing has none."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="notice_preference"
    )
    choices = models.JSONField(default=dict)
    """By kind, the ways it is told: some of `site`, `mail`, `webhook`; one that is missing has its usual."""
    digest = models.CharField(max_length=6, choices=Digest, default=Digest.OFF)
    mailed_at = models.DateTimeField(null=True, blank=True)
    """When the last digest was begun."""

    def __str__(self) -> str:
        return f"how {self.user_id} is told"


class Webhook(models.Model):
    """An address that is told by a signed request: a person's own, or a competition's by one of its hosts.

    Its secret is drawn from the site's key and the row, see `hooks.secret_of`: the database holds none.
    """

    id = models.CharField(primary_key=True, max_length=18, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks")
    competition = models.ForeignKey(
        Competition, null=True, blank=True, on_delete=models.CASCADE, related_name="webhooks"
    )
    """Whose news it gets; empty for what its person is told."""
    url = models.CharField(max_length=400)
    made_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True, blank=True)
    """The first failure since the last success."""
    switched_off_at = models.DateTimeField(null=True, blank=True)
    """Since when nothing is sent, because it failed for too long."""

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.url


class DeliveryState(models.TextChoices):
    """waiting -> delivered | failed; again waiting when a person sends it once more."""

    WAITING = "waiting", _("waiting")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("failed")


class Delivery(models.Model):
    """One message to one webhook, and how the last try went."""

    id = models.CharField(primary_key=True, max_length=18, default=new_id, editable=False)
    """Sent as `webhook-id`, the same in every try."""
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=120)
    """What happened, so that an address is told of it once."""
    body = models.TextField()
    """JSON, as it is sent."""
    state = models.CharField(max_length=9, choices=DeliveryState, default=DeliveryState.WAITING)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    """When it is tried next; empty once it is over."""
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    """HTTP status of the last answer."""
    problem = models.CharField(max_length=200, blank=True)
    """Why the last try failed, in a sentence."""
    answer = models.CharField(max_length=200, blank=True)
    """The beginning of the last answer, printable."""
    seconds = models.FloatField(default=0.0)
    """What the last try took."""

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["webhook", "key"], name="delivered_once"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state"),
            models.CheckConstraint(
                condition=Q(state="waiting", next_at__isnull=False)
                | (~Q(state="waiting") & Q(next_at__isnull=True)),
                name="waiting_deliveries_have_a_time",
            ),
        ]
        indexes = [
            # What is to be sent now.
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="due_deliveries"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.webhook_id}"


class Place(models.Model):
    """Where an agent stood when its people were last told, so that they hear of real moves only."""

    phase = models.PositiveBigIntegerField()
    """Id of the phase; its app stands beside this one."""
    submission = models.CharField(max_length=18)
    rank = models.PositiveIntegerField()
    rank_low = models.PositiveIntegerField()
    rank_high = models.PositiveIntegerField()
    """95 % interval at that time."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phase", "submission"], name="one_place_told")]

    def __str__(self) -> str:
        return f"{self.submission} at {self.rank}"


class Look(models.Model):
    """Up to when the news of one sort were told."""

    name = models.CharField(primary_key=True, max_length=60)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.until}"
