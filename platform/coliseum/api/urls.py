"""The API with all its doors."""

from ninja.openapi.docs import Swagger

from coliseum.api import (
    agents,
    announcements,
    arenas,
    competitions,
    episodes,
    exports,
    host_looks,
    host_phases,
    hosting,
    joining,
    leaderboards,
    matches,
    notices,
    panels,
    people,
    phases,
    rerunning,
    searching,
    status,
    submissions,
    teams,
    tournaments,
    webhooks,
)
from coliseum.api.door import Door

api = Door(
    title="Coliseum",
    version="1",
    urls_namespace="api",
    docs=Swagger({"persistAuthorization": False, "validatorUrl": None}),
    description=(
        "Read competitions, leaderboards, matches and replays; submit agents; run competitions. "
        "Every refusal has one shape. Writes: 60 a minute, reads: 600 a minute, for each caller."
    ),
)
for router in (
    competitions,
    joining,
    announcements,
    leaderboards,
    phases,
    exports,
    hosting,
    host_looks,
    host_phases,
    panels,
    rerunning,
):
    api.add_router("/competitions", router.router)
for router in (
    submissions,
    teams,
    agents,
    matches,
    episodes,
    tournaments,
    arenas,
    people,
    notices,
    webhooks,
    searching,
    status,
):
    api.add_router("", router.router)
