"""New entries of a feed, written many at a time: what they say is worked out from rows in hand.

Each row is put in by itself, inside the savepoint of its entry, so that a clash of names refuses that entry
alone. What hangs on it (footprint, places, times, where it is from) is written together for the whole batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from anydoor.access.models import Organisation
from anydoor.directory import content as contents
from anydoor.directory.content import Content
from anydoor.directory.models import District, ImportedEntry, Place, Service, Session
from anydoor.directory.open_referral import documents, publishing
from anydoor.directory.open_referral.carrying import Document

Slugs = Iterable[str]


class Fresh:
    """The new entries of one batch, and the rows that they share."""

    def __init__(self) -> None:
        self.organisations: dict[str, Organisation] = {}
        self.places: dict[str, Place] = {}
        self.districts: dict[str, District] = {}
        self._waiting: list[tuple[Service, list[District], list[Place], list[Session], ImportedEntry]] = []

    def forget(self) -> None:
        """What a refused entry may have made is gone with its savepoint: shared rows are read again."""
        self.organisations, self.places, self.districts = {}, {}, {}

    def put(self, row: Service, content: Content, on: date) -> Document:
        """Save the row alone, and what we would publish of it once the rest is written."""
        organisation = self._organisation(content["organisation"])
        footprint = self._districts(content["footprint"])
        wanted = contents.places_of(content)
        places = self._places(wanted)
        for name, value in contents.columns_of(content).items():
            setattr(row, name, value)
        row.organisation = organisation
        row.save(force_insert=True)
        Service._meta.get_field("imported").set_cached_value(row, None)  # not yet: so nobody asks for it
        footprint.sort(key=lambda each: each.pk)
        given = [places[slug] for slug in content["places"]]
        given.sort(key=lambda each: (each.name, str(each.uid)))
        sessions = [contents.session_row(row, one, places) for one in content["sessions"]]
        contents.answered(row, {"footprint": footprint, "places": given, "sessions": sessions})
        return documents.own_service_document(publishing.entry_of(row), on)

    def later(self, row: Service, content: Content, imported: ImportedEntry) -> None:
        """What hangs on a row that was put, for `write`."""
        footprint = self._districts(content["footprint"])
        given = [self.places[slug] for slug in content["places"]]
        self._waiting.append((row, footprint, given, list(row.sessions.all()), imported))

    def write(self) -> None:
        """All that waits, a statement a table."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        covers, given = Service.footprint.through, Service.places.through
        covers._default_manager.bulk_create(
            covers(service_id=row.pk, district_id=each.pk) for row, found, *_ in waiting for each in found
        )
        given._default_manager.bulk_create(
            given(service_id=row.pk, place_id=each.pk) for row, _, places, *_ in waiting for each in places
        )
        Session.objects.bulk_create(each for *_, sessions, _ in waiting for each in sessions)
        ImportedEntry.objects.bulk_create(imported for *_, imported in waiting)

    # ---- rows that many entries share

    def _organisation(self, slug: str) -> Organisation:
        if slug not in self.organisations:
            self.organisations[slug] = Organisation.objects.select_related("imported").get(slug=slug)
        return self.organisations[slug]

    def _places(self, slugs: Slugs) -> Mapping[str, Place]:
        missing = set(slugs) - self.places.keys()
        if missing:
            self.places |= {row.slug: row for row in publishing.places_in_full().filter(slug__in=missing)}
        return self.places

    def _districts(self, codes: Slugs) -> list[District]:
        wanted: list[Any] = list(dict.fromkeys(codes))
        missing = set(wanted) - self.districts.keys()
        if missing:
            self.districts |= District.objects.in_bulk(list(missing))
        return [self.districts[code] for code in wanted]
