"""The schedule, and work whose worker was killed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from anydoor.config import jobs
from anydoor.config.jobs import SCHEDULE, Scheduled
from anydoor.config.models import LastRun


def job_taken_by_worker_silent_for(seconds: int) -> int:
    """A job in hand, whose worker gave its last sign so long ago; its id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))"
            " RETURNING id",
            [seconds],
        )
        worker = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)"
            " VALUES ('default', 'sessions', '{\"timestamp\": 1}', 'doing', %s) RETURNING id",
            [worker],
        )
        number: int = cursor.fetchone()[0]
        return number


@pytest.mark.django_db
@pytest.mark.parametrize(("silent", "state"), [(45, "todo"), (5, "doing")])
def test_a_job_is_put_back_when_its_worker_has_gone_silent(silent: int, state: str) -> None:
    number = job_taken_by_worker_silent_for(silent)
    async_to_sync(jobs.run_again.func)(context=None, timestamp=1)
    assert ProcrastinateJob.objects.get(id=number).status == state


@pytest.mark.django_db
def test_a_job_is_told_the_time_and_its_end_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[datetime] = []

    def work(*, at: datetime) -> int:
        told.append(at)
        return 3

    monkeypatch.setattr(jobs, "import_module", lambda name: SimpleNamespace(work=work))
    Scheduled("sweep", "* * * * *", "some.room", "work").run()
    run = LastRun.objects.get(job="sweep")
    assert told[0].tzinfo is UTC
    assert told[0] <= run.ended_at


@pytest.mark.django_db
def test_a_job_that_breaks_notes_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(*, at: datetime) -> None:
        raise ConnectionError

    monkeypatch.setattr(jobs, "import_module", lambda name: SimpleNamespace(work=work))
    with pytest.raises(ConnectionError):
        Scheduled("sweep", "* * * * *", "some.room", "work").run()
    assert not LastRun.objects.exists()


def test_what_a_job_did_is_logged_as_numbers_only() -> None:
    @dataclass
    class Swept:
        nudged: int
        word: str

    assert jobs.counts(Swept(nudged=2, word="Ann")) == {"nudged": 2}
    assert (jobs.counts(4), jobs.counts("Ann"), jobs.counts(None)) == ({"count": 4}, {}, {})


def test_every_job_that_is_built_is_on_the_clock() -> None:
    known = {entry.task.name for entry in app.periodic_registry.periodic_tasks.values()}
    assert {job.name for job in SCHEDULE if job.is_built()} | {"run_again"} == known
