"""`anydoor load areas` and `anydoor load postcodes`: what the directory starts from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.directory.area_files import area_slugs
from anydoor.directory.loading import Loaded, load_areas
from anydoor.directory.postcodes import load_postcodes
from anydoor.rules.errors import BadInput, NotFound

BY = Outsider("anydoor load", "import")


class Command(BaseCommand):
    help = (
        "Load the directory: areas with their services, and postcodes. Loading again changes only what "
        "differs. Ends with 0 when all was loaded, 1 when a file has faults (nothing is loaded), 2 when it "
        "is not there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="areas|postcodes")
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
        postcodes = kinds.add_parser("postcodes", help="postcodes from a file of the ONS, by its header")
        postcodes.add_argument("file", metavar="FILE.csv", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["kind"] == "areas":
                self._areas(options["areas"], options["fallback"])
            else:
                self._postcodes(options["file"])
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
        loaded = load_postcodes(path=file, by=BY, at=timezone.now())
        self.stdout.write(
            f"{loaded.created} postcodes new, {loaded.changed} changed, {loaded.unchanged} as they were."
        )
        for reason, count in loaded.left_out.items():
            self.stdout.write(f"{count} left out: {reason}.")


def _in_words(loaded: Loaded) -> str:
    """`Norfolk: 83 services new, 0 changed, 0 as they were; ...`"""
    parts = [
        f"{loaded.created[table]} {table}s new, {loaded.changed[table]} changed, "
        f"{loaded.unchanged[table]} as they were"
        for table in ("service", "team", "organisation", "place")
    ]
    closed = f". Closed, no longer in the file: {', '.join(loaded.closed)}" if loaded.closed else ""
    return f"{loaded.area.name}: {'; '.join(parts)}{closed}."
