"""`anydoor worker`: runs what is due, until told to stop."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from procrastinate.contrib.django import app

from anydoor.config import health
from anydoor.config.jobs import WORKER_SILENT_SECONDS, seal_audit
from anydoor.config.lifeline import end_with_parent


class Command(BaseCommand):
    help = "Run jobs and the schedule: messages going out, the sweep for stuck referrals, housekeeping."

    def handle(self, *args: Any, **options: Any) -> None:
        end_with_parent()
        if health.migrations_missing():
            raise CommandError("The database is not up to date. Run: anydoor migrate", returncode=2)
        with app.replace_connector(app.connector.get_worker_connector()) as live:  # type: ignore[attr-defined] # Django's connector has it
            live.run_worker(
                concurrency=2,
                delete_jobs="successful",
                update_heartbeat_interval=10.0,
                stalled_worker_timeout=WORKER_SILENT_SECONDS,
                shutdown_graceful_timeout=20.0,
            )
        # Nothing is left unsealed over a night in which no worker runs.
        seal_audit(at=timezone.now())
