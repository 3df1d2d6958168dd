"""Everything a page can do, a program can do: each address of the pages beside its operations, or why not."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver

from coliseum.api.urls import api as the_api
from coliseum.pages.urls import urlpatterns

OPERATIONS = {
    "home": "list_competitions list_all_matches",
    "mine": "list_submissions",
    "competitions": "list_competitions",
    "competition": "get_competition get_leaderboard",
    "rules": "get_rules",
    "rules-accept": "accept_rules",
    "leaderboard": "get_leaderboard list_exports export_table",
    "standings": "get_leaderboard",
    "plots": "list_plots get_plot",
    "ledger": "get_ledger",
    "competition-matches": "list_matches",
    "log": "list_acts",
    "versus": "compare_agents",
    "exploiters": "list_exploits",
    "tournaments": "list_tournaments",
    "tournament-new": "create_tournament",
    "tournament": "get_tournament preview_tournament",
    "tournament-course": "get_tournament",
    "tournament-change": "change_tournament",
    "tournament-act": "start_tournament pause_tournament resume_tournament release_results",
    "tournament-cancel": "cancel_tournament",
    "tournament-leave": "withdraw_entrant",
    "phases": "list_phases",
    "phase": "get_phase",
    "final-name": "name_finalists",
    "contender-withdraw": "withdraw_contender",
    "join": "join_competition",
    "submit": "submit",
    "announcements": "list_announcements",
    "announcement": "get_announcement",
    "host": "list_competitions",
    "host-console": "get_figures",
    "host-entries": "list_entries",
    "host-failures": "get_figures",
    "host-matches": "list_matches act_on_matches",
    "host-matches-act": "act_on_matches",
    "host-announcements": "announce change_announcement withdraw_announcement",
    "host-panel": "get_panel set_role check_against_panel",
    "host-phases": "list_phases",
    "host-phase-act": (
        "close_season open_season announce_final move_final_deadline cancel_final declare_final"
    ),
    "host-file": "get_competition_file",
    "host-from-file": "create_competition put_competition_file",
    "host-integrity": "get_integrity",
    "host-state": "move_competition",
    "host-edit": "change_competition put_competition_file",
    "host-requests": "list_join_requests",
    "host-answer": "answer_join_request",
    "host-renew": "renew_invitation",
    "host-baselines": "enter_baselines",
    "host-calibrate": "calibrate",
    "host-disqualify": "disqualify_team",
    "host-reinstate": "reinstate_team",
    "wizard": "create_competition",
    "submission": "get_submission",
    "submission-head": "get_submission",
    "checklist": "get_submission",
    "submission-package": "get_package",
    "submission-note": "change_note",
    "submission-activate": "activate_submission",
    "submission-deactivate": "deactivate_submission",
    "submission-roll-back": "roll_back",
    "submission-retry": "retry_submission",
    "submission-exploit": "exploit",
    "agent": "get_agent list_agent_ratings list_agent_opponents list_versions",
    "agent-package": "get_package",
    "matches": "list_all_matches",
    "match": "get_match",
    "match-state": "get_match",
    "match-count": "count_match",
    "match-again": "run_match_again",
    "replay": "get_replay",
    "trajectory": "get_trajectory",
    "trajectory-file": "get_trajectory",
    "pictures": "get_pictures make_pictures",
    "pictures-state": "get_pictures",
    "arenas": "list_arenas",
    "arena": "get_arena",
    "arena-preview": "get_arena_preview",
    "person": "get_person",
    "team": "get_team",
    "own-team": "get_team",
    "team-act": "invite revoke_invitation rename_team make_captain remove_member leave_team",
    "team-join": "accept_invitation",
    "following": "list_follows",
    "follow": "follow unfollow",
    "status": "get_status",
    "status-json": "get_status",
}
DRAWN = "A picture or a frame for people; programs get the numbers: get_trajectory, get_pictures."
PERSON = "A person's own: who holds a token shall not change how he signs in, nor take his data along."
POWER = "Power over other people and the site; wants a signed-in administrator with a second factor."
LIVE = "Live words for the page or the player; programs ask get_match, get_status, get_leaderboard again."
PLAYING = "People playing by hand, bound to a browser's cookie."
READING = "Texts for people, the same for everybody."
DRAFTED = "A form in steps; programs send the whole competition: create_competition, put_competition_file."
HELD = "Made of the other operations; a page puts it together for people."
TOLD = "How people are told; programs are told by webhooks, and nobody with a token registers those."
REASONS = {
    DRAWN: "pictures-file replay-page embed own-replay compare arena-figure person-picture",
    PERSON: (
        "account_ mfa_ sign-in sign-out sign-up sessions settings token device theme language export "
        "account-delete"
    ),
    POWER: "administration",
    LIVE: "live tv",
    PLAYING: "play table",
    READING: "docs document announcements-feed dates search",
    DRAFTED: "wizard- submit-test",
    TOLD: "notice unsubscribe webhook host-webhooks",
    HELD: "host-cost host-export host-archive submission-changes submission-reproduction",
}


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from names(each.url_patterns)
        else:
            yield str(each.name)


def excused(name: str) -> bool:
    return any(name.startswith(start) for starts in REASONS.values() for start in starts.split())


def test_every_page_has_its_operations_or_a_reason():
    missing = sorted({name for name in names(urlpatterns) if name not in OPERATIONS and not excused(name)})
    assert not missing


def test_the_list_names_pages_and_operations_that_exist():
    known = {
        operation["operationId"]
        for methods in the_api.get_openapi_schema()["paths"].values()
        for operation in methods.values()
    }
    told = {operation for row in OPERATIONS.values() for operation in row.split()}
    assert told <= known
    assert known - told <= {"get_me", "revoke_token"}
    assert set(OPERATIONS) <= set(names(urlpatterns))
