"""The addresses of people, teams, following, the search, and one's own data."""

from typing import Final

from django.urls import URLPattern, path

from coliseum.pages import following, privacy, profiles, search, teams

_COMPETITION: Final = "competitions/<str:slug>"
_DATA: Final = "settings/your-data"

urlpatterns: list[URLPattern] = [
    path("people/<str:name>/", profiles.person, name="person"),
    path("people/<str:name>/picture", profiles.picture, name="person-picture"),
    path("settings/profile", profiles.own_profile, name="settings-profile"),
    path("settings/profile/picture", profiles.own_picture, name="settings-picture"),
    path("teams/join/<str:secret>", teams.join, name="team-join"),
    path("teams/<str:team_id>/", teams.team, name="team"),
    path(f"{_COMPETITION}/team", teams.own_team, name="own-team"),
    path(f"{_COMPETITION}/team/act", teams.act, name="team-act"),
    path("following/", following.following, name="following"),
    path("follow", following.change, name="follow"),
    path("search", search.search, name="search"),
    path(_DATA, privacy.own_data, name="settings-data"),
    path(f"{_DATA}/export", privacy.ask_export, name="export"),
    path(f"{_DATA}/exports/<str:export_id>", privacy.export, name="export-state"),
    path(f"{_DATA}/exports/<str:export_id>/zip", privacy.export_file, name="export-file"),
    path(f"{_DATA}/delete", privacy.delete, name="account-delete"),
]
