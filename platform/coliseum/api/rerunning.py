"""What hosts do with several matches at once: void, restore, play again."""

from django.http import HttpRequest
from ninja import Router

from coliseum.accounts.models import Scope
from coliseum.api.callers import needs
from coliseum.api.match_schemas import Acted
from coliseum.api.paging import is_id
from coliseum.api.seen import hosted_competition, id_or_nothing, user_of
from coliseum.api.taken import MatchAct
from coliseum.league.conductor import on_rerun
from coliseum.matches.reruns import choose, chosen_matches, count_matches, rerun_matches

router = Router(tags=["hosting"])


@router.post("/{slug}/matches/act", response=Acted, auth=needs(Scope.HOST), operation_id="act_on_matches")
def act_on(request: HttpRequest, slug: str, body: MatchAct) -> Acted:
    """Void, restore or play again up to 500 league matches, by id or all of one agent; for hosts.

    With `is_preview` nothing happens: the answer says what it would be done with.
    """
    competition, user = hosted_competition(request, slug), user_of(request)
    submission = id_or_nothing("submission", body.submission)
    ids = [each for each in body.matches if is_id(each)]
    chosen = choose(body.act, chosen_matches(competition, match_ids=ids, submission=submission))
    done = [match.pk for match in chosen.fit]
    if body.is_preview:
        return Acted(done=done, unfit=chosen.unfit, is_preview=True)
    if body.act == "rerun":
        made = rerun_matches(competition=competition, matches=chosen.fit, actor=user, reason=body.reason)
        on_rerun(competition)
        return Acted(done=[match.pk for match in made], unfit=chosen.unfit, is_preview=False)
    is_counted = body.act == "restore"
    count_matches(
        competition=competition, matches=chosen.fit, counted=is_counted, actor=user, reason=body.reason
    )
    on_rerun(competition)
    return Acted(done=done, unfit=chosen.unfit, is_preview=False)
