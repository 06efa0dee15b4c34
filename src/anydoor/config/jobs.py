"""What runs by the clock, and what happens to work whose worker was killed.

Every job asks the database what is due, so a lost run delays a thing and never loses it; and every job
may run twice, so a killed one is simply run again. The table below is the whole schedule.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from anydoor.access import audit_heads, sealing
from anydoor.access.sealing import Sealed
from anydoor.config.models import LastRun

log = logging.getLogger("anydoor.jobs")

WORKER_SILENT_SECONDS = 30.0


@dataclass(frozen=True)
class Scheduled:
    """A job by the clock: `function(at=now)` of a room, on a cron line (a sixth field counts seconds)."""

    name: str
    cron: str
    module: str
    function: str

    def is_built(self) -> bool:
        room = self.module.rpartition(".")[0]
        return bool(find_spec(room) and find_spec(self.module))

    def run(self) -> None:
        work: Callable[..., object] = getattr(import_module(self.module), self.function)
        done = work(at=timezone.now())
        LastRun.objects.update_or_create(job=self.name, defaults={"ended_at": timezone.now()})
        log.info("job done", extra={"fields": {"job": self.name, **counts(done)}})


def counts(done: object) -> dict[str, int]:
    """What a job says it did, as numbers for the log: a count, or a dataclass of counts."""
    if isinstance(done, int):
        return {"count": done}
    if is_dataclass(done) and not isinstance(done, type):
        return {name: value for name, value in asdict(done).items() if isinstance(value, int)}
    return {}


def clear_sessions(*, at: datetime) -> None:
    """Deletes sessions that ran out."""
    call_command("clearsessions")


def seal_audit(*, at: datetime) -> Sealed:
    """Chains what was written to the audit since the last time, and signs the heads outside the database."""
    done = sealing.seal_all(at=at)
    if done.rows or not (settings.AUDIT_FOLDER / "newest.jsonl").exists():
        audit_heads.sign(settings.AUDIT_FOLDER, at=at)
    return done


SCHEDULE = (
    Scheduled("seal", "* * * * * */5", "anydoor.config.jobs", "seal_audit"),
    Scheduled("outbox", "* * * * * */10", "anydoor.connect.outbox", "drain"),
    Scheduled("sweep", "*/2 * * * *", "anydoor.care.sweep", "run"),
    Scheduled("entries", "*/5 * * * *", "anydoor.messages.entries", "run"),
    Scheduled("sessions", "43 3 * * *", "anydoor.config.jobs", "clear_sessions"),
)


def _register(job: Scheduled) -> None:
    # The queueing lock keeps one waiting run of each job, however long the worker was away.
    @app.periodic(cron=job.cron)
    @app.task(name=job.name, queueing_lock=job.name)
    def run(timestamp: int) -> None:
        job.run()


for _job in SCHEDULE:
    if _job.is_built():
        _register(_job)


@app.periodic(cron="* * * * *")
@app.task(name="run_again", queueing_lock="run_again", pass_context=True)
async def run_again(context: JobContext, timestamp: int) -> None:
    """Puts back the jobs whose worker has been silent for half a minute."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=WORKER_SILENT_SECONDS)
    for job in stalled:
        await app.job_manager.retry_job(job)
        log.warning("job put back", extra={"fields": {"job": job.task_name, "id": job.id}})
