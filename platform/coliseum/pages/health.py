"""Whether this process lives, and whether it can serve."""

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from coliseum.pages.methods import require_safe


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process runs; looks at nothing else."""
    return JsonResponse({"live": True})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when requests can be served, else 503 with what is wrong."""
    problem = _database_problem()
    body = {"ready": not problem, "database": problem or "ok"}
    response = JsonResponse(body, status=503 if problem else 200)
    response["Cache-Control"] = "no-store"
    return response


def _database_problem() -> str:
    """Return what is wrong with the database in words without addresses or credentials."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InterfaceError) as error:
        return f"unreachable ({type(error).__name__})"
    return f"{len(waiting)} migrations are not applied" if waiting else ""
