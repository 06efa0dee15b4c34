"""Whether we live (`/healthz`) and whether we can serve (`/readyz`)."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from anydoor.config.embedded import EmbeddedUnavailable
from anydoor.config.models import LastRun

# Longer than three of the worker's heartbeats: it is gone or stuck.
WORKER_SILENT_SECONDS = 60


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; asks nothing of the database."""
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and every migration is applied, else 503.

    A silent worker does not make the pages unready; `worker_seconds` (since its last heartbeat) and
    `jobs` (seconds since each scheduled job last ended well) are there for whoever watches. null: never.
    """
    try:
        missing = migrations_missing()
        state: dict[str, object] = {"database": True, "migrations_missing": missing}
        if not missing:
            worker = _worker_seconds()
            state["worker_seconds"] = worker
            state["worker"] = worker is not None and worker < WORKER_SILENT_SECONDS
            state["jobs"] = LastRun.objects.seconds_since(at=timezone.now())
    except (DatabaseError, EmbeddedUnavailable):
        return JsonResponse({"ready": False, "database": False}, status=503)
    return JsonResponse({"ready": not missing, **state}, status=503 if missing else 200)


def migrations_missing() -> int:
    """How many migrations the code has that the database has not."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _worker_seconds() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM now() - max(last_heartbeat))::int FROM procrastinate_workers"
        )
        row = cursor.fetchone()
    return None if row is None or row[0] is None else int(row[0])
