"""Webhooks: the caller's own, and those of a competition he hosts, with the log of what was sent."""

from django.http import HttpRequest
from ninja import Query, Router, Status

from coliseum.accounts.models import Scope
from coliseum.api.callers import check_competition, needs
from coliseum.api.notice_schemas import DeliveryPage, DeliveryRow, WebhookList, WebhookMade, WebhookRow
from coliseum.api.paging import Paging, is_id, page
from coliseum.api.seen import hosted_competition, user_of
from coliseum.api.taken import NewWebhook
from coliseum.competitions.models import Competition
from coliseum.notices.hooks import drop_webhook, ping, register_webhook, secret_of, send_again, switch_on
from coliseum.notices.models import Delivery, Webhook
from coliseum.notices.queries import delivery_of, webhooks_of
from workers.refusals import RefusedError

router = Router(tags=["notices"])
_READ, _SUBMIT, _HOST = needs(Scope.READ), needs(Scope.SUBMIT), needs(Scope.HOST)
_OWN, _OURS = "/me/webhooks", "/competitions/{slug}/webhooks"
_ONE, _ONE_OF_OURS = f"{_OWN}/{{webhook_id}}", f"{_OURS}/{{webhook_id}}"
_AGAIN = "/deliveries/{delivery_id}/again"


@router.get(_OWN, response=WebhookList, auth=_READ, operation_id="list_webhooks")
def own(request: HttpRequest) -> WebhookList:
    """List the caller's webhooks; each gets what he is told."""
    return _listed(request, None)


@router.post(_OWN, response={201: WebhookMade}, auth=_SUBMIT, operation_id="create_webhook")
def create(request: HttpRequest, body: NewWebhook) -> Status[WebhookMade]:
    """Have an https address told what the caller is told; the answer holds the secret, this once."""
    return _made(request, None, body.url)


@router.delete(_ONE, response={204: None}, auth=_SUBMIT, operation_id="delete_webhook")
def delete(request: HttpRequest, webhook_id: str) -> Status[None]:
    """Remove a webhook with its log."""
    drop_webhook(webhook=_found(request, None, webhook_id))
    return Status(204, None)


@router.post(f"{_ONE}/ping", response={202: DeliveryRow}, auth=_SUBMIT, operation_id="ping_webhook")
def send_ping(request: HttpRequest, webhook_id: str) -> Status[DeliveryRow]:
    """Send a webhook a message that says nothing; once a minute, however often it is asked for."""
    return Status(202, _delivery(ping(webhook=_found(request, None, webhook_id))))


@router.post(f"{_ONE}/on", response=WebhookRow, auth=_SUBMIT, operation_id="switch_webhook_on")
def on(request: HttpRequest, webhook_id: str) -> WebhookRow:
    """Send to a webhook again that was switched off because it failed for days."""
    return _switched_on(request, None, webhook_id)


@router.get(f"{_ONE}/deliveries", response=DeliveryPage, auth=_READ, operation_id="list_deliveries")
def deliveries(request: HttpRequest, webhook_id: str, paging: Query[Paging]) -> DeliveryPage:
    """List what was sent to a webhook in the last 90 days, newest first, and how it went."""
    return _log(request, _found(request, None, webhook_id), paging)


@router.post(f"{_ONE}{_AGAIN}", response={202: DeliveryRow}, auth=_SUBMIT, operation_id="redeliver")
def again(request: HttpRequest, webhook_id: str, delivery_id: str) -> Status[DeliveryRow]:
    """Send a message once more, with the same id."""
    return _sent_again(_found(request, None, webhook_id), delivery_id)


@router.get(_OURS, response=WebhookList, auth=_HOST, operation_id="list_host_webhooks")
def ours(request: HttpRequest, slug: str) -> WebhookList:
    """List the webhooks of a competition, whoever registered them; for hosts."""
    return _listed(request, hosted_competition(request, slug))


@router.post(_OURS, response={201: WebhookMade}, auth=_HOST, operation_id="create_host_webhook")
def create_ours(request: HttpRequest, slug: str, body: NewWebhook) -> Status[WebhookMade]:
    """Have an https address told the news of a competition; the answer holds the secret, this once."""
    return _made(request, hosted_competition(request, slug), body.url)


