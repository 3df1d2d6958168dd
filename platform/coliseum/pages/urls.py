"""The addresses of the pages."""

from django.urls import path

from coliseum.pages import (
    administration,
    agents,
    competitions,
    documents,
    entering,
    gallery,
    home,
    hosting,
    leaderboard,
    live,
    matches,
    people,
    preferences,
    submissions,
)

_COMPETITION = "competitions/<str:slug>"
_SUBMISSION = "submissions/<str:submission_id>"
_MATCH = "matches/<str:match_id>"

urlpatterns = [
    path("", home.home, name="home"),
    path("my-agents/", home.mine, name="mine"),
    path("competitions/", competitions.competitions, name="competitions"),
    path(f"{_COMPETITION}/", competitions.competition, name="competition"),
    path(f"{_COMPETITION}/rules", competitions.rules, name="rules"),
    path(f"{_COMPETITION}/leaderboard", leaderboard.leaderboard, name="leaderboard"),
    path(f"{_COMPETITION}/standings", leaderboard.standings, name="standings"),
    path(f"{_COMPETITION}/matches", competitions.competition_matches, name="competition-matches"),
    path(f"{_COMPETITION}/log", competitions.log, name="log"),
    path(f"{_COMPETITION}/join", entering.join, name="join"),
    path(f"{_COMPETITION}/submit", entering.submit, name="submit"),
    path(f"{_COMPETITION}/host", hosting.console, name="host-console"),
    path(f"{_COMPETITION}/host/state", hosting.change_state, name="host-state"),
    path(f"{_COMPETITION}/host/disqualify", hosting.disqualify, name="host-disqualify"),
    path(f"{_SUBMISSION}/", submissions.submission, name="submission"),
    path(f"{_SUBMISSION}/checklist", submissions.checklist, name="checklist"),
    path(f"{_SUBMISSION}/package", submissions.package, name="submission-package"),
    path(f"{_SUBMISSION}/activate", submissions.activate, name="submission-activate"),
    path(f"{_SUBMISSION}/deactivate", submissions.deactivate, name="submission-deactivate"),
    path("agents/<str:submission_id>/", agents.agent, name="agent"),
    path("matches/", matches.matches, name="matches"),
    path(f"{_MATCH}/", matches.match, name="match"),
    path(f"{_MATCH}/state", matches.state, name="match-state"),
    path(f"{_MATCH}/replay.json", matches.replay, name="replay"),
    path(f"{_MATCH}/episodes/<int:index>/trajectory.json", matches.trajectory, name="trajectory"),
    path("arenas/", gallery.arenas, name="arenas"),
    path("arenas/<str:arena_id>/", gallery.arena, name="arena"),
    path("docs/", documents.docs, name="docs"),
    path("docs/<str:page>/", documents.document, name="document"),
    path("sign-in", people.sign_in, name="sign-in"),
    path("sign-in/link/<str:secret>", people.sign_in_link, name="sign-in-link"),
    path("sign-up", people.sign_up_page, name="sign-up"),
    path("sign-out", people.sign_out, name="sign-out"),
    path("settings/", preferences.settings, name="settings"),
    path("settings/tokens/<str:token_id>/revoke", preferences.revoke, name="token-revoke"),
    path("theme", preferences.theme, name="theme"),
    path("host/", hosting.host, name="host"),
    path("administration/", administration.administration, name="administration"),
    path("administration/matches/<str:match_id>/again", administration.again, name="match-again"),
    path("administration/hosting", administration.hosting, name="administration-hosting"),
    path("administration/link", administration.link, name="administration-link"),
    path("live", live.live, name="live"),
]
