"""A host's form of a tournament: first the format, then its options, who takes part and when."""

from datetime import UTC
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coliseum.accounts.models import User
from coliseum.competitions.models import Competition
from coliseum.pages.competitions import frame
from coliseum.pages.forms import RefusableForm
from coliseum.pages.hosting import hosted
from coliseum.pages.methods import require_form
from coliseum.pages.once import once
from coliseum.pages.parameters import choice
from coliseum.pages.rows import Row, spec_of
from coliseum.pages.tournament_acts import hosted_tournament
from coliseum.tournaments.models import Release, Seeding, Source, Tournament
from coliseum.tournaments.queries import ready_agents
from coliseum.tournaments.services import change_tournament, create_tournament
from coliseum.tournaments.wanted import Wanted
from workers.league.formats.named import FORMATS, NamedFormat, Option, formats_for
from workers.refusals import RefusedError


class TournamentForm(RefusableForm):
    """A tournament; the fields of the format's options are added to it."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=80)
    source = forms.ChoiceField(
        label=gettext_lazy("Who takes part"),
        choices=Source.choices,
        widget=forms.RadioSelect,
        initial=Source.ACTIVE.value,
    )
    size = forms.IntegerField(
        label=gettext_lazy("How many of the leaderboard"),
        required=False,
        min_value=2,
        max_value=1024,
        help_text=gettext_lazy("Only where the first of the leaderboard take part."),
    )
    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Chosen agents"), required=False, widget=forms.CheckboxSelectMultiple
    )
    seeding = forms.ChoiceField(
        label=gettext_lazy("Seeds by"),
        choices=Seeding.choices,
        widget=forms.RadioSelect,
        initial=Seeding.RATING.value,
        help_text=gettext_lazy("By rating: agents without one come last, by lot."),
    )
    release = forms.ChoiceField(
        label=gettext_lazy("Results are shown"),
        choices=Release.choices,
        widget=forms.RadioSelect,
        initial=Release.AT_ONCE.value,
        help_text=gettext_lazy("What is held back is seen by hosts and administrators only, on every page."),
    )
    starts_at = forms.DateTimeField(
        label=gettext_lazy("Starts by itself (UTC)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Empty: you start it. With a date it is announced to everybody."),
    )

    def __init__(
        self, competition: Competition, form: NamedFormat, *args: Any, **kwargs: Any
    ) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        self.named = form
        for option in form.options:
            self.fields[option.name] = _field(option)
        agents = [(agent.pk, f"{agent} ({agent.entry.team.name})") for agent in ready_agents(competition)]
        self.fields["chosen"].choices = agents  # type: ignore[attr-defined]  # a ChoiceField
        options = [option.name for option in form.options]
        self.order_fields(["title", *options, "source", "size", "chosen", "seeding", "release", "starts_at"])

    def wanted(self) -> Wanted:
        """Return what the form says; it must be valid."""
        facts = self.cleaned_data
        starts_at = facts["starts_at"]
        return Wanted(
            title=facts["title"],
            format=self.named.name,
            options={
                option.name: option.default if facts[option.name] is None else facts[option.name]
                for option in self.named.options
            },
            source=facts["source"],
            size=facts["size"] or 0,
            chosen=tuple(facts["chosen"]) if facts["source"] == Source.CHOSEN else (),
            seeding=facts["seeding"],
            release=facts["release"],
            starts_at=starts_at.replace(tzinfo=UTC) if starts_at else None,
        )


def _field(option: Option) -> forms.Field:
    if isinstance(option.default, bool):
        return forms.BooleanField(
            label=_(option.label),
            required=False,
            initial=option.default,
            help_text=_(option.help) if option.help else "",
        )
    return forms.IntegerField(
        label=_(option.label),
        initial=option.default,
        min_value=option.least,
        max_value=option.most,
        help_text=_(option.help) if option.help else "",
    )


@login_required
@once
@require_form
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a format, then fill in the form; it becomes a draft that only hosts see."""
    competition = hosted(request, slug)
    spec = spec_of(competition.arena)
    fitting = formats_for(spec.lineup if spec else 0)
    name = choice(request, "format", [form.name for form in fitting])
    if not name:
        return _page(request, competition, None, fitting)
    form = TournamentForm(competition, FORMATS[name], request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_tournament(
                competition=competition, actor=cast(User, request.user), wanted=form.wanted()
            )
        except RefusedError as error:
            form.refuse(error)
            return _page(request, competition, form, fitting, status=error.status)
        messages.success(
            request,
            _("%(title)s is a draft. Look at what it will be, then start it.") % {"title": made.title},
        )
        return redirect("tournament", tournament_id=made.pk)
    return _page(request, competition, form, fitting, status=400 if request.method == "POST" else 200)


@login_required
@require_form
def change(request: HttpRequest, tournament_id: str) -> HttpResponse:
    """Change a draft; once it has started its rules stay as they are."""
    wanted = hosted_tournament(request, tournament_id)
    if wanted.state != "draft":
        raise RefusedError("tournament.started", title=wanted.title)
    named = FORMATS[wanted.format]
    form = TournamentForm(wanted.competition, named, request.POST or None, initial=_initial(wanted))
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                change_tournament(tournament=wanted, actor=cast(User, request.user), wanted=form.wanted())
                messages.success(request, _("Saved."))
                return redirect("tournament", tournament_id=wanted.pk)
            except RefusedError as error:
                form.refuse(error)
                status = error.status
    competition = hosted(request, wanted.competition.slug)
    return _page(request, competition, form, (), status=status, changed=wanted)


def _initial(tournament: Tournament) -> Row:
    return {
        **tournament.options,
        "title": tournament.title,
        "source": tournament.source,
        "size": tournament.size or None,
        "chosen": list(tournament.entrants.values_list("submission_id", flat=True)),
        "seeding": tournament.seeding,
        "release": tournament.release,
        "starts_at": tournament.starts_at,
    }


def _page(
    request: HttpRequest,
    competition: Competition,
    form: TournamentForm | None,
    fitting: tuple[NamedFormat, ...],
    *,
    status: int = 200,
    changed: Tournament | None = None,
) -> HttpResponse:
    current = form.named.name if form else ""
    context = frame(request, competition, "tournaments") | {
        "formats": [
            {
                "label": _(each.label),
                "summary": _(each.summary),
                "url": f"?format={each.name}#new-tournament",
                "is_current": each.name == current,
            }
            for each in fitting
        ],
        "form": form,
        "named": {"label": _(form.named.label), "summary": _(form.named.summary)} if form else None,
        "changed": changed,
        "action": reverse("tournament-change", args=[changed.pk])
        if changed
        else f"{reverse('tournament-new', args=[competition.slug])}?format={current}",
    }
    return render(request, "tournaments/form.html", context, status=status)
