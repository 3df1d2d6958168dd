"""Joining a competition: its rules, who sees what, and accepting them; and what changed since one did."""

from itertools import pairwise
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coliseum.accounts.models import User
from coliseum.competitions.eligibility import check_eligible, lists_of, request_of
from coliseum.competitions.joining import ask_to_join
from coliseum.competitions.models import (
    Acceptance,
    Competition,
    Eligibility,
    Entry,
    JoinRequest,
    RulesVersion,
)
from coliseum.competitions.queries import competition_for
from coliseum.competitions.rules import (
    accept_rules,
    accepted_rules,
    changed_terms,
    changes_between,
    current_rules,
)
from coliseum.competitions.services import check_joinable, enter_competition, entry_of
from coliseum.pages.competitions import frame, zoned
from coliseum.pages.forms import RefusableForm
from coliseum.pages.markdown import to_html
from coliseum.pages.methods import require_form, require_POST, require_safe
from coliseum.pages.parameters import known_slug
from coliseum.pages.retelling import alert_of
from coliseum.pages.rows import Row, moment
from coliseum.pages.wizard_words import CHOICES
from workers.refusals import RefusedError


class JoinForm(RefusableForm):
    """Accepting the rules, as they were shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, max_value=2**31)
    invitation = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    note = forms.CharField(
        label=gettext_lazy("What the host should know about you"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Only the hosts read it."),
    )
    rules = forms.BooleanField(
        label=gettext_lazy("I have read this and agree to it"),
        error_messages={
            "required": gettext_lazy("Accept the rules to join. [competition.not_joined]"),
        },
    )


@login_required
@require_form
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what one agrees to by joining, or join."""
    user = cast(User, request.user)
    wanted = competition_for(known_slug(slug), user)
    if request.method != "POST":
        return _join_page(request, wanted)
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _join_page(request, wanted, form=form, status=400)
    said = form.cleaned_data
    try:
        if wanted.eligibility == Eligibility.APPROVAL:
            done: Entry | JoinRequest = ask_to_join(
                competition=wanted, user=user, note=said["note"], version=said["version"]
            )
        else:
            done = enter_competition(
                competition=wanted, user=user, invitation=said["invitation"], version=said["version"]
            )
    except RefusedError as error:
        return _join_page(request, wanted, form=form, error=error, status=error.status)
    if isinstance(done, JoinRequest):
        messages.success(request, _("Your request is with the host of %(title)s.") % {"title": wanted.title})
        return redirect("join", slug=wanted.slug)
    messages.success(request, _("You are in %(title)s. Submit your first agent.") % {"title": wanted.title})
    return redirect("submit", slug=wanted.slug)


def _join_page(
    request: HttpRequest,
    competition: Competition,
    *,
    form: JoinForm | None = None,
    error: RefusedError | None = None,
    status: int = 200,
) -> HttpResponse:
    user = cast(User, request.user)
    current, accepted = current_rules(competition), accepted_rules(competition, user)
    entry = entry_of(competition, user)
    asked = request_of(competition, user)
    invitation = request.GET.get("invitation", "")[:64] or (form.data.get("invitation", "") if form else "")
    barred = None if entry else _barred(competition, user, invitation)
    first = {"version": current.number, "invitation": invitation}
    # After a change of the rules the form is shown anew, for the version that is read now.
    is_stale = error is not None and error.code == "competition.rules_changed"
    shown = form if form and not is_stale else JoinForm(initial=first)
    asks = competition.eligibility == Eligibility.APPROVAL and barred is None and not entry
    if not asks:
        del shown.fields["note"]
    context = frame(request, competition, "submit") | {
        "entry": entry,
        "asked": _request_row(asked),
        "barred": barred,
        "error": alert_of(error),
        "form": shown,
        "asks": asks,
        "is_accepted": bool(accepted and accepted.version.number == current.number),
        "rules": to_html(current.text),
        "version": _version_row(current),
        "visibility": visibility_lines(competition),
        "who": who_line(competition),
        "opens": zoned(competition, competition.opens_at),
        "submit_label": _("Ask to join") if asks else _("Agree and join"),
    }
    return render(request, "competitions/join.html", context, status=status)


def _barred(competition: Competition, user: User, invitation: str) -> RefusedError | None:
    """Return why this person cannot join now; that a host has to be asked is no reason."""
    try:
        check_joinable(competition)
        check_eligible(competition, user, invitation)
    except RefusedError as error:
        is_first = error.code == "competition.needs_approval" and not error.values
        return None if is_first else error
    return None


def _request_row(asked: JoinRequest | None) -> Row | None:
    if asked is None:
        return None
    return {"state": asked.state, "note": asked.note, "at": moment(asked.asked_at)}


def _version_row(version: RulesVersion) -> Row:
    text = f"{version.made_at:%Y-%m-%d %H:%M} UTC"
    return {"number": version.number, "at": moment(version.made_at), "text": text}


