"""`anydoor backup FILE`: everything in one file, while everybody works."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from anydoor.access import audit_heads, sealing
from anydoor.config import health
from anydoor.config.backup import programs, taking


class Command(BaseCommand):
    help = (
        "Write everything into one file: the database in one snapshot, taken while everybody works, and the "
        "keys and signed heads kept beside it. Whoever has the file has everything families told us. Ends "
        "with 0 when it is written, 1 when it could not be, 2 when it may not be written there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--overwrite", action="store_true", help="replace FILE if it is there")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"].expanduser().absolute()
        if target.exists() and (not options["overwrite"] or not target.is_file()):
            raise CommandError(f"{target} is there already. Nothing was written.", returncode=2)
        if not target.parent.is_dir():
            raise CommandError(f"There is no folder {target.parent}.", returncode=2)
        if health.migrations_missing():
            raise CommandError("The database is not up to date. Run: anydoor migrate", returncode=2)
        at = timezone.now()
        try:
            sealing.seal_all(at=at)
            audit_heads.sign(settings.AUDIT_FOLDER, at=at)
            manifest = taking.take(target, at=at)
        except (OSError, programs.ProgramFailed, audit_heads.HeadsUnreadable) as problem:
            raise CommandError(f"No backup was written: {problem}", returncode=1) from None
        rows = sum(manifest.tables.values())
        self.stdout.write(f"{rows:,} rows of {len(manifest.tables)} tables are in {target}.")
        self.stdout.write(f"{target.stat().st_size:,} bytes. Try it: anydoor restore {target.name} --drill")
