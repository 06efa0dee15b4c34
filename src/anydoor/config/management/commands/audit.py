"""`anydoor audit verify`: is the audit as it was written? `anydoor audit seal`: seal what waits, now."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from anydoor.access import audit_check
from anydoor.access.audit_heads import HeadsUnreadable
from anydoor.config.jobs import seal_audit

MOST_SHOWN = 100


class Command(BaseCommand):
    help = (
        "verify: check every audit row against the seals, the seals against each other and against the heads "
        "signed outside the database; name what was changed, removed, moved, added or cut off. Ends with 0 "
        "when all is as it was written, else with 1. seal: seal what waits, without waiting for the worker."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify", "seal"])
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "seal":
            self._seal(options["json"])
        else:
            self._verify(options["json"])

    def _seal(self, as_json: bool) -> None:
        try:
            done = seal_audit(at=timezone.now())
        except HeadsUnreadable as problem:
            raise CommandError(str(problem), returncode=2) from None
        self.stdout.write(
            json.dumps(asdict(done)) if as_json else f"{done.rows:,} rows sealed in {done.seals:,} seals."
        )

    def _verify(self, as_json: bool) -> None:
        found = audit_check.verify(settings.AUDIT_FOLDER)
        if as_json:
            self.stdout.write(json.dumps(_plain(found)))
        else:
            self._say(found)
        if not found.all_well:
            count = len(found.faults)
            raise CommandError(
                "The audit is not as it was written: " + (f"{count} faults." if count > 1 else "1 fault."),
                returncode=1,
            )

    def _say(self, found: audit_check.Findings) -> None:
        for chain in found.chains:
            words = f"{chain.rows:>9,} rows in {chain.seals:,} seals, head {chain.head[:16]}"
            self.stdout.write(f"{words}  {chain.organisation}")
        self.stdout.write(f"{found.heads:>9,} signed heads compared")
        if found.waiting:
            self.stdout.write(f"{found.waiting:>9,} rows wait for the sealer, which the worker runs")
        for fault in found.faults[:MOST_SHOWN]:
            self.stdout.write(f"{fault.kind}: {fault.words}")
        if len(found.faults) > MOST_SHOWN:
            self.stdout.write(f"and {len(found.faults) - MOST_SHOWN:,} more")
        if found.all_well:
            self.stdout.write("The audit is as it was written.")


def _plain(found: audit_check.Findings) -> dict[str, Any]:
    return {
        "all_well": found.all_well,
        "waiting": found.waiting,
        "heads": found.heads,
        "chains": [
            {"organisation": c.organisation, "rows": c.rows, "seals": c.seals, "head": c.head}
            for c in found.chains
        ],
        "faults": [asdict(fault) for fault in found.faults],
    }
