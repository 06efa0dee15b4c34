"""`anydoor sharing AREA`: what the organisations of an area agreed about sharing; show it, or set it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from anydoor.access import audit
from anydoor.access.audit import Outsider
from anydoor.access.models import Organisation
from anydoor.care.models import AreaSharing
from anydoor.directory.models import Area

BY = Outsider("anydoor sharing", "import")


class Command(BaseCommand):
    help = (
        "Show what an area agreed about sharing, or set it: whether families say yes first (opt-in), which "
        "organisations form the agreed circle, and how many days a team keeps its own work in sight after it "
        "ended. Families whose sight changes are worked out anew by the next verb or sweep that touches them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("area", help="slug of the area, like north-lincolnshire")
        parser.add_argument("--opt-in", choices=["yes", "no"], help="whether a family says yes first")
        parser.add_argument("--circle", nargs="*", metavar="ORGANISATION", help="slugs; none empties it")
        parser.add_argument("--past-days", type=int, metavar="DAYS", help="1 to 3650")

    def handle(self, *args: Any, **options: Any) -> None:
        area = Area.objects.filter(slug=options["area"]).first()
        if area is None:
            raise CommandError(f"There is no area {options['area']!r}.", returncode=2)
        with transaction.atomic():
            row = self._set(area, options)
        circle = ", ".join(one.name for one in row.circle.order_by("name")) or "the front door's own alone"
        self.stdout.write(f"{area.name}: a family says yes first: {'yes' if row.opt_in else 'no'}")
        self.stdout.write(f"agreed circle: {circle}")
        self.stdout.write(f"own work stays in sight for {row.past_days} days")

    def _set(self, area: Area, options: dict[str, Any]) -> AreaSharing:
        row, _ = AreaSharing.objects.get_or_create(area=area)
        if options["past_days"] is not None:
            if not 1 <= options["past_days"] <= 3650:
                raise CommandError("--past-days is a number from 1 to 3650.", returncode=2)
            row.past_days = options["past_days"]
        if options["opt_in"] is not None:
            row.opt_in = options["opt_in"] == "yes"
        row.save()
        if options["circle"] is not None:
            found = {one.slug: one for one in Organisation.objects.filter(slug__in=options["circle"])}
            missing = [slug for slug in options["circle"] if slug not in found]
            if missing:
                raise CommandError(f"There is no organisation {missing[0]!r}.", returncode=2)
            row.circle.set(found.values())
        if any(options[name] is not None for name in ("opt_in", "circle", "past_days")):
            audit.record(action="sharing_set", subject="area", subject_id=area.pk, by=BY, at=timezone.now())
        return row
