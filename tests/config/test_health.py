"""`/healthz` and `/readyz`, and what every answer carries for the browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from anydoor.config import health
from anydoor.config.models import LastRun


def test_alive_asks_nothing_of_the_database(client: Client) -> None:
    """Runs without the database mark: any query would be an error."""
    assert client.get("/healthz").json() == {"alive": True}


@pytest.mark.django_db
def test_ready_tells_the_ages_of_worker_and_jobs(client: Client) -> None:
    LastRun.objects.create(job="sweep", ended_at=timezone.now() - timedelta(seconds=90))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '20 seconds')"
        )
    answer = client.get("/readyz")
    told = answer.json()
    assert answer.status_code == 200
    assert (told["ready"], told["worker"], told["migrations_missing"]) == (True, True, 0)
    assert 20 <= told["worker_seconds"] <= 40
    assert 90 <= told["jobs"]["sweep"] <= 110


@pytest.mark.django_db
def test_ready_without_a_worker_still_serves_and_says_so(client: Client) -> None:
    told = client.get("/readyz").json()
    assert (told["ready"], told["worker"], told["worker_seconds"]) == (True, False, None)


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [("one", False)])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations_missing"]) == (503, 1)


def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> int:
        raise OperationalError("connection to 10.0.0.1 was lost")

    monkeypatch.setattr(health, "migrations_missing", gone)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "database": False})


def test_every_answer_keeps_strangers_code_out(client: Client) -> None:
    answer = client.get("/healthz")
    policy = {
        part.split(" ", 1)[0]: part.split(" ", 1)[1] for part in answer["Content-Security-Policy"].split("; ")
    }
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert {policy[kind] for kind in ("script-src", "style-src", "img-src", "form-action")} == {"'self'"}
    assert (answer["Referrer-Policy"], answer["X-Frame-Options"]) == ("same-origin", "DENY")


@pytest.mark.django_db
def test_ready_costs_a_handful_of_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(5):
        client.get("/readyz")
