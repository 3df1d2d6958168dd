"""What is run by a host: competitions and their phases, the teams in them, the acts on them."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coliseum.competitions.agreements import Acceptance as Acceptance
from coliseum.competitions.agreements import JoinRequest as JoinRequest
from coliseum.competitions.agreements import Plan as Plan
from coliseum.competitions.agreements import RulesVersion as RulesVersion
from coliseum.ids import new_id


class CompetitionState(models.TextChoices):
    """Life of a competition: draft -> open <-> paused -> closed."""

    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    PAUSED = "paused", _("paused")
    CLOSED = "closed", _("closed")


class Eligibility(models.TextChoices):
    """Who may join a competition."""

    OPEN = "open", _("open to everybody")
    INVITED = "invited", _("invited people")
    DOMAIN = "domain", _("people of certain e-mail domains")
    APPROVAL = "approval", _("whoever the host lets in")


class Replays(models.TextChoices):
    """Who sees the replays of a competition."""

    PUBLIC = "public", _("everybody")
    PARTICIPANTS = "participants", _("whoever has joined")
    AFTER_CLOSE = "after_close", _("until the end only the teams of a match")


class CodeReveal(models.TextChoices):
    """When everybody may download the agents."""

    NEVER = "never", _("never")
    AFTER_CLOSE = "after_close", _("once the competition is closed")


class Competition(models.Model):
    """A run event in one arena, with dates, rules and a leaderboard."""

    id = models.CharField(primary_key=True, max_length=18, default=new_id, editable=False)
    slug = models.SlugField(unique=True, max_length=60)
    title = models.CharField(max_length=80)
    summary = models.CharField(max_length=200, blank=True)
    """One sentence for cards."""
    overview = models.TextField(blank=True)
    """Markdown."""
    rules = models.TextField(blank=True)
    """Markdown; its versions are in RulesVersion."""
    evaluation = models.TextField(blank=True)
    """Markdown."""
    prizes = models.TextField(blank=True)
    """Markdown."""
    faq = models.TextField(blank=True)
    """Markdown."""
    arena = models.CharField(max_length=80)
    """Arena id with version; never changes once a match was played."""
    state = models.CharField(max_length=8, choices=CompetitionState, default=CompetitionState.DRAFT)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    """No more submissions after this; empty means it runs until a host closes it."""
    daily_submissions = models.PositiveIntegerField(default=5)
    """Per team and UTC day; failed validations do not count."""
    active_submissions = models.PositiveIntegerField(default=2)
    """How many of a team's submissions play at a time."""
    target_matches = models.PositiveIntegerField(default=200)
    """The league stops scheduling an agent that has this many rated matches."""
    eligibility = models.CharField(max_length=8, choices=Eligibility, default=Eligibility.OPEN)
    """Who may join; the lists to it are in `options["eligibility"]`."""
    invite_secret = models.CharField(max_length=64, blank=True)
    """What an invitation link ends with; shown to hosts only."""
    max_members = models.PositiveSmallIntegerField(default=5)
    """Most people of a team."""
    merge_until = models.DateTimeField(null=True, blank=True)
    """Until then teams may merge; empty means until the end."""
    replays = models.CharField(max_length=12, choices=Replays, default=Replays.PUBLIC)
    """Who sees replays; `matches.revealing` holds it at every door."""
    code = models.CharField(max_length=12, choices=CodeReveal, default=CodeReveal.NEVER)
    """Whether everybody may download the agents once the competition is closed."""
    limits = models.JSONField(default=dict, blank=True)
    """Overrides of the arena's limits, by name: seconds and bytes."""
    options = models.JSONField(default=dict, blank=True)
    """What the host's file says beyond the columns, by its table: `league`, `final`, `eligibility`."""
    seed_secret = models.CharField(max_length=64)
    """Hex key that the seeds of matches outside any phase are drawn from; never shown."""
    forum_url = models.CharField(max_length=200, blank=True)
    """Where people talk about it, https only; empty where there is no such place."""
    hosts = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="hosted", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=models.F("opens_at")),
                name="competition_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(state__in=CompetitionState.values), name="competition_state"),
        ]

    def __str__(self) -> str:
        return self.title


class PhaseKind(models.TextChoices):
    """What a phase is for: `public` is the league everybody may watch, `final` decides."""

    PUBLIC = "public", _("public")
    FINAL = "final", _("final")


