"""`anydoor bench`: what the pages cost, beside what they could not cost less."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from anydoor.config.measuring import parts
from anydoor.config.measuring.bench import QUICK_ROUNDS, QUICK_SIZES, ROUNDS, SIZES, bench
from anydoor.config.measuring.findings import as_json, check_lines, checks, of_parts, table
from anydoor.config.measuring.parts import Figure
from anydoor.config.measuring.rounds import Site
from anydoor.rules.errors import NotAllowed


class Command(BaseCommand):
    help = (
        "Measure the pages in databases of their own, filled with made-up people: processor time and "
        "latency, beside a bare page and the bare SQL in the same run. Needs about 6 GB and a quarter of an "
        "hour. Ends with 0 when every goal is reached, 1 when one is not, 2 when it cannot run here."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, nargs="+", help="sizes to measure (default: 10000 1000000)")
        parser.add_argument("--rounds", type=int, help=f"default: {ROUNDS}")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write everything to a file too")
        parser.add_argument("--quick", action="store_true", help="10000 and 100000 people, fewer rounds")
        parser.add_argument("--parts", action="store_true", help="only the parts by themselves: a minute")
        parser.add_argument("--part", choices=parts.PARTS, help="one part, in the database of the settings")
        parser.add_argument("--keep", action="store_true", help="leave the databases for a later run")

    def handle(self, *args: Any, **options: Any) -> None:
        quick = options["quick"]
        if options["part"]:
            for figure in parts.measure_here(options["part"], quick=quick):
                self._say(parts.as_line(figure))
            return
        self.file: Path | None = options["json"]
        self.missed: list[str] = []
        try:
            bench(
                sizes=() if options["parts"] else options["people"] or (QUICK_SIZES if quick else SIZES),
                rounds=options["rounds"] or (QUICK_ROUNDS if quick else ROUNDS),
                keep=options["keep"],
                at=timezone.now(),
                said=self._say,
                done=self._tell,
                quick=quick,
            )
        except NotAllowed as refused:
            raise CommandError(refused.message, returncode=2) from None
        if self.missed:
            raise CommandError(f"Missed: {'; '.join(self.missed)}.", returncode=1)

    def _tell(self, sites: list[Site], figures: list[Figure]) -> None:
        found = [*checks(sites), *of_parts(figures)]
        for line in (*table(sites), *parts.table(figures), *check_lines(found)):
            self._say(line)
        if self.file is not None:
            self.file.write_text(
                json.dumps(as_json(sites, found, figures, when=timezone.now().isoformat()), indent=1) + "\n"
            )
        self.missed = [check.words for check in found if not check.holds]

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
