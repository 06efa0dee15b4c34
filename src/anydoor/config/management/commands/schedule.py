"""`anydoor schedule`: routine contacts in numbers, and worked out anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from anydoor.care.models import ScheduledContact
from anydoor.care.schedule.keeping import CHILD_ROLES, keep
from anydoor.care.schedule.local import every_area
from anydoor.people.models import Family, FamilyMember
from anydoor.rules.errors import BadInput
from anydoor.rules.working_time import london_day

BLOCK = 1000


class Command(BaseCommand):
    help = (
        "Count routine contacts that are due and overdue. With --again, work them out anew for every "
        "family: after an upgrade, or when an area changed its windows or teams. What was done is kept; it "
        "may be run at any time. Ends with 1 when the schedule file cannot be used."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="work out every family's contacts anew")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            areas = sorted(every_area())
        except BadInput as fault:
            raise CommandError(fault.message, returncode=1) from fault
        at = timezone.now()
        if options["again"]:
            self.stdout.write(f"{self._again(at):>9,} families worked out anew")
        on = london_day(at)
        rows = ScheduledContact.objects.all()
        self.stdout.write(f"{rows.due(on).count():>9,} contacts due")
        self.stdout.write(f"{rows.overdue(on).count():>9,} overdue")
        self.stdout.write(f"{rows.filter(state='done').count():>9,} done")
        self.stdout.write(f"          areas with settings of their own: {', '.join(areas) or 'none'}")

    def _again(self, at: Any) -> int:
        """Family by family, each in a transaction of its own, so that nobody waits for the whole of it."""
        done = last = 0
        while True:
            families = list(
                FamilyMember.objects.filter(role__in=CHILD_ROLES, left_at__isnull=True, family_id__gt=last)
                .order_by("family_id")
                .values_list("family_id", flat=True)
                .distinct()[:BLOCK]
            )
            for family_id in families:
                with transaction.atomic():
                    keep(Family.objects.select_for_update().get(pk=family_id), at=at)
            done += len(families)
            if len(families) < BLOCK:
                return done
            last = families[-1]
