"""How the site does: for everybody."""

from dataclasses import asdict

from django.http import HttpRequest
from ninja import Router

from coliseum.api.callers import ANYBODY
from coliseum.api.status_schemas import IncidentRow, QueueRow, Status, ValidationsRow, WorkerRow
from coliseum.league.status import site_status

router = Router(tags=["status"])


@router.get("/status", response=Status, auth=ANYBODY, operation_id="get_status")
def status(request: HttpRequest) -> Status:
    """Return what waits, who plays, how long validations take, and what is wrong if anything is."""
    found = site_status()
    return Status(
        as_of=found.as_of,
        state=found.state,
        problem=found.problem,
        queue=QueueRow(**asdict(found.queue)),
        workers=[WorkerRow(**asdict(each)) for each in found.workers],
        validations=ValidationsRow(**asdict(found.validations)),
        incidents=[IncidentRow.from_orm(each) for each in found.incidents],
    )