class PhaseState(models.TextChoices):
    """Life of a phase: draft -> open -> closed."""

    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class Phase(models.Model):
    """A window of a competition with league matches, seeds and a leaderboard of its own.

    A competition has a public phase from the start; a new season is another one. At most one is open.
    """

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=8, choices=PhaseKind, default=PhaseKind.PUBLIC)
    number = models.PositiveSmallIntegerField(default=1)
    """1, 2, 3 ... within the competition and kind: the season."""
    state = models.CharField(max_length=8, choices=PhaseState, default=PhaseState.DRAFT)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    seed_secret = models.CharField(max_length=64)
    """Hex key that all its scenario seeds are drawn from; shown only once it is revealed."""
    revealed_at = models.DateTimeField(null=True, blank=True)
    """Since when anybody may read `seed_secret` and check it against `seed_commit`."""
    naming_ends_at = models.DateTimeField(null=True, blank=True)
    """Of a final: until when owners name their finalists."""
    settled_at = models.DateTimeField(null=True, blank=True)
    """When its last match was over and its leaderboard stood still; it is never fitted again."""
    declared_at = models.DateTimeField(null=True, blank=True)
    """Of a final: when a host declared the result."""
    verdict = models.CharField(max_length=400, blank=True)
    """Of a final: why it stopped, in a sentence."""
    options = models.JSONField(default=dict, blank=True)
    """What the host chose for it, by name; a final's places, budget and cuts."""

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "kind", "number"], name="phase_once"),
            models.UniqueConstraint(
                fields=["competition"], condition=Q(state="open"), name="one_open_phase_per_competition"
            ),
            models.CheckConstraint(condition=Q(state__in=PhaseState.values), name="phase_state"),
            models.CheckConstraint(condition=Q(kind__in=PhaseKind.values), name="phase_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.competition}: {self.title}"

    @property
    def key(self) -> str:
        """Return a name no other phase ever had; row numbers of what was rolled back are given again."""
        return f"{self.competition_id}-{self.slug}"

    @property
    def slug(self) -> str:
        """Return its name in addresses: `public-1`, `final-1`."""
        return f"{self.kind}-{self.number}"

    @property
    def title(self) -> str:
        """Return what people read: "Season 1", "Final", "Final 2"."""
        if self.kind == PhaseKind.PUBLIC:
            return f"Season {self.number}"
        return "Final" if self.number == 1 else f"Final {self.number}"

    @property
    def shown_title(self) -> str:
        """Return the title in the language of the page; logs and files have the English one."""
        if self.kind == PhaseKind.PUBLIC:
            return str(_("Season %(number)s") % {"number": self.number})
        return str(_("Final") if self.number == 1 else _("Final %(number)s") % {"number": self.number})

    @property
    def is_final(self) -> bool:
        """Say whether this phase decides the competition."""
        return self.kind == PhaseKind.FINAL

    @property
    def seed_commit(self) -> str:
        """Return the SHA-256, hex, of the secret's bytes: published from the start."""
        return hashlib.sha256(bytes.fromhex(self.seed_secret)).hexdigest()


class Team(models.Model):
    """People who submit together; a team of one is made for everybody who joins alone."""

    id = models.CharField(primary_key=True, max_length=18, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    is_house = models.BooleanField(default=False)
    """The platform's own team, which enters baselines; it has no quota and may meet itself."""
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="teams", blank=True)
    captain = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="captained"
    )
    """Who invites, renames and removes; empty means the member who has been in it longest."""
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """A team in a competition."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="entries")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="entries")
    joined_at = models.DateTimeField()
    """When its members accepted the rules."""
    disqualified_at = models.DateTimeField(null=True, blank=True)
    disqualified_reason = models.CharField(max_length=400, blank=True)
    """Shown to everybody."""
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    """The entry its team went over to; its agents left play and their results stay."""

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["competition", "team"], name="one_entry_per_team"),
            models.CheckConstraint(
                condition=~Q(merged_into=models.F("id")), name="an_entry_merges_into_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} in {self.competition}"

    @property
    def is_disqualified(self) -> bool:
        """Say whether the entry is out of the competition."""
        return self.disqualified_at is not None

    @property
    def is_out(self) -> bool:
        """Say whether its agents may not play any more: disqualified, or merged into another entry."""
        return self.is_disqualified or self.merged_into_id is not None


class Invitation(models.Model):
    """A link that lets people into an entry's team; only the digest of its secret part is kept."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the secret, hex."""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(revoked_at__isnull=True), name="one_invitation_per_entry"
            ),
        ]

    def __str__(self) -> str:
        return f"invitation to {self.entry}"


class Act(models.Model):
    """What a host or administrator did, for everybody to read; never changed."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="acts")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class Announcement(models.Model):
    """What a host tells the people of a competition: everybody, or some of its entries."""

    id = models.CharField(primary_key=True, max_length=18, default=new_id, editable=False)
    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, related_name="announcements", db_index=False
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    """Who wrote it; empty where the platform did, or the account is gone."""
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    """Markdown."""
    entries = models.ManyToManyField(Entry, related_name="announcements", blank=True)
    """Whom it is for; only where `is_public` is false."""
    is_public = models.BooleanField(default=True)
    """Whether it is for everybody, not for `entries` alone."""
    is_pinned = models.BooleanField(default=False)
    """Whether it stands on the competition's overview, above the others."""
    is_automatic = models.BooleanField(default=False)
    """Whether the platform made it of an act that people should hear of."""
    code = models.CharField(max_length=40, blank=True)
    """The verdict whose owners it was sent to, where it was."""
    at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=400, blank=True)
    """Shown to everybody in place of the text."""

    class Meta:
        ordering = ["-id"]
        indexes = [
            # A competition's announcements, newest first.
            models.Index(fields=["competition", "id"], name="announcements_in_order"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_pinned=False) | Q(withdrawn_at__isnull=True), name="pinned_is_not_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return self.title
