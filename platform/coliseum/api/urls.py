"""The API with all its doors."""

from ninja.openapi.docs import Swagger

from coliseum.api import competitions, matches, people, submissions, tournaments
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
api.add_router("/competitions", competitions.router)
api.add_router("/matches", matches.router)
api.add_router("", submissions.router)
api.add_router("", people.router)
api.add_router("", tournaments.router)
