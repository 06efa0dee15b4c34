"""`anydoor holders`: is everything open held by exactly one person who is there?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from anydoor.care.holders import count_holders

WORDS = {
    "open_referrals": "open referrals",
    "open_episodes": "open episodes",
    "without_holder": "of these without a holder",
    "with_two": "of these with two holders, or where row and ledger differ",
    "families_without_lead": "open families without a lead holder",
    "disabled_holders": "closed accounts that hold something",
}


class Command(BaseCommand):
    help = (
        "Count what is open and who holds it. Ends with 0 when every open referral and episode has exactly "
        "one holder with an open account and every open family a lead, else with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        counted = count_holders()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(counted)))
        else:
            for name, number in asdict(counted).items():
                self.stdout.write(f"{number:>9,} {WORDS[name]}")
        if not counted.all_well:
            raise CommandError("Something open is not held as it must be.", returncode=1)
