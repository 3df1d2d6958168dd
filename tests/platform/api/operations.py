"""Every operation of the API: its scope, what it is sent, and what it answers to whom."""

import json
from typing import Any, NamedTuple

from django.http import HttpResponse

from tests.platform.api.conftest import Caller
from tests.workers.hosting.files import HEAD
from tests.workers.zips import AGENT

PEOPLE = ("nobody", "eve", "bob", "ann", "host", "other", "staff")
"""An outsider, a team-mate, the owner, the host of this competition and of another one, an administrator."""


class Operation(NamedTuple):
    """One operation."""

    method: str
    path: str
    scope: str
    """That a token needs; empty where everybody is let in."""
    statuses: tuple[int, ...]
    """In the order of PEOPLE, each with a token of all scopes."""
    body: dict[str, Any] | None = None


def answering(status: int, statuses: tuple[int, ...]) -> tuple[int, ...]:
    """Return what is answered to whom where it is not 200 that tells success."""
    return tuple(status if each == 200 else each for each in statuses)


RECEIVER = "https://hooks.example/in"
EVERYBODY = (200,) * len(PEOPLE)
SIGNED_IN = (401, 200, 200, 200, 200, 200, 200)
HOSTS = (401, 403, 403, 403, 200, 403, 200)
MAKES = (401, 403, 403, 403, 201, 403, 201)
OWNERS = (401, 404, 200, 200, 403, 404, 403)
TOO_EARLY = (401, 403, 403, 403, 409, 403, 409)
NO_SUCH_THING = (401, 403, 403, 403, 404, 403, 404)
NOBODYS = (401, *(403,) * 6)
CAPTAINS = (401, 200, 403, 200, 403, 403, 403)
ANNS = (401, 404, 404, 200, 404, 404, 404)
SOON = "2090-01-01T00:00:00Z"
WHY = {"reason": "because"}

_C = "/competitions/{slug}"
_S = "/submissions/{submission_id}"
_M = "/matches/{match_id}"
_T = "/tournaments/{tournament_id}"
_W, _H = "/me/webhooks/{webhook_id}", f"{_C}/webhooks/{{host_webhook_id}}"
_N = f"{_C}/announcements/{{announcement_id}}"