def who_line(competition: Competition) -> str:
    """Return in a sentence who may join."""
    told = lists_of(competition)
    lines = {
        Eligibility.OPEN: _("Everybody with an account may join."),
        Eligibility.INVITED: _("Only people its host has invited may join."),
        Eligibility.DOMAIN: _("Only people with a confirmed e-mail address of %(domains)s may join.")
        % {"domains": ", ".join(told["domains"])},
        Eligibility.APPROVAL: _("Its host decides who may join: you ask here, and the answer is shown here."),
    }
    return lines[Eligibility(competition.eligibility)]


def visibility_lines(competition: Competition) -> list[str]:
    """Return in plain words who sees what of those who take part."""
    replays = {
        "public": _("Replays of your agent's matches are seen by everybody."),
        "participants": _("Replays of your agent's matches are seen by everybody who has joined."),
        "after_close": _(
            "Until the competition is closed, the teams of a match alone see its replays; then everybody."
        ),
    }
    code = {
        "never": _("Your agent's code is seen by your team only, never by others, and not by the host."),
        "after_close": _(
            "Your agent's code is seen by your team only until the competition is closed; then everybody may "
            "download every agent that passed validation."
        ),
    }
    return [
        code[competition.code],
        replays[competition.replays],
        _("Logs of your agent are seen by your team only."),
        _("Your name, your team's name, results, ratings and outcomes are seen by everybody."),
    ]


@require_safe
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the rules in force, who sees what, and exactly what changed since one agreed to them."""
    return _rules_page(request, competition_for(known_slug(slug), request.user))


@login_required
@require_POST
def accept(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept the rules again, as they were shown."""
    user = cast(User, request.user)
    wanted = competition_for(known_slug(slug), user)
    if entry_of(wanted, user) is None:
        raise RefusedError("competition.not_joined")
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _rules_page(request, wanted, form=form, status=400)
    try:
        accept_rules(competition=wanted, user=user, number=form.cleaned_data["version"])
    except RefusedError as error:
        return _rules_page(request, wanted, error=error, status=error.status)
    messages.success(request, _("Accepted. You can submit."))
    return redirect("rules", slug=wanted.slug)


def _rules_page(
    request: HttpRequest,
    competition: Competition,
    *,
    form: JoinForm | None = None,
    error: RefusedError | None = None,
    status: int = 200,
) -> HttpResponse:
    current = current_rules(competition)
    accepted = accepted_rules(competition, request.user)
    entry = entry_of(competition, request.user)
    waits = bool(entry) and (accepted is None or accepted.version.number != current.number)
    again = form or JoinForm(initial={"version": current.number})
    del again.fields["note"]
    context = frame(request, competition, "rules") | {
        "rules": to_html(current.text),
        "texts": _texts(competition),
        "version": _version_row(current),
        "visibility": visibility_lines(competition),
        "who": who_line(competition),
        "entry": entry,
        "accepted": _acceptance_row(accepted, current),
        "changes": _changes(accepted, current) if waits and accepted else None,
        "waits": waits,
        "form": again,
        "error": alert_of(error),
        "history": _history(request, competition, current),
        "join_url": reverse("join", args=[competition.slug]),
    }
    return render(request, "competitions/rules.html", context, status=status)


def _texts(competition: Competition) -> list[Row]:
    """Return the pages beside the rules: evaluation, prizes, questions."""
    texts = (
        (_("Evaluation"), competition.evaluation),
        (_("Prizes"), competition.prizes),
        (_("Questions"), competition.faq),
    )
    return [{"title": title, "html": to_html(text)} for title, text in texts if text]


def _acceptance_row(accepted: Acceptance | None, current: RulesVersion) -> Row | None:
    if accepted is None:
        return None
    return {
        "number": accepted.version.number,
        "is_current": accepted.version.number == current.number,
        "at": moment(accepted.accepted_at),
        "text": f"{accepted.accepted_at:%Y-%m-%d %H:%M} UTC",
    }


def _changes(accepted: Acceptance, current: RulesVersion) -> Row:
    return changes_row(accepted.version, current)


def changes_row(before: RulesVersion, after: RulesVersion) -> Row:
    """Return what changed between two versions: lines in pieces, and who sees what."""
    terms = []
    for name in changed_terms(before, after):
        words = CHOICES[f"reveal.{name}"]
        was, now = (words.get(str(each.terms.get(name)), "") for each in (before, after))
        label = _("Who sees replays") if name == "replays" else _("Who may download agents")
        terms.append({"label": label, "was": was, "now": now})
    lines = changes_between(before.text, after.text) if before.text != after.text else []
    return {
        "since": before.number,
        "lines": [[{"kind": piece.kind, "text": piece.text} for piece in line] for line in lines],
        "terms": terms,
    }


def _history(request: HttpRequest, competition: Competition, current: RulesVersion) -> list[Row]:
    """Return the earlier versions, the latest first, each with what became of it."""
    versions = list(competition.rules_versions.order_by("-number")[:10])
    rows = []
    for after, before in pairwise(versions):
        rows.append(_version_row(after) | {"changes": changes_row(before, after)})
    return rows