@router.delete(_ONE_OF_OURS, response={204: None}, auth=_HOST, operation_id="delete_host_webhook")
def delete_ours(request: HttpRequest, slug: str, webhook_id: str) -> Status[None]:
    """Remove a webhook of a competition with its log; for hosts."""
    drop_webhook(webhook=_found(request, hosted_competition(request, slug), webhook_id))
    return Status(204, None)


@router.post(
    f"{_ONE_OF_OURS}/ping", response={202: DeliveryRow}, auth=_HOST, operation_id="ping_host_webhook"
)
def ping_ours(request: HttpRequest, slug: str, webhook_id: str) -> Status[DeliveryRow]:
    """Send a competition's webhook a message that says nothing; for hosts."""
    found = _found(request, hosted_competition(request, slug), webhook_id)
    return Status(202, _delivery(ping(webhook=found)))


@router.post(f"{_ONE_OF_OURS}/on", response=WebhookRow, auth=_HOST, operation_id="switch_host_webhook_on")
def ours_on(request: HttpRequest, slug: str, webhook_id: str) -> WebhookRow:
    """Send to a competition's webhook again that was switched off; for hosts."""
    return _switched_on(request, hosted_competition(request, slug), webhook_id)


@router.get(
    f"{_ONE_OF_OURS}/deliveries", response=DeliveryPage, auth=_HOST, operation_id="list_host_deliveries"
)
def deliveries_of_ours(
    request: HttpRequest, slug: str, webhook_id: str, paging: Query[Paging]
) -> DeliveryPage:
    """List what was sent to a competition's webhook, newest first; for hosts."""
    return _log(request, _found(request, hosted_competition(request, slug), webhook_id), paging)


@router.post(
    f"{_ONE_OF_OURS}{_AGAIN}", response={202: DeliveryRow}, auth=_HOST, operation_id="redeliver_for_host"
)
def again_for_us(request: HttpRequest, slug: str, webhook_id: str, delivery_id: str) -> Status[DeliveryRow]:
    """Send a message to a competition's webhook once more; for hosts."""
    return _sent_again(_found(request, hosted_competition(request, slug), webhook_id), delivery_id)


def _found(request: HttpRequest, competition: Competition | None, webhook_id: str) -> Webhook:
    """Return one of the caller's webhooks, or of a competition's."""
    if competition is None:
        check_competition(request, "")
    chosen = webhook_id if is_id(webhook_id) else ""
    found = webhooks_of(user_of(request), competition).filter(pk=chosen).first()
    if found is None:
        raise RefusedError("not_found", kind="webhook", id=webhook_id)
    return found


def _listed(request: HttpRequest, competition: Competition | None) -> WebhookList:
    if competition is None:
        check_competition(request, "")
    found = webhooks_of(user_of(request), competition).select_related("user", "competition")
    return WebhookList(items=[_row(each) for each in found])


def _made(request: HttpRequest, competition: Competition | None, url: str) -> Status[WebhookMade]:
    made = register_webhook(user=user_of(request), url=url, competition=competition)
    return Status(201, WebhookMade(**_row(made).model_dump(), secret=secret_of(made)))


def _switched_on(request: HttpRequest, competition: Competition | None, webhook_id: str) -> WebhookRow:
    switch_on(webhook=_found(request, competition, webhook_id))
    return _row(_found(request, competition, webhook_id))


def _log(request: HttpRequest, webhook: Webhook, paging: Paging) -> DeliveryPage:
    rows, after = page(request, webhook.deliveries.all(), paging)
    return DeliveryPage(items=[_delivery(each) for each in rows], next=after)


def _sent_again(webhook: Webhook, delivery_id: str) -> Status[DeliveryRow]:
    if not is_id(delivery_id):
        raise RefusedError("not_found", kind="delivery", id=delivery_id)
    send_again(webhook=webhook, delivery=delivery_of(webhook, delivery_id))
    return Status(202, _delivery(delivery_of(webhook, delivery_id)))


def _row(webhook: Webhook) -> WebhookRow:
    state = "off" if webhook.switched_off_at else "failing" if webhook.failing_since else "working"
    return WebhookRow(
        id=webhook.pk,
        competition=webhook.competition.slug if webhook.competition else None,
        url=webhook.url,
        by=webhook.user.username,
        state=state,
        made_at=webhook.made_at,
        failing_since=webhook.failing_since,
        switched_off_at=webhook.switched_off_at,
    )


def _delivery(delivery: Delivery) -> DeliveryRow:
    return DeliveryRow.from_orm(delivery)
