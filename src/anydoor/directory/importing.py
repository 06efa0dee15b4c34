"""Reading another directory's feed into ours: each entry whole or not at all, and each answered for.

    done = import_directory(documents=lambda: stream.entries(path), area=area, feed="…", by=by, at=now)
    for each in done.entries: each.outcome, each.faults, each.kept

An entry is known by its id: the same again is unchanged, a changed one is brought up to date. What people
here changed since stays as they made it, field by field, and is told. Entries of our own are never touched,
and what has gone from a feed is told and never removed.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import DataError, IntegrityError, transaction

from anydoor.access import audit
from anydoor.access.audit import Outsider
from anydoor.access.models import Organisation, User
from anydoor.directory import content as contents
from anydoor.directory.content import Content
from anydoor.directory.difference import LABELS, merge
from anydoor.directory.importing_fresh import Fresh
from anydoor.directory.importing_rows import Rows
from anydoor.directory.models import Area, ImportedEntry, Place, Service
from anydoor.directory.open_referral import documents as published
from anydoor.directory.open_referral import publishing, version_one
from anydoor.directory.open_referral.carrying import Document, digest, pruned, what_we_lack
from anydoor.directory.open_referral.circles import Circles
from anydoor.directory.open_referral.faults import EntryFaults, Fault, is_uuid
from anydoor.directory.open_referral.reading import Read, read
from anydoor.directory.open_referral.stream import Raw
from anydoor.directory.versions import keep_current
from anydoor.rules.errors import BadInput
from anydoor.rules.working_time import london_day

BATCH = 100
SAY_EVERY = 500
OUTCOMES = {
    "added": "new",
    "updated": "brought up to date",
    "unchanged": "as they were",
    "kept": "left as people here made them",
    "left_out": "left out",
    "refused": "refused",
}
# The same of one entry.
IN_WORDS = OUTCOMES | {"unchanged": "as it was", "kept": "left as it is here"}


@dataclass(frozen=True, slots=True)
class EntryReport:
    """What became of one entry. `kept` names fields that people here changed and that stay theirs; `notes`
    are fields that could not be used and are carried along."""

    file: str
    number: int
    outcome: str
    external_id: str = ""
    name: str = ""
    why: str = ""
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    kept: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"file": self.file, "entry": self.number, "outcome": self.outcome}
        said |= {key: value for key in ("name", "why") if (value := getattr(self, key))}
        if self.external_id:
            said["id"] = self.external_id
        for key in ("faults", "notes"):
            if told := getattr(self, key):
                said[key] = [{"field": each.path, "reason": each.words} for each in told]
        return said | ({"kept": list(self.kept)} if self.kept else {})


@dataclass(slots=True)
class Imported:
    """What became of a feed. `gone` are names of entries that it had before and has no more."""

    feed: str
    area: str
    preview: bool
    entries: list[EntryReport] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    whole: bool = True

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(each.outcome for each in self.entries)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    def as_json(self) -> dict[str, Any]:
        return {
            "feed": self.feed,
            "area": self.area,
            "preview": self.preview,
            "read_to_the_end": self.whole,
            **self.counts,
            "no_longer_in_the_feed": self.gone,
            "entries": [each.as_json() for each in self.entries],
        }


def import_directory(
    *,
    documents: Callable[[], Iterator[Raw]],
    area: Area,
    feed: str,
    by: User | Outsider,
    at: datetime,
    preview: bool = False,
    said: Callable[[str], object] | None = None,
) -> Imported:
    """Read a feed, entry by entry. A preview does and says the same, and then takes all of it back.

    `documents` is called twice: once to find what goes in a circle, once to read. `feed` names where it is
    from. Raises BadInput when there is nothing in it at all.
    """
    circles = Circles.among(as_version_three(raw, feed)[0] for raw in documents())
    run = _Run(area, feed, at, circles, preview)
    with _all_taken_back() if preview else nullcontext():
        for batch in _batches(documents()):
            with transaction.atomic():
                run.take(batch)
            if (
                said
                and len(run.done.entries) // SAY_EVERY > (len(run.done.entries) - len(batch)) // SAY_EVERY
            ):
                said(f"{len(run.done.entries):,} entries read")
        if not run.done.entries:
            raise BadInput("There are no entries in this feed.")
        with transaction.atomic():
            run.tell_what_is_gone()
            if not preview:
                counts = ", ".join(
                    f"{count} {OUTCOMES[key]}" for key, count in run.done.counts.items() if count
                )
                audit.record(
                    action="import_directory",
                    subject="area",
                    subject_id=area.pk,
                    by=by,
                    at=at,
                    purpose="directory",
                    why=f"{feed[:120]}: {counts}",
                )
    return run.done


@contextmanager
def _all_taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _batches(documents: Iterator[Raw]) -> Iterator[list[Raw]]:
    while batch := list(islice(documents, BATCH)):
        yield batch


def as_version_three(raw: Raw, feed: str) -> tuple[Document, str]:
    """The entry as version 3 has it, without what says nothing; and which version it came in, if any."""
    if raw.fault or not isinstance(raw.document, Mapping):
        return {}, ""
    if version_one.is_version_one(raw.document):
        return version_one.as_version_three(raw.document, feed), "1"
    document: Document = pruned(raw.document)
    if is_uuid(document.get("id")):
        document["id"] = document["id"].lower()
    return document, "3"


class _Run:
    """One reading of one feed."""

    def __init__(self, area: Area, feed: str, at: datetime, circles: Circles, preview: bool) -> None:
        self.area, self.feed, self.at = area, feed, at
        self.circles = circles
        self.blank = contents.empty(area) | {"level": "universal"}
        self.rows = Rows(area, feed, at)
        self.seen: dict[uuid.UUID, tuple[str, int, str]] = {}
        self.known: dict[uuid.UUID, ImportedEntry] = {}
        self.ours: dict[uuid.UUID, Service] = {}
        self.fresh: Fresh | None = None
        self.same: list[int] = []
        self.done = Imported(feed, area.slug, preview)

    def take(self, batch: list[Raw]) -> None:
        """A batch of entries, each in a savepoint of its own. What hangs on the new ones is written together;
        should the database refuse that, the batch is taken again one by one, to find whose fault it is."""
        before, many = dict(self.rows.slugs), len(self.done.entries)
        districts = set(self.rows.known_districts)
        try:
            with transaction.atomic():
                self.fresh = Fresh()
                self._take(batch)
                self.fresh.write()
        except (DataError, IntegrityError):
            self.rows.slugs, self.rows.known_districts = before, districts
            self.rows.keep()
            del self.done.entries[many:]
            self.fresh = None
            self._take(batch)

    def _take(self, batch: list[Raw]) -> None:
        told = [as_version_three(raw, self.feed) for raw in batch]
        uids = [document["id"] for document, _ in told if is_uuid(document.get("id"))]
        rows = ImportedEntry.objects.filter(kind="service", uid__in=uids).select_related("service")
        self.known = {row.uid: row for row in rows}
        new = [uid for uid in map(uuid.UUID, uids) if uid not in self.known]
        self.ours = {row.uid: row for row in Service.objects.filter(uid__in=new)}
        self.same = []
        for raw, (document, version) in zip(batch, told, strict=True):
            self.done.entries.append(self._entry(raw, document, version))
            self.done.whole = self.done.whole and not raw.ends
        ImportedEntry.objects.filter(pk__in=self.same).update(
            last_seen=self.at, missing_since=None, feed=self.feed
        )

    def _entry(self, raw: Raw, document: Document, version: str) -> EntryReport:
        def report(outcome: str, **told: Any) -> EntryReport:
            external = raw.document.get("id") if isinstance(raw.document, Mapping) else None
            name = document.get("name")
            return EntryReport(
                raw.file,
                raw.number,
                outcome,
                external_id=_short(external),
                name=_short(name) if isinstance(name, str) else "",
                **told,
            )

        if raw.fault or not version:
            words = raw.fault or "this is no object, so it is no entry"
            return report("refused", faults=(Fault("", words),))
        try:
            again = self._seen_before(raw, document)
            if again:
                return report("left_out", why=again)
            with transaction.atomic():
                outcome, told = self._put(document, version, _short(raw.document.get("id")))
        except EntryFaults as wrong:
            self._forget()
            return report("refused", faults=wrong.faults)
        except IntegrityError:
            self._forget()
            return report("refused", faults=(Fault("", "another entry has the same id or short name"),))
        except DataError:
            self._forget()
            return report(
                "refused", faults=(Fault("", "something in it is longer or other than can be kept"),)
            )
        self.rows.keep()
        return report(outcome, **told)

    def _forget(self) -> None:
        """What a refused entry began is gone with its savepoint."""
        self.rows.forget()
        if self.fresh is not None:
            self.fresh.forget()

    def _seen_before(self, raw: Raw, document: Document) -> str:
        """Words when the very same entry stood further up. Raises EntryFaults when another one had its id."""
        if not is_uuid(document.get("id")):
            return ""
        uid, mark = uuid.UUID(document["id"]), digest(document)
        before = self.seen.setdefault(uid, (raw.file, raw.number, mark))
        if before[:2] == (raw.file, raw.number):
            return ""
        where = f"entry {before[1]}" + (f" of {before[0]}" if before[0] != raw.file else "")
        if before[2] == mark:
            return f"the same stands in {where}"
        raise EntryFaults([Fault("id", f"{where} has the same id and says something else")])

    # ---- one entry

    def _put(self, document: Document, version: str, external_id: str) -> tuple[str, dict[str, Any]]:
        """Outcome and what to tell. Raises EntryFaults; the savepoint around takes back what was begun."""
        uid = uuid.UUID(document["id"]) if is_uuid(document.get("id")) else uuid.UUID(int=0)
        entry, mark = self.known.get(uid), digest(document)
        if entry is not None and entry.digest == mark:
            self.same.append(entry.pk)
            return "unchanged", {}
        told = self._read(document)
        row = entry.service if entry is not None else self.ours.get(uid)
        if row is not None and entry is None:
            return "kept", {"why": "it is an entry of this directory itself"}
        if row is None and not told.offered:
            return "left_out", {"why": f"the feed says that it is {document['status']}"}
        content = self._content(document, told, row)
        kept: tuple[str, ...] = ()
        merged = content
        if row is None:
            slug = self.rows.free_slug(Service, told.slug, content["name"], uid)
            row = Service(uid=uid, slug=slug, area=self.area, source=f"Open Referral feed: {self.feed}"[:200])
        elif entry is not None:
            keep_current(row, at=self.at)
            merged, kept = self._merged(entry, row, content)
        row.invented = list(told.invented)
        if told.last_checked and (row.last_checked is None or told.last_checked > row.last_checked):
            row.last_checked = told.last_checked
        if entry is None and self.fresh is not None:
            mine = self.fresh.put(row, content, london_day(self.at))
            says = self._told(row, document, mark, version, external_id, what_we_lack(mine, document))
            self.fresh.later(row, content, self._new(row, says))
            return "added", {"notes": told.notes, "kept": ()}
        contents.put(row, content)
        mine = published.own_service_document(
            publishing.entry_of(publishing.whole(row.pk)), london_day(self.at)
        )
        if merged != content:
            contents.put(row, merged)
        says = self._told(row, document, mark, version, external_id, what_we_lack(mine, document))
        if entry is None:
            self._new(row, says).save()
        else:
            ImportedEntry.objects.filter(pk=entry.pk).update(**says)
        return "added" if entry is None else "updated", {"notes": told.notes, "kept": kept}

    def _read(self, document: Document) -> Read:
        faults = self.circles.faults_of(document)
        try:
            told = read(document, self.blank)
        except EntryFaults as wrong:
            raise EntryFaults([*wrong.faults, *faults]) from None
        if faults:
            raise EntryFaults(faults)
        return told

    def _content(self, document: Document, told: Read, row: Service | None) -> Content:
        """What they say as the content of an entry here, with its organisation and places made or found."""
        organisation = self.rows.organisation(told.organisation, document["organization"])
        locations = [link["location"] for link in document.get("service_at_locations", [])]
        places = self.rows.places(told.places, {each["id"].lower(): each for each in locations})
        self.rows.districts(told.districts)
        return self._standing(_placed(told.content, organisation, places), told, row)

    def _standing(self, content: Content, told: Read, row: Service | None) -> Content:
        """Closed for now from the day we heard of it; over from that day where it is no more."""
        today = london_day(self.at)
        if told.closed_now and not content["closed_from"]:
            since = row.closed_from if row is not None and row.is_closed_for_now(today) else today
            content["closed_from"] = (since or today).isoformat()
        if not told.closed_now and not content["closed_from"]:
            content["closed_note"] = ""
        if not told.offered:
            over = row.state_until if row is not None and row.state == "closed" else today
            content |= {"state": "closed", "state_until": (over or today).isoformat(), "state_from": None}
        return content

    def _merged(
        self, entry: ImportedEntry, row: Service, content: Content
    ) -> tuple[Content, tuple[str, ...]]:
        """What they say now, but for what people here changed since; and the labels of what stays theirs."""
        now = contents.content_of(row)
        try:
            told = read(entry.payload, self.blank)
        except EntryFaults:
            return content, ()  # it was read by other rules then: nothing can be told apart
        places = {str(each.uid): self.rows.slug_of(Place, each.uid) for each in told.places}
        organisation = self.rows.slug_of(Organisation, told.organisation.uid)
        base = self._standing(_placed(told.content, organisation, places), told, row)
        merged, _ = merge(base, content, now)
        mine = [name for name in base if now[name] != base[name] and merged[name] != content[name]]
        return merged, tuple(LABELS.get(name, name) for name in mine)

    def _told(
        self, row: Service, document: Document, mark: str, version: str, external_id: str, carried: Document
    ) -> dict[str, Any]:
        return {
            "feed": self.feed,
            "external_id": external_id,
            "version": version,
            "service": row,
            "payload": document,
            "digest": mark,
            "carried": carried,
            "inner_ids": [uuid.UUID(each["id"]) for each in document.get("service_at_locations", [])],
            "last_seen": self.at,
            "last_changed": self.at,
            "missing_since": None,
        }

    def _new(self, row: Service, told: dict[str, Any]) -> ImportedEntry:
        return ImportedEntry(kind="service", uid=row.uid, area=self.area, first_seen=self.at, **told)

    # ---- what is gone

    def tell_what_is_gone(self) -> None:
        """Entries that this feed had before: only when it was read to its end."""
        if not self.done.whole:
            return
        gone = (
            ImportedEntry.objects.filter(kind="service", feed=self.feed, area=self.area)
            .exclude(uid__in=self.seen)
            .exclude(service__state="closed")
        )
        gone.filter(missing_since__isnull=True).update(missing_since=self.at)
        self.done.gone = list(gone.order_by("service__name").values_list("service__name", flat=True))


def _placed(content: Content, organisation: str, places: Mapping[str, str]) -> Content:
    """The content with the slugs of rows where ids of theirs stood."""
    return dict(content) | {
        "organisation": organisation,
        "places": sorted(places[each] for each in content["places"]),
        "sessions": contents.in_order(
            [one | {"place": places.get(one["place"], "")} for one in content["sessions"]]
        ),
    }


def _short(value: Any) -> str:
    """For a report on a terminal: one line, nothing that a terminal would obey."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return "".join(mark if mark.isprintable() else "?" for mark in text[:200])
