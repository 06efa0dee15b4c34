"""`anydoor up`: pages and worker together, for a try-out or a small machine."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from anydoor.config.household import Household


class Command(BaseCommand):
    help = (
        "Serve the pages and run the worker together; both stop together, and a killed one is started again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        # Holds the embedded database for as long as we live, so that a child's end does not stop it.
        connection.ensure_connection()
        connection.close()
        household = Household({"pages": ["serve"], "worker": ["worker"]}, report=self.stdout.write)
        if not household.run():
            raise CommandError("A part will not stay up; the reason stands above.", returncode=2)