TABLE = {
    "list_competitions": Operation("get", "/competitions", "", EVERYBODY),
    "create_competition": Operation(
        "post",
        "/competitions",
        "host",
        (401, 403, 403, 403, 201, 201, 201),
        {"slug": "made-here", "title": "Made", "arena": "connect_four-v3"},
    ),
    "get_competition": Operation("get", _C, "", EVERYBODY),
    "change_competition": Operation("patch", _C, "host", HOSTS, {"title": "Renamed"}),
    "get_competition_file": Operation("get", f"{_C}/competition.toml", "read", HOSTS),
    "put_competition_file": Operation("put", f"{_C}/competition.toml", "host", HOSTS),
    "list_acts": Operation("get", f"{_C}/log", "", EVERYBODY),
    "get_rules": Operation("get", f"{_C}/rules", "", EVERYBODY),
    "accept_rules": Operation("post", f"{_C}/rules/accept", "submit", SIGNED_IN),
    "join_competition": Operation("post", f"{_C}/join", "submit", SIGNED_IN, {"version": 1}),
    "list_entries": Operation("get", f"{_C}/entries", "", EVERYBODY),
    "list_join_requests": Operation("get", f"{_C}/requests", "host", HOSTS),
    "answer_join_request": Operation(
        "post", f"{_C}/requests/{{number}}/answer", "host", NO_SUCH_THING, {"lets_in": True}
    ),
    "list_announcements": Operation("get", f"{_C}/announcements", "", EVERYBODY),
    "announce": Operation(
        "post", f"{_C}/announcements", "host", MAKES, {"title": "News", "text": "It rains."}
    ),
    "get_announcement": Operation("get", _N, "", EVERYBODY),
    "change_announcement": Operation("put", _N, "host", HOSTS, {"title": "News", "text": "It shines."}),
    "withdraw_announcement": Operation("post", f"{_N}/withdraw", "host", HOSTS, WHY),
    "get_leaderboard": Operation("get", f"{_C}/leaderboard", "", EVERYBODY),
    "get_past_leaderboard": Operation("get", f"{_C}/leaderboard/days/2026-11-20", "", EVERYBODY),
    "list_plots": Operation("get", f"{_C}/plots", "", EVERYBODY),
    "get_plot": Operation("get", f"{_C}/plots/ladder", "", EVERYBODY),
    "get_ledger": Operation("get", f"{_C}/ledger", "", EVERYBODY),
    "list_phases": Operation("get", f"{_C}/phases", "", EVERYBODY),
    "get_phase": Operation("get", f"{_C}/phases/public-1", "", EVERYBODY),
    "name_finalists": Operation(
        "post", f"{_C}/phases/public-1/finalists", "submit", NOBODYS, {"submissions": []}
    ),
    "withdraw_contender": Operation(
        "post",
        f"{_C}/phases/public-1/withdraw",
        "submit",
        (401, *(404,) * 6),
        {"submission": "{submission_id}", **WHY},
    ),
    "renew_invitation": Operation("post", f"{_C}/invitation", "host", TOO_EARLY),
    "get_team": Operation("get", "/teams/{own_team_id}", "", EVERYBODY),
    "accept_invitation": Operation("post", "/teams/join", "submit", SIGNED_IN, {"invitation": "{secret}"}),
    "invite": Operation("post", f"{_C}/team/invitation", "submit", (401, 201, 403, 201, 403, 403, 403)),
    "revoke_invitation": Operation(
        "delete", f"{_C}/team/invitation", "submit", (401, 204, 403, 204, 403, 403, 403)
    ),
    "rename_team": Operation("post", f"{_C}/team/name", "submit", CAPTAINS, {"name": "Five"}),
    "make_captain": Operation(
        "post", f"{_C}/team/captain", "submit", (401, 404, 403, 200, 403, 403, 403), {"member": "bob"}
    ),
    "remove_member": Operation(
        "post", f"{_C}/team/remove", "submit", (401, 404, 403, 200, 403, 403, 403), {"member": "bob"}
    ),
    "leave_team": Operation("post", f"{_C}/team/leave", "submit", (401, 409, 204, 204, 403, 403, 403)),
    "list_follows": Operation("get", "/me/follows", "read", SIGNED_IN),
    "follow": Operation("post", "/me/follows", "submit", SIGNED_IN, {"topic": "competition:c4"}),
    "unfollow": Operation("post", "/me/follows/end", "submit", SIGNED_IN, {"topic": "competition:c4"}),
    "list_exports": Operation("get", f"{_C}/export", "", EVERYBODY),
    "export_table": Operation("get", f"{_C}/export/matches", "", EVERYBODY),
    "move_competition": Operation("post", f"{_C}/state", "host", HOSTS, {"state": "paused"}),
    "disqualify_team": Operation("post", f"{_C}/disqualify", "host", HOSTS, {"team": "{team_id}", **WHY}),
    "reinstate_team": Operation("post", f"{_C}/reinstate", "host", HOSTS, {"team": "{team_id}", **WHY}),
    "enter_baselines": Operation("post", f"{_C}/baselines", "host", MAKES),
    "calibrate": Operation("post", f"{_C}/calibration", "host", HOSTS),
    "get_figures": Operation("get", f"{_C}/figures", "host", HOSTS),
    "get_integrity": Operation("get", f"{_C}/integrity", "host", HOSTS),
    "close_season": Operation("post", f"{_C}/season/close", "host", HOSTS, {}),
    "open_season": Operation("post", f"{_C}/season/open", "host", TOO_EARLY),
    "announce_final": Operation("post", f"{_C}/final", "host", MAKES, {"naming_ends_at": SOON}),
    "move_final_deadline": Operation(
        "post", f"{_C}/final/deadline", "host", TOO_EARLY, {"naming_ends_at": SOON}
    ),
    "cancel_final": Operation("post", f"{_C}/final/cancel", "host", TOO_EARLY, WHY),
    "declare_final": Operation("post", f"{_C}/final/declare", "host", TOO_EARLY, WHY),
    "get_panel": Operation("get", f"{_C}/panel", "host", HOSTS),
    "set_role": Operation(
        "post", f"{_C}/panel/role", "host", NOBODYS, {"submission": "{submission_id}", "role": "holdout"}
    ),
    "check_against_panel": Operation("post", f"{_C}/panel/check", "host", TOO_EARLY),
    "act_on_matches": Operation(
        "post", f"{_C}/matches/act", "host", HOSTS, {"act": "void", "matches": ["{match_id}"], **WHY}
    ),
    "submit": Operation("post", f"{_C}/submissions", "submit", (401, 201, 403, 201, 403, 403, 403)),
    "rehearse": Operation("post", f"{_C}/rehearsals", "submit", (401, 201, 403, 201, 403, 403, 403)),
    "list_submissions": Operation("get", "/submissions", "read", SIGNED_IN),
    "get_submission": Operation("get", _S, "", EVERYBODY),
    "get_package": Operation("get", f"{_S}/package", "read", (401, 404, 200, 200, 404, 404, 404)),
    # Nothing was validated here, so that there is nothing to play again.
    "get_reproduction": Operation("get", f"{_S}/reproduction", "read", (401, *(404,) * 6)),
    "list_versions": Operation("get", f"{_S}/versions", "", EVERYBODY),
    "activate_submission": Operation("post", f"{_S}/activate", "submit", OWNERS),
    "deactivate_submission": Operation("post", f"{_S}/deactivate", "submit", OWNERS),
    "roll_back": Operation("post", f"{_S}/roll-back", "submit", OWNERS),
    "retry_submission": Operation("post", f"{_S}/retry", "submit", (401, 404, 409, 409, 403, 404, 403)),
    "exploit": Operation("post", f"{_S}/exploit", "submit", OWNERS, {"target": "{rival_id}"}),
    "change_note": Operation("put", f"{_S}/note", "submit", OWNERS, {"note": "deeper"}),
    "get_agent": Operation("get", "/agents/{submission_id}", "", EVERYBODY),
    "list_agent_ratings": Operation("get", "/agents/{submission_id}/history", "", EVERYBODY),
    "list_agent_opponents": Operation("get", "/agents/{submission_id}/opponents", "", EVERYBODY),
    "compare_agents": Operation("get", f"{_C}/versus?a={{submission_id}}&b={{rival_id}}", "", EVERYBODY),
    "list_exploits": Operation("get", f"{_C}/exploits", "", EVERYBODY),
    "list_matches": Operation("get", f"{_C}/matches", "", EVERYBODY),
    "list_all_matches": Operation("get", "/matches", "", EVERYBODY),
    "get_match": Operation("get", _M, "", EVERYBODY),
    "get_replay": Operation("get", f"{_M}/replay", "", EVERYBODY),
    "count_match": Operation("post", f"{_M}/count", "host", HOSTS, {"counted": False, **WHY}),
    "run_match_again": Operation("post", f"{_M}/again", "host", (401, 403, 403, 403, 403, 403, 409)),
    "get_trajectory": Operation("get", f"{_M}/episodes/0/trajectory", "", EVERYBODY),
    "get_pictures": Operation("get", f"{_M}/episodes/0/pictures", "", EVERYBODY),
    "make_pictures": Operation("post", f"{_M}/episodes/0/pictures", "read", (401, *(202,) * 6)),
    "list_tournaments": Operation("get", f"{_C}/tournaments", "", EVERYBODY),
    "create_tournament": Operation(
        "post", f"{_C}/tournaments", "host", MAKES, {"title": "Cup", "format": "swiss"}
    ),
    "get_tournament": Operation("get", _T, "", EVERYBODY),
    "change_tournament": Operation("put", _T, "host", HOSTS, {"title": "Cup", "format": "round_robin"}),
    "preview_tournament": Operation("get", f"{_T}/preview", "host", HOSTS),
    "start_tournament": Operation("post", f"{_T}/start", "host", HOSTS),
    "pause_tournament": Operation("post", f"{_T}/pause", "host", TOO_EARLY, WHY),
    "resume_tournament": Operation("post", f"{_T}/resume", "host", TOO_EARLY),
    "release_results": Operation("post", f"{_T}/release", "host", TOO_EARLY, {"everything": True}),
    "withdraw_entrant": Operation(
        "post", f"{_T}/withdraw", "host", NO_SUCH_THING, {"submission": "x", **WHY}
    ),
    "cancel_tournament": Operation("post", f"{_T}/cancel", "host", HOSTS, WHY),
    "list_notices": Operation("get", "/me/notices", "read", SIGNED_IN),
    "read_notices": Operation("post", "/me/notices/read", "submit", SIGNED_IN, {}),
    "get_notice_ways": Operation("get", "/me/notices/ways", "read", SIGNED_IN),
    "change_notice_ways": Operation(
        "patch", "/me/notices/ways", "submit", SIGNED_IN, {"ways": {"rank": ["site"]}, "digest": "weekly"}
    ),
    "list_webhooks": Operation("get", "/me/webhooks", "read", SIGNED_IN),
    "create_webhook": Operation("post", "/me/webhooks", "submit", (401, *(201,) * 6), {"url": RECEIVER}),
    "delete_webhook": Operation("delete", _W, "submit", answering(204, ANNS)),
    "ping_webhook": Operation("post", f"{_W}/ping", "submit", answering(202, ANNS)),
    "switch_webhook_on": Operation("post", f"{_W}/on", "submit", ANNS),
    "list_deliveries": Operation("get", f"{_W}/deliveries", "read", ANNS),
    "redeliver": Operation("post", f"{_W}/deliveries/{{delivery_id}}/again", "submit", answering(202, ANNS)),
    "list_host_webhooks": Operation("get", f"{_C}/webhooks", "host", HOSTS),
    "create_host_webhook": Operation("post", f"{_C}/webhooks", "host", MAKES, {"url": RECEIVER}),
    "delete_host_webhook": Operation("delete", _H, "host", answering(204, HOSTS)),
    "ping_host_webhook": Operation("post", f"{_H}/ping", "host", answering(202, HOSTS)),
    "switch_host_webhook_on": Operation("post", f"{_H}/on", "host", HOSTS),
    "list_host_deliveries": Operation("get", f"{_H}/deliveries", "host", HOSTS),
    "redeliver_for_host": Operation(
        "post", f"{_H}/deliveries/{{host_delivery_id}}/again", "host", answering(202, HOSTS)
    ),
    "search": Operation("get", "/search?q=connect", "", EVERYBODY),
    "list_failures": Operation("get", f"{_C}/failures", "host", HOSTS),
    "write_to_rejected": Operation(
        "post",
        f"{_C}/failures/write",
        "host",
        MAKES,
        {"code": "crashed", "title": "News", "text": "It is mended."},
    ),
    "get_cost": Operation("get", f"{_C}/cost", "host", HOSTS),
    "get_citation": Operation("get", f"{_C}/citation", "host", HOSTS),
    "get_archive": Operation("get", f"{_C}/archive", "host", HOSTS),
    "set_forum": Operation("put", f"{_C}/forum", "host", HOSTS, {"url": "https://forum.example/c4"}),
    "change_profile": Operation("patch", "/me/profile", "submit", SIGNED_IN, {"bio": "I like towers."}),
    "start_export": Operation("post", "/me/exports", "submit", answering(202, SIGNED_IN)),
    "get_export": Operation("get", "/me/exports/{export_id}", "read", ANNS),
    "list_arenas": Operation("get", "/arenas", "", EVERYBODY),
    "get_arena": Operation("get", "/arenas/connect_four-v3", "", EVERYBODY),
    "get_arena_preview": Operation("get", "/arenas/connect_four-v3/preview", "", EVERYBODY),
    "get_me": Operation("get", "/me", "read", SIGNED_IN),
    "get_person": Operation("get", "/people/ann", "", EVERYBODY),
    "revoke_token": Operation("delete", "/me/token", "read", (401, *(204,) * 6)),
    "get_status": Operation("get", "/status", "", EVERYBODY),
}


def send(api: Caller, operation: Operation, things: dict[str, str]) -> HttpResponse:
    """Send what an operation takes."""
    address = operation.path.format(**things)
    if operation.path in {f"{_C}/submissions", f"{_C}/rehearsals"}:
        return api.upload(AGENT, slug=things["slug"], to=operation.path.rpartition("/")[2])
    if operation.path.endswith(".toml") and operation.method == "put":
        return api.put(address, HEAD.replace("spring-cup", "c4").encode())
    if operation.body is None:
        return api.call(operation.method, address)
    body = json.dumps(operation.body)
    for name, value in things.items():
        body = body.replace(f"{{{name}}}", value)
    return api.call(operation.method, address, body.encode())
