"""`anydoor seed`: a synthetic county of any size, for measuring."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from anydoor.config.measuring.seed import seed
from anydoor.rules.errors import NotAllowed, WrongMoment


class Command(BaseCommand):
    help = (
        "Fill an empty database with made-up people, for measuring. Not for looking at: `make demo` does "
        "that. Ends with 0 when all was made, 1 when a sample of it does not hold together, 2 when refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=10_000, help="default: 10000")
        parser.add_argument("--referrals", type=int, help="default: three for ten people")
        parser.add_argument("--seed", type=int, default=1, help="which county it becomes (default: 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        people = options["people"]
        referrals = people * 3 // 10 if options["referrals"] is None else options["referrals"]
        try:
            done = seed(
                people=people,
                referrals=referrals,
                number=options["seed"],
                at=timezone.now(),
                said=self._say,
            )
        except (NotAllowed, WrongMoment) as refused:
            raise CommandError(refused.message, returncode=2) from None
        for table, rows in done.rows.items():
            self._say(f"{rows:>11,}  {table}")
        self._say(f"{sum(done.rows.values()):>11,}  rows in {sum(done.seconds.values()):.0f} s")
        if done.faults:
            raise CommandError("\n".join(done.faults[:20]), returncode=1)
        self._say(f"{done.compared} families were compared with their rows: all agree.")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
