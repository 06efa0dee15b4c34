"""`anydoor import referrals FILE.csv` and `anydoor import directory FILE`: what others send us, taken in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from anydoor.access.audit import Outsider
from anydoor.care.referral_file import Imported, import_referrals
from anydoor.connect.directory_feed import Feed, is_address
from anydoor.directory import importing
from anydoor.directory.models import Area
from anydoor.directory.open_referral import stream
from anydoor.rules.errors import BadInput, NotFound, OutsideFailed, WrongMoment

BY = Outsider("Import of a file", "import")


class Command(BaseCommand):
    help = (
        "Import what others send: referrals from a CSV file, or a directory of services. "
        "docs/reference/referral-file.md and docs/reference/open-referral.md say what is read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="referrals|directory")
        referrals = kinds.add_parser(
            "referrals",
            help="one request for help a row",
            description="Import referrals from a CSV file; docs/reference/referral-file.md names the "
            "columns. The same row again imports nothing. Refused rows go to FILE.refused.csv. Ends with 0 "
            "when each row was dealt with, 2 when the file cannot be read.",
        )
        referrals.add_argument("file", metavar="FILE.csv", type=Path)
        referrals.add_argument("--area", required=True, metavar="AREA", help="the area's short name: norfolk")
        referrals.add_argument("--dry-run", action="store_true", help="say the same and keep nothing")
        referrals.add_argument("--json", action="store_true", help="print the summary as JSON")
        directory = kinds.add_parser(
            "directory",
            help="services of another directory, by Open Referral UK 3.0 or 1.0",
            description="Read another directory's services. The same again changes nothing; what people here "
            "changed stays as they made it; what has gone from the feed is told and never removed. Each "
            "entry is taken whole or refused with the reasons. Ends with 0 when each entry was dealt with, "
            "1 when the feed broke off before its end (what came before is kept), 2 when it cannot be read.",
        )
        directory.add_argument(
            "source", metavar="FILE|FOLDER|URL", help="a file, a folder of .json files, or a feed's address"
        )
        directory.add_argument("--area", required=True, metavar="AREA", help="the area's short name: norfolk")
        directory.add_argument("--preview", action="store_true", help="say the same and keep nothing")
        directory.add_argument(
            "--feed",
            metavar="NAME",
            help="what to call where it is from (default: the address, or the file's name). Entries whose "
            "ids are no UUIDs, as version 1 allows, are known again by it: give it the same name each time.",
        )
        directory.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        area = Area.objects.select_related("front_door").filter(slug=options["area"]).first()
        if area is None:
            known = ", ".join(Area.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(f"There is no such area. There is: {known or 'none yet'}.", returncode=2)
        if options["kind"] == "directory":
            self._directory(area, options)
        else:
            self._referrals(area, options)

    # ---- referrals

    def _referrals(self, area: Area, options: dict[str, Any]) -> None:
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

    # ---- a directory

    def _directory(self, area: Area, options: dict[str, Any]) -> None:
        source, given = options["source"], options["feed"]
        told = {"area": area, "by": BY, "at": timezone.now(), "preview": options["preview"]}
        told["said"] = self.stderr.write
        try:
            if is_address(source):
                with Feed(source) as feed:
                    name = (given or feed.name)[:300]
                    done = importing.import_directory(documents=feed.documents, feed=name, **told)
            else:
                path = Path(source)
                name = (given or path.name)[:300]
                done = importing.import_directory(documents=lambda: stream.entries(path), feed=name, **told)
        except (BadInput, NotFound, OutsideFailed) as problem:
            raise CommandError(problem.message, returncode=2) from None
        except OSError as problem:
            raise CommandError(f"{source} cannot be read: {problem.strerror}.", returncode=2) from None
        if options["json"]:
            self.stdout.write(json.dumps(done.as_json(), indent=2))
        else:
            self._tell(done)
        if not done.whole:
            raise CommandError("The feed broke off before its end; see above.", returncode=1)

    def _tell(self, done: importing.Imported) -> None:
        files = {each.file for each in done.entries}
        for each in done.entries:
            where = f"{each.file}, entry {each.number}" if len(files) > 1 else f"Entry {each.number}"
            who = f" “{each.name}”" if each.name else ""
            if each.outcome != "unchanged":
                why = f": {each.why}" if each.why else ""
                self.stdout.write(f"{where}{who}: {importing.IN_WORDS[each.outcome]}{why}.")
            for fault in each.faults:
                self.stdout.write(f"    {fault}")
            for note in each.notes:
                self.stdout.write(f"    not used, and passed on as it came: {note}")
            if each.kept:
                self.stdout.write(f"    kept as people here made it: {', '.join(each.kept)}")
        for name in done.gone:
            self.stdout.write(f"“{name}” is no longer in the feed. It stays until somebody here closes it.")
        counts = ", ".join(f"{count} {importing.OUTCOMES[key]}" for key, count in done.counts.items())
        self.stdout.write(f"{len(done.entries)} entries: {counts}.")
        if done.preview:
            self.stdout.write("This was a preview. Nothing was kept.")
