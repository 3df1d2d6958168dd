"""What the caller was told, and how he wants to be told."""

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router

from coliseum.accounts.models import Scope
from coliseum.api.callers import check_competition, needs
from coliseum.api.notice_schemas import NoticePage, NoticeRow, NoticesRead, NoticeWays
from coliseum.api.paging import Paging, is_id, page
from coliseum.api.seen import user_of
from coliseum.api.taken import NewWays, NoticeChoice
from coliseum.notices.models import Notice
from coliseum.notices.queries import notice_for, notices_of, preference_of, unread_count
from coliseum.notices.services import choose_ways, mark_read
from coliseum.notices.ways import CHOSEN_KINDS, WAYS, ways_of
from coliseum.notices.wording import text_of, title_of
from workers.refusals import RefusedError

router = Router(tags=["notices"])


@router.get("/me/notices", response=NoticePage, auth=needs(Scope.READ), operation_id="list_notices")
def notices(request: HttpRequest, paging: Query[Paging]) -> NoticePage:
    """List what the caller was told in the last 90 days, newest first."""
    check_competition(request, "")
    rows, after = page(request, notices_of(user_of(request)), paging)
    return NoticePage(items=[_row(each) for each in rows], next=after)


@router.post("/me/notices/read", response=NoticesRead, auth=needs(Scope.SUBMIT), operation_id="read_notices")
def read(request: HttpRequest, body: NoticeChoice) -> NoticesRead:
    """Note that one notice is read, or all of them."""
    user = user_of(request)
    if body.notice and not is_id(body.notice):
        raise RefusedError("not_found", kind="notice", id=body.notice)
    chosen = notice_for(body.notice, user) if body.notice else None
    return NoticesRead(read=mark_read(user=user, notice=chosen), unread=unread_count(user))


@router.get("/me/notices/ways", response=NoticeWays, auth=needs(Scope.READ), operation_id="get_notice_ways")
def ways(request: HttpRequest) -> NoticeWays:
    """Return how the caller is told of each kind of news."""
    check_competition(request, "")
    preference = preference_of(user_of(request))
    chosen = {kind.value: [*ways_of(preference.choices, kind)] for kind in CHOSEN_KINDS}
    return NoticeWays(ways=chosen, digest=preference.digest)


@router.patch(
    "/me/notices/ways", response=NoticeWays, auth=needs(Scope.SUBMIT), operation_id="change_notice_ways"
)
def change_ways(request: HttpRequest, body: NewWays) -> NoticeWays:
    """Choose how to be told: by kind, some of `site`, `mail` and `webhook`; what is left out stays."""
    kept = ways(request)
    for kind in body.ways:
        if kind not in kept.ways:
            wanted = f"some of {', '.join(kept.ways)}, with some of {', '.join(WAYS)} each"
            raise RefusedError("request.bad_field", name="ways", wanted=wanted, field="ways")
    choose_ways(user=user_of(request), choices={**kept.ways, **body.ways}, digest=body.digest or kept.digest)
    return ways(request)


def _row(notice: Notice) -> NoticeRow:
    return NoticeRow(
        id=notice.pk,
        kind=notice.kind,
        title=title_of(notice.kind, notice.facts),
        text=text_of(notice.kind, notice.facts),
        facts=notice.facts,
        url=settings.SITE_URL + notice.path,
        at=notice.at,
        read_at=notice.read_at,
    )
