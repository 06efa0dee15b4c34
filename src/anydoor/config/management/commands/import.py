"""`anydoor import referrals FILE.csv --area AREA`: requests for help that come as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from anydoor.access.audit import Outsider
from anydoor.care.referral_file import Imported, import_referrals
from anydoor.directory.models import Area
from anydoor.rules.errors import BadInput, NotFound, WrongMoment

BY = Outsider("Import of a file", "import")


class Command(BaseCommand):
    help = (
        "Import referrals from a CSV file; docs/reference/referral-file.md names the columns. The same row "
        "again imports nothing. Refused rows go to FILE.refused.csv. Ends with 0 when each row was dealt "
        "with, 2 when the file cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="referrals")
        referrals = kinds.add_parser("referrals", help="one request for help a row")
        referrals.add_argument("file", metavar="FILE.csv", type=Path)
        referrals.add_argument("--area", required=True, metavar="AREA", help="the area's short name: norfolk")
        referrals.add_argument("--dry-run", action="store_true", help="say the same and keep nothing")
        referrals.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        area = Area.objects.select_related("front_door").filter(slug=options["area"]).first()
        if area is None:
            known = ", ".join(Area.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(f"There is no such area. There is: {known or 'none yet'}.", returncode=2)
        try:
            done = import_referrals(
                path=options["file"], area=area, by=BY, at=timezone.now(), dry_run=options["dry_run"]
            )
        except (BadInput, NotFound) as problem:
            raise CommandError(problem.message, returncode=2) from None
        except WrongMoment as problem:
            raise CommandError(problem.message, returncode=1) from None
        if options["json"]:
            self.stdout.write(json.dumps(done.as_json(), indent=2))
        else:
            self._say(done, dry_run=options["dry_run"])

    def _say(self, done: Imported, *, dry_run: bool) -> None:
        for refusal in done.refusals:
            column = f", {refusal.column}" if refusal.column else ""
            self.stdout.write(f"Row {refusal.row}{column}: {refusal.in_words}")
        for row in done.differs:
            self.stdout.write(
                f"Row {row} was imported before with another story or contact. Nothing was changed. "
                "If it is another request, give it another source_ref."
            )
        self.stdout.write(
            f"{done.rows} rows: {done.accepted} accepted ({done.joined} joined to people we know, "
            f"{done.possible_match} with a possible match to decide), {done.already_imported} already "
            f"imported, {len(done.refusals)} refused."
        )
        if done.refused_file is not None:
            self.stdout.write(f"The refused rows are in {done.refused_file}.")
        if dry_run:
            self.stdout.write("This was a dry run. Nothing was kept.")
