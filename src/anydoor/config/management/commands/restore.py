"""`anydoor restore FILE`: a backup back into an empty place; with --drill tried and thrown away."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from anydoor.config.backup import archive, programs, restoring


class Command(BaseCommand):
    help = (
        "Put a backup back into an empty place, and check it: rows by table, holders, the audit's chain. A "
        "file that is not whole, or not for this Anydoor, is refused before anything is touched; so is a "
        "database with people in it. Ends with 0 when everything is as it was, 1 when it is not, 2 when "
        "nothing was done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--drill",
            action="store_true",
            help="load it into a database of its own on the same server, check, and take it away again",
        )
        parser.add_argument("--json", action="store_true", help="print what was found as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        report = self.stderr.write if options["json"] else self.stdout.write
        work = restoring.drill if options["drill"] else restoring.restore
        try:
            found = work(options["file"].expanduser().absolute(), report=report)
        except (archive.NotABackup, restoring.CannotRestore) as problem:
            raise CommandError(f"{problem} Nothing was changed.", returncode=2) from None
        except (OSError, programs.ProgramFailed, DatabaseError) as problem:
            raise CommandError(f"Nothing was restored: {problem}", returncode=2) from None
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(found), "all_well": found.all_well}))
        else:
            self._say(found)
        if not found.all_well:
            raise CommandError("What is there now is not what the backup says.", returncode=1)

    def _say(self, found: restoring.Restored) -> None:
        held = found.holders
        self.stdout.write(f"Backup of {found.made_at}")
        self.stdout.write(f"{found.rows:>9,} rows in {found.tables} tables")
        self.stdout.write(
            f"{held['open_referrals']:>9,} open referrals and {held['open_episodes']:,} open episodes; "
            f"{held['without_holder']} without a holder, {held['with_two']} with two"
        )
        self.stdout.write(
            f"{found.audit_rows:>9,} audit rows in unbroken chains" if not found.audit_faults else ""
        )
        if found.messages_held:
            self.stdout.write(
                f"{found.messages_held:>9,} messages waited to be sent and are held back: they may have been "
                "sent since, or not be safe any more. They stand on Messages sent."
            )
        if found.migrated:
            self.stdout.write(f"{found.migrated:>9,} migrations that came after it were applied")
        for words in (*found.differs, *found.audit_faults):
            self.stdout.write(f"differs: {words}")
        if not found.same_key:
            self.stdout.write(
                "The secret key here is another than the backup's: set ANYDOOR_SECRET_KEY to that one, or "
                "links that were sent and declared conflicts are of no use."
            )
