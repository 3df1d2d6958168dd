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
    "leaderboard": "get_leaderboard get_past_leaderboard list_exports export_table",
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
    "host-console": "get_figures get_integrity",
    "host-entries": "list_entries",
    "host-failures": "list_failures write_to_rejected",
    "host-matches": "list_matches act_on_matches",
    "host-matches-act": "act_on_matches",
    "host-announcements": "announce change_announcement withdraw_announcement set_forum",
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
    "submission-reproduction": "get_reproduction",
    "submit-test": "rehearse",
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
    "notices": "list_notices",
    "notices-read": "read_notices",
    "notice": "read_notices",
    "settings-notifications": "get_notice_ways change_notice_ways",
    "webhooks": "list_webhooks create_webhook",
    "webhook": "list_deliveries list_host_deliveries",
    "webhook-act": (
        "ping_webhook switch_webhook_on redeliver delete_webhook ping_host_webhook switch_host_webhook_on "
        "redeliver_for_host delete_host_webhook"
    ),
    "host-webhooks": "list_host_webhooks create_host_webhook",
    "host-cost": "get_cost",
    "host-export": "get_citation list_exports",
    "host-archive": "get_archive",
    "search": "search",
    "settings-profile": "get_person change_profile",
    "export": "start_export",
    "export-state": "get_export",
    "status": "get_status",
    "status-json": "get_status",
}
DRAWN = "A picture or a frame for people; programs get the numbers: get_trajectory, get_pictures, get_match."
SIGNING_IN = "How a person signs in, and where: whoever holds a token shall neither see nor change that."
GOING = "Wants the person at a browser that has just signed in again: all of the data, or the end of it."
POWER = "Power over other people and the site; wants a signed-in administrator with a second factor."
LIVE = "Live words for the page or the player; programs ask get_match, get_status, get_leaderboard again."
PLAYING = "People playing by hand, bound to a browser's cookie."
READING = (
    "Texts for people, the same for everybody; announcements and dates: list_announcements, get_competition."
)
DRAFTED = "A form in steps; programs send the whole competition: create_competition, put_competition_file."
LOOKS = "How pages look in this browser."
MAIL = "The link at the end of a mail; programs: change_notice_ways."
DIFFERENCE = "The difference of two files; programs have both: list_versions, get_package."
REASONS = {
    DRAWN: (
        "pictures-file replay-page embed own-replay compare arena-figure person-picture settings-picture"
    ),
    SIGNING_IN: "account_ mfa_ sign- sessions sessions-end settings tokens token token-revoke device_",
    GOING: "settings-data export-file account-delete",
    POWER: "administration administration-",
    LIVE: "live tv tv-",
    PLAYING: "play table table-",
    READING: "docs document announcements-feed dates",
    DRAFTED: "wizard-",
    LOOKS: "theme language",
    MAIL: "unsubscribe",
    DIFFERENCE: "submission-changes",
}
"""Names of addresses; one that ends in a sign stands for all that begin so."""


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from names(each.url_patterns)
        else:
            yield str(each.name)


def excused(name: str) -> bool:
    given = [each for words in REASONS.values() for each in words.split()]
    return any(name.startswith(each) if each[-1] in "-_" else name == each for each in given)


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
