"""The code of agents that the host opened to everybody once the competition was closed."""

from django.http import HttpRequest, HttpResponse

from coliseum import storage
from coliseum.competitions.queries import competition_for
from coliseum.downloads import BYTES, file_answer
from coliseum.pages.methods import require_safe
from coliseum.pages.parameters import known_id
from coliseum.submissions.queries import public_submission
from coliseum.submissions.revealing import check_code


@require_safe
def package(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Send an agent's bytes to its team, and to everybody where the rules say so and the time has come."""
    wanted = public_submission(known_id("agent", submission_id))
    competition_for(wanted.entry.competition.slug, request.user)
    check_code(wanted, request.user)
    name = f"{wanted.pk}.{wanted.package.file_name.rpartition('.')[2]}"
    return file_answer(request, storage.read_package(wanted.package_id), name=name, kind=BYTES)
