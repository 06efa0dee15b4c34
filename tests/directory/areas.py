"""The four example areas and their postcodes, for tests of other rooms."""

from __future__ import annotations

from datetime import datetime

from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.directory.area_files import area_slugs
from anydoor.directory.loading import load_areas
from anydoor.directory.postcodes import SAMPLE, load_postcodes

BY = Outsider("A test", "import")


def load_examples(now: datetime) -> None:
    fallback = User.objects.create_user("fallback@norfolk-hubs.example", name="Petra Marsh")
    load_areas(areas=area_slugs(), by=BY, at=now, fallback=fallback)
    load_postcodes(path=SAMPLE, by=BY, at=now)
