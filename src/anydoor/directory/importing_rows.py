"""Organisations, places and districts that come with imported entries: made once, then brought up to date."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.text import slugify

from anydoor.access.models import Organisation
from anydoor.directory.models import Area, District, ImportedEntry, Place, Postcode
from anydoor.directory.open_referral import documents, publishing
from anydoor.directory.open_referral.carrying import Document, digest, what_we_lack
from anydoor.directory.open_referral.documents import OrganisationFacts, PlaceFacts
from anydoor.directory.open_referral.reading import read_organisation, read_place

ORGANISATION_COLUMNS = ("name", "kind", "ods_code")
PLACE_COLUMNS = ("name", "kind", "address", "postcode", "opens", "accessibility", "latitude", "longitude")


class Rows:
    """What one reading of a feed made and found. After an entry: `keep`, or `forget` if refused."""

    def __init__(self, area: Area, feed: str, at: datetime) -> None:
        self.area, self.feed, self.at = area, feed, at
        self.slugs: dict[uuid.UUID, str] = {}
        self.known_districts: set[str] = set(District.objects.values_list("pk", flat=True))
        self.fresh: list[uuid.UUID] = []
        self.fresh_districts: set[str] = set()

    def keep(self) -> None:
        self.fresh, self.fresh_districts = [], set()

    def forget(self) -> None:
        for uid in self.fresh:
            self.slugs.pop(uid, None)
        self.known_districts -= self.fresh_districts
        self.keep()

    def free_slug(self, model: type[Model], wanted: str, name: str, uid: uuid.UUID) -> str:
        """Theirs where nobody has it; else the name with the beginning of the id."""
        if wanted and not model._default_manager.filter(slug=wanted).exists():
            return wanted
        return f"{slugify(name)[:60].strip('-') or 'entry'}-{uid.hex[:8]}"

    def slug_of(self, model: type[Organisation] | type[Place], uid: uuid.UUID) -> str:
        """The slug of a row that was made before; empty when it is gone."""
        if uid in self.slugs:
            return self.slugs[uid]
        return model._default_manager.filter(uid=uid).values_list("slug", flat=True).first() or ""

    # ---- organisations

    def organisation(self, facts: OrganisationFacts, payload: Document) -> str:
        """The slug of the row. The first telling of a feed counts: later ones that differ change nothing."""
        if facts.uid in self.slugs:
            return self.slugs[facts.uid]
        row = Organisation.objects.select_related("imported").filter(uid=facts.uid).first()
        imported = getattr(row, "imported", None) if row is not None else None
        if row is None:
            slug = self.free_slug(Organisation, facts.slug, facts.name, facts.uid)
            row = Organisation(uid=facts.uid, slug=slug)
            _set(row, ORGANISATION_COLUMNS, facts, None)
            row.save()
        elif imported is None:
            return self._found(facts.uid, row.slug)  # one of our own: not theirs to change
        elif imported.digest != digest(payload):
            _set(row, ORGANISATION_COLUMNS, facts, read_organisation(imported.payload))
            row.save()
        mine = documents.organization_document(replace(facts, slug=row.slug, carried={}))
        self._remember("organization", facts.uid, payload, mine, imported, organisation=row)
        return self._found(facts.uid, row.slug)

    # ---- places

    def places(self, told: Sequence[PlaceFacts], payloads: Mapping[str, Document]) -> dict[str, str]:
        """Slugs by id, as text. `payloads` has each place's document by its id."""
        return {str(facts.uid): self._place(facts, payloads[str(facts.uid)]) for facts in told}

    def _place(self, facts: PlaceFacts, payload: Document) -> str:
        if facts.uid in self.slugs:
            return self.slugs[facts.uid]
        row = Place.objects.select_related("imported").filter(uid=facts.uid).first()
        imported = getattr(row, "imported", None) if row is not None else None
        if row is None:
            slug = self.free_slug(Place, facts.slug, facts.name, facts.uid)
            row = Place(
                uid=facts.uid, slug=slug, area=self.area, source=f"Open Referral feed: {self.feed}"[:200]
            )
            _set(row, PLACE_COLUMNS, facts, None)
        elif imported is None:
            return self._found(facts.uid, row.slug)
        elif imported.digest != digest(payload):
            _set(row, PLACE_COLUMNS, facts, read_place(imported.payload))
        row.accessibility = list(row.accessibility)
        row.district_id = self._district_of(row.postcode)
        row.save()
        there = publishing.places_to_publish([row.pk])[row.pk]
        theirs = {
            name: getattr(facts, name) for name in PLACE_COLUMNS if name not in {"latitude", "longitude"}
        }
        if facts.latitude is not None:
            theirs |= {"latitude": facts.latitude, "longitude": facts.longitude}
        mine = documents.location_document(replace(there, carried={}, **theirs))
        self._remember("location", facts.uid, payload, mine, imported, place=row)
        return self._found(facts.uid, row.slug)

    def _district_of(self, postcode: str) -> str | None:
        return Postcode.objects.filter(pk=postcode).values_list("district_id", flat=True).first()

    # ---- districts

    def districts(self, names: Mapping[str, str]) -> None:
        """Those that are not there yet, by code; a name that we have stays ours."""
        for code in names.keys() - self.known_districts:
            District.objects.get_or_create(code=code, defaults={"name": names[code] or code})
            self.known_districts.add(code)
            self.fresh_districts.add(code)

    # ---- where it is from

    def _found(self, uid: uuid.UUID, slug: str) -> str:
        self.slugs[uid] = slug
        self.fresh.append(uid)
        return slug

    def _remember(
        self,
        kind: str,
        uid: uuid.UUID,
        payload: Document,
        mine: Document,
        imported: ImportedEntry | None,
        **row: Any,
    ) -> None:
        mark = digest(payload)
        if imported is not None and imported.digest == mark:
            ImportedEntry.objects.filter(pk=imported.pk).update(last_seen=self.at, feed=self.feed)
            return
        told = {
            "feed": self.feed,
            "external_id": str(payload.get("id", ""))[:200],
            "version": "3",
            "payload": payload,
            "digest": mark,
            "carried": what_we_lack(mine, payload),
            "last_seen": self.at,
            "last_changed": self.at,
            **row,
        }
        if imported is None:
            ImportedEntry.objects.create(kind=kind, uid=uid, area=self.area, first_seen=self.at, **told)
        else:
            ImportedEntry.objects.filter(pk=imported.pk).update(**told)


def _set(row: Any, names: Sequence[str], theirs: Any, before: Any) -> None:
    """What they say now, but for what people here made otherwise than they said before."""
    for name in names:
        value, was = getattr(theirs, name), getattr(before, name, None)
        mine = getattr(row, name)
        untouched = before is None or mine == was or (isinstance(was, tuple) and list(was) == mine)
        if untouched:
            setattr(row, name, list(value) if isinstance(value, tuple) else value)
