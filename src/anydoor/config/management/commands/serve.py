"""`anydoor serve`: the pages, under gunicorn."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from anydoor.config import health, web_server
from anydoor.config.lifeline import end_with_parent


class Command(BaseCommand):
    help = "Serve the pages. HOST and PORT say where; WEB_CONCURRENCY how many processes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--host", default=settings.BIND_HOST, help="where to listen (default: HOST or 127.0.0.1)"
        )
        parser.add_argument("--port", default=settings.BIND_PORT, type=int, help="default: PORT or 8000")
        parser.add_argument(
            "--workers", type=int, default=web_server.worker_count(), help="default: one for each core"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        end_with_parent()
        host, port = options["host"], options["port"]
        if not web_server.is_free(host, port):
            raise CommandError(
                f"Port {port} of {host} is taken, or not ours to use. Set PORT to a free one.",
                returncode=2,
            )
        if health.migrations_missing():
            raise CommandError("The database is not up to date. Run: anydoor migrate", returncode=2)
        connections.close_all()
        self._collect()

        def said() -> None:
            self.stdout.write(f"Anydoor is at {web_server.address(host, port)}")
            self.stdout.flush()

        web_server.WebServer(host=host, port=port, workers=options["workers"], when_ready=said).run()

    def _collect(self) -> None:
        """Collects the static files if they changed; in production that is a step of the installation."""
        if settings.PRODUCTION:
            if not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
                raise CommandError("The static files are missing. Run: anydoor collectstatic", returncode=2)
            return
        fingerprint = self._fingerprint()
        if not web_server.static_is_fresh(fingerprint):
            call_command("collectstatic", interactive=False, verbosity=0)
            web_server.keep_fingerprint(fingerprint)

    def _fingerprint(self) -> str:
        seen = hashlib.sha256()
        for finder in get_finders():
            for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
                facts = Path(storage.path(name)).stat()
                seen.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
        return seen.hexdigest()
