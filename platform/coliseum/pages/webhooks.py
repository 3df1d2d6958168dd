"""Webhooks: a person's own and a competition's, with the log of what was sent."""

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
from coliseum.competitions.models import Competition
from coliseum.notices.hooks import drop_webhook, ping, register_webhook, secret_of, send_again, switch_on
from coliseum.notices.models import Delivery, DeliveryState, Webhook
from coliseum.notices.queries import delivery_of, webhook_for, webhooks_of
from coliseum.notices.targets import MOST_CHARACTERS
from coliseum.pages.forms import RefusableForm
from coliseum.pages.host_frame import console_frame
from coliseum.pages.hosting import hosted
from coliseum.pages.methods import require_form, require_POST, require_safe
from coliseum.pages.once import once
from coliseum.pages.paging import by_id
from coliseum.pages.parameters import known_id, known_only
from coliseum.pages.rows import Row, moment
from coliseum.pages.wording import ago, took, until
from workers.refusals import RefusedError

_WORDS = {
    DeliveryState.WAITING: "waiting",
    DeliveryState.DELIVERED: "ready",
    DeliveryState.FAILED: "failed",
}


class WebhookForm(RefusableForm):
    """A new webhook."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=MOST_CHARACTERS,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=gettext_lazy("https, on port 443, in the public network."),
    )


@login_required
@once
@require_form
def webhooks(request: HttpRequest) -> HttpResponse:
    """Show a person's webhooks; register one and show its secret this once."""
    return _listing(request, None, {"action": reverse("webhooks")}, "notices/webhooks.html")


@login_required
@once
@require_form
def host_webhooks(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a competition's webhooks to its hosts; register one."""
    wanted = hosted(request, slug)
    context = console_frame(request, wanted, "host-webhooks")
    context["action"] = reverse("host-webhooks", args=[wanted.slug])
    return _listing(request, wanted, context, "hosting/webhooks.html")


def _listing(
    request: HttpRequest, competition: Competition | None, context: Row, template: str
) -> HttpResponse:
    known_only(request, ())
    user, form, secret, status = cast(User, request.user), WebhookForm(), "", 200
    if request.method == "POST":
        form, status = WebhookForm(request.POST), 400
        if form.is_valid():
            try:
                made = register_webhook(user=user, url=form.cleaned_data["url"], competition=competition)
                form, secret, status = WebhookForm(), secret_of(made), 201
            except RefusedError as error:
                form.refuse(error)
                status = error.status
    context |= {
        "form": form,
        "secret": secret,
        "webhooks": [_row(each) for each in webhooks_of(user, competition)],
    }
    return _private(render(request, template, context, status=status))


def _row(webhook: Webhook) -> Row:
    state, word = _("working"), "ready"
    if webhook.switched_off_at:
        state, word = _("switched off"), "failed"
    elif webhook.failing_since:
        state, word = _("failing"), "waiting"
    return {
        "id": webhook.pk,
        "url": webhook.url,
        "page": reverse("webhook", args=[webhook.pk]),
        "state": state,
        "word": word,
        "since": ago(webhook.made_at),
        "by": webhook.user.username if webhook.competition_id else "",
    }


@login_required
@require_safe
def webhook(request: HttpRequest, webhook_id: str) -> HttpResponse:
    """Show what was sent to a webhook, newest first."""
    known_only(request, ("older", "newer"))
    found = webhook_for(known_id("webhook", webhook_id), cast(User, request.user))
    rows, pagination = by_id(request, found.deliveries.order_by("-id"), per_page=30)
    act = reverse("webhook-act", args=[found.pk])
    context = {
        "webhook": _row(found) | {"is_off": found.switched_off_at is not None},
        "act": act,
        "back": _home_of(found),
        "deliveries": [_delivery_row(each) for each in rows],
        "pagination": pagination,
        "remove": {
            "key": "remove",
            "button": _("Remove"),
            "title": _("Remove this webhook?"),
            "text": _("Nothing is sent to it any more, and its log is gone."),
            "action": act,
            "slug": "remove",
            "submit_label": _("Remove it"),
            "hidden": {"act": "remove"},
        },
    }
    return _private(render(request, "notices/webhook.html", context))


def _delivery_row(each: Delivery) -> Row:
    return {
        "id": each.pk,
        "kind": each.kind,
        "word": _WORDS[DeliveryState(each.state)],
        "state": DeliveryState(each.state).label,
        "when": ago(each.tried_at or each.made_at),
        "when_at": moment(each.tried_at or each.made_at),
        "next": until(each.next_at),
        "tries": each.tries,
        "status": each.status,
        "problem": each.problem,
        "answer": each.answer,
        "took": took(each.seconds) if each.tries else "",
        "is_over": each.state != DeliveryState.WAITING,
    }


@login_required
@require_POST
def act(request: HttpRequest, webhook_id: str) -> HttpResponse:
    """Ping a webhook, send a message again, switch it on, or remove it."""
    found = webhook_for(known_id("webhook", webhook_id), cast(User, request.user))
    wanted = request.POST.get("act", "")
    if wanted == "ping":
        ping(webhook=found)
        messages.success(request, _("A ping is on its way. It stands in the log in a few seconds."))
    elif wanted == "again":
        delivery = delivery_of(found, known_id("delivery", request.POST.get("delivery", "")))
        send_again(webhook=found, delivery=delivery)
        messages.success(request, _("It is sent once more."))
    elif wanted == "on":
        switch_on(webhook=found)
        messages.success(request, _("It is switched on."))
    elif wanted == "remove":
        return _removed(request, found)
    else:
        raise RefusedError(
            "request.bad_field", name="act", wanted="ping, again, on or remove", found=wanted, field="act"
        )
    return redirect("webhook", found.pk)


def _removed(request: HttpRequest, webhook: Webhook) -> HttpResponse:
    if request.POST.get("confirm", "").strip() != "remove":
        raise RefusedError("request.bad_field", name="confirm", wanted="remove", field="confirm")
    home = _home_of(webhook)
    drop_webhook(webhook=webhook)
    messages.success(request, _("The webhook is gone."))
    return redirect(home)


def _home_of(webhook: Webhook) -> str:
    if webhook.competition is None:
        return reverse("webhooks")
    return reverse("host-webhooks", args=[webhook.competition.slug])


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
