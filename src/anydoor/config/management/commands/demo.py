"""`anydoor demo`: a synthetic county to look at, and whom to sign in as."""

from __future__ import annotations

import os
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from anydoor.access import audit_heads
from anydoor.config import health
from anydoor.config.demo import marking
from anydoor.config.demo.checking import counts
from anydoor.config.demo.loading import FAMILIES, SEED, DemoFault, Plan, load
from anydoor.config.demo.signins import in_words
from anydoor.config.jobs import seal_audit
from anydoor.directory.area_files import area_slugs
from anydoor.rules.errors import WrongMoment

PASSWORD = "any-door-is-right"  # noqa: S105  printed and in the documents: the demo keeps nothing worth a secret


class Command(BaseCommand):
    help = (
        "Load the four example areas with synthetic families through six simulated months, once, and say "
        "whom to sign in as. Never in production. Ends with 1 when the load did not come out right, and "
        "with 2 when it may not be done here."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reset", action="store_true", help="start over: empty the demo and load it anew"
        )
        parser.add_argument("--families", type=int, default=FAMILIES, metavar="N", help=f"default {FAMILIES}")
        parser.add_argument("--seed", type=int, default=SEED, help="another seed is another county")
        parser.add_argument(
            "--area", action="append", choices=area_slugs(), help="only this area (may be given again)"
        )
        parser.add_argument("--processes", type=int, default=2, metavar="N", help="default 2")

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("ANYDOOR_DEMO_PASSWORD", "").strip() or PASSWORD
        if health.migrations_missing():
            raise CommandError("The database is not up to date. Run: anydoor migrate", returncode=2)
        try:
            marking.refuse_in_production()
            if options["reset"] or marking.loaded() is None:
                marking.refuse_what_is_not_ours()
                with marking.one_at_a_time():
                    self._load(password, options)
        except WrongMoment as problem:
            raise CommandError(problem.message, returncode=2) from None
        self.stdout.write(in_words(password, settings.ANYDOOR_ADDRESS, timezone.now()))

    def _load(self, password: str, options: dict[str, Any]) -> None:
        if not marking.is_empty():
            self.stdout.write("Starting over.")
            marking.empty()
            audit_heads.forget(settings.AUDIT_FOLDER)
        began = time.monotonic()
        plan = Plan(
            now=timezone.now(),
            families=max(options["families"], 1),
            seed=options["seed"],
            areas=tuple(options["area"] or ()),
            processes=options["processes"],
        )
        self.stdout.write("Loading a synthetic county: six months of families. This takes a minute or two.")

        def report(words: str) -> None:
            self.stdout.write(f"  {time.monotonic() - began:5.0f} s  {words}")
            self.stdout.flush()

        try:
            load(plan, password=password, report=report)
        except DemoFault as fault:
            raise CommandError(f"The demo did not load:\n{fault}", returncode=1) from None
        seal_audit(at=timezone.now())
        found = ", ".join(f"{count} {name}" for name, count in counts().items())
        self.stdout.write(f"Loaded in {time.monotonic() - began:.0f} seconds: {found}.")
