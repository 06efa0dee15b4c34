"""`anydoor load areas`, `load postcodes` and `load deprivation`: what the directory starts from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.directory.area_files import area_slugs
from anydoor.directory.deprivation import load_deprivation
from anydoor.directory.loading import Loaded, load_areas
from anydoor.directory.postcodes import load_postcodes
from anydoor.rules.errors import BadInput, NotFound

BY = Outsider("anydoor load", "import")


class Command(BaseCommand):
    help = (
        "Load the directory: areas with their services, postcodes, and how deprived small areas are. Loading "
        "again changes only what differs. Ends with 0 when all was loaded, 1 when a file has faults (nothing "
        "is loaded), 2 when it is not there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="areas|postcodes|deprivation")
        areas = kinds.add_parser("areas", help="example areas by name, or area files of your own")
        areas.add_argument(
            "areas",
            nargs="*",
            metavar="AREA",
            help=f"{', '.join(area_slugs())}, or a file ending in .toml (default: all four examples)",
        )
        areas.add_argument(
            "--fallback",
            metavar="EMAIL",
            help="who holds at the front door when nobody on the rota can; needed for a new area",
        )
        postcodes = kinds.add_parser(
            "postcodes",
            help="postcodes from a file of the ONS, by its header",
            description="Load the ONS Postcode Directory, a best-fit look-up of the ONS, or a file made from "
            "them. Columns are found by their header, whatever the vintage: pcds, laua or ladcd, lat, long, "
            "oseast1m, osnrth1m, lsoa11, lsoa21, doterm. What a file does not tell is left as it was.",
        )
        postcodes.add_argument("file", metavar="FILE.csv", type=Path)
        deprivation = kinds.add_parser(
            "deprivation",
            help="the Index of Multiple Deprivation, 2019 or 2025",
            description="Load file 7 (or 1) of the English Indices of Deprivation. The release is told by "
            "the header: LSOA code (2011) is 2019, LSOA code (2021) is 2025. Each is kept with its own small "
            "areas and never joined across.",
        )
        deprivation.add_argument("file", metavar="FILE.csv", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["kind"] == "areas":
                self._areas(options["areas"], options["fallback"])
            elif options["kind"] == "postcodes":
                self._postcodes(options["file"])
            else:
                self._deprivation(options["file"])
        except NotFound as problem:
            raise CommandError(problem.message, returncode=2) from None
        except BadInput as problem:
            raise CommandError(problem.message, returncode=1) from None

    def _areas(self, named: list[str], email: str | None) -> None:
        fallback = None
        if email is not None:
            fallback = User.objects.filter(email__iexact=email).first()
            if fallback is None:
                raise NotFound("Nobody here has that e-mail address. Make the account first.")
        areas = [Path(name) if name.endswith(".toml") else name for name in named or area_slugs()]
        for loaded in load_areas(areas=areas, by=BY, at=timezone.now(), fallback=fallback):
            self.stdout.write(_in_words(loaded))

    def _postcodes(self, file: Path) -> None:
        loaded = load_postcodes(path=file, by=BY, at=timezone.now(), said=self._progress)
        self.stdout.write(
            f"{loaded.created} postcodes new, {loaded.changed} changed, {loaded.unchanged} as they were."
        )
        for reason, count in loaded.left_out.items():
            self.stdout.write(f"{count} left out: {reason}.")
        if loaded.placeless:
            self.stdout.write(f"{loaded.placeless} of this file have no position.")

    def _deprivation(self, file: Path) -> None:
        loaded = load_deprivation(path=file, by=BY, at=timezone.now(), said=self._progress)
        made_up = " The figures are invented." if loaded.synthetic else ""
        self.stdout.write(
            f"IMD {loaded.release} on small areas of {loaded.vintage}: {loaded.created} new, "
            f"{loaded.changed} changed, {loaded.unchanged} as they were.{made_up}"
        )
        read = loaded.created + loaded.changed + loaded.unchanged
        if read < loaded.expected:
            self.stdout.write(f"England has {loaded.expected:,} small areas in this release.")
        self.stdout.write(f"{loaded.placed} of our {loaded.postcodes} postcodes lie in one of them.")
        if loaded.postcodes and not loaded.placed:
            self.stdout.write(
                f"None does: load a postcode file that tells the small areas of {loaded.vintage} "
                f"(lsoa{loaded.vintage[2:]})."
            )

    def _progress(self, words: str) -> None:
        self.stderr.write(words)


def _in_words(loaded: Loaded) -> str:
    """`Norfolk: 83 services new, 0 changed, 0 as they were; ...`"""
    parts = [
        f"{loaded.created[table]} {table}s new, {loaded.changed[table]} changed, "
        f"{loaded.unchanged[table]} as they were"
        for table in ("service", "team", "organisation", "place")
    ]
    closed = f". Closed, no longer in the file: {', '.join(loaded.closed)}" if loaded.closed else ""
    return f"{loaded.area.name}: {'; '.join(parts)}{closed}."
