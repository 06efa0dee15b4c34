"""Other directories' feeds: each entry whole or refused with reasons; the same again; what people changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError
from tests.directory import foreign
from tests.directory.foreign import Document

from anydoor.access.audit import Outsider
from anydoor.access.models import AuditEntry, Organisation
from anydoor.directory import content as contents
from anydoor.directory import importing
from anydoor.directory.importing import Imported, import_directory
from anydoor.directory.importing_fresh import Fresh
from anydoor.directory.loading import Loaded
from anydoor.directory.models import Area, ImportedEntry, Place, Service, ServiceVersion, Session
from anydoor.directory.open_referral import documents, publishing, stream
from anydoor.rules.errors import BadInput, NotFound
from anydoor.rules.working_time import london_day

BY = Outsider("A test", "import")
Import = Callable[..., Imported]

pytestmark = pytest.mark.django_db


@pytest.fixture
def norfolk(areas_once: list[Loaded], db: None) -> Area:
    return Area.objects.get(slug="norfolk")


@pytest.fixture
def bring(norfolk: Area, tmp_path: Path, now: datetime) -> Import:
    """Write documents as a page to a file and import it."""

    def bring(
        *told: Any, at: datetime = now, preview: bool = False, area: Area = norfolk, raw: str = ""
    ) -> Imported:
        file = tmp_path / "feed.json"
        file.write_text(raw or json.dumps(foreign.page(list(told))))
        return import_directory(
            documents=lambda: stream.entries(file), area=area, feed="otters", by=BY, at=at, preview=preview
        )

    return bring


def exported(now: datetime) -> dict[str, Document]:
    """The whole feed, by id."""
    on = london_day(now)
    rows = publishing.with_all(publishing.published(on))
    return {str(row.uid): documents.service_document(publishing.entry_of(row), on) for row in rows}


def outcomes(done: Imported) -> list[str]:
    return [each.outcome for each in done.entries]


def faults(done: Imported, at: int = 0) -> dict[str, str]:
    return {each.path: each.words for each in done.entries[at].faults}


# ---------------------------------------------------------------- many at a time


def many() -> list[Document]:
    return [
        foreign.service(
            f"Group {at}",
            organization=foreign.organization(f"Trust {at % 3}"),
            organization_id=foreign.uid(f"Trust {at % 3}"),
        )
        for at in range(20)
    ]


def test_new_entries_ask_the_database_little(
    bring: Import, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    """Each has its own savepoint and its own row; what hangs on them is written for all at once."""
    with django_assert_max_num_queries(3 * 20 + 55):
        assert outcomes(bring(*many())) == ["added"] * 20


def test_written_together_or_one_by_one_is_the_same(
    bring: Import, norfolk: Area, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [*many(), foreign.service("Nameless") | {"name": ""}, *map(foreign.version_one, range(3))]
    together, first = outcomes(bring(*told)), exported(now)
    assert together.count("added") == 23
    Service.objects.filter(imported__isnull=False).delete()
    ImportedEntry.objects.all().delete()
    Organisation.objects.filter(name__startswith="Trust").delete()

    def refuse(self: Fresh) -> None:
        raise DataError("one of them cannot be kept")

    monkeypatch.setattr(Fresh, "write", refuse)
    assert outcomes(bring(*told)) == together
    second = exported(now)
    assert first == second
    assert outcomes(bring(*told)).count("unchanged") == 23


def test_one_that_the_database_refuses_takes_no_other_with_it(
    bring: Import, norfolk: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first brings an organisation and is refused: the next of the same organisation brings it again."""
    save = Service.save

    def refuse(self: Service, *args: Any, **more: Any) -> None:
        save(self, *args, **more)
        if self.name == "Group 0":
            raise IntegrityError("another has its short name")

    monkeypatch.setattr(Service, "save", refuse)
    done = bring(*many())
    assert outcomes(done) == ["refused", *["added"] * 19]
    assert not Service.objects.filter(name="Group 0").exists()
    assert Service.objects.get(name="Group 3").organisation.name == "Trust 0"
    assert Service.objects.get(name="Group 3").sessions.exists()


# ---------------------------------------------------------------- there and back


def clear(now: datetime) -> Area:
    """Take the whole directory away, and give an area elsewhere that has nothing."""
    Service.objects.all().delete()
    ImportedEntry.objects.all().delete()
    Place.objects.all().delete()
    for number, row in enumerate(Organisation.objects.all()):
        row.uid, row.slug = foreign.uid(f"old {number}"), f"old-{number}"
        row.save()
    area = Area.objects.get(slug="cornwall")
    Area.objects.exclude(pk=area.pk).update(places_near=[])
    return area


def test_our_own_areas_come_back_as_they_went(bring: Import, now: datetime) -> None:
    for number, row in enumerate(Service.objects.live(london_day(now)).order_by("pk")[:12]):
        place = row.places.first()
        Session.objects.create(
            service=row,
            place=place,
            weekday=number % 7,
            starts="10:00",
            ends="12:00",
            every_weeks=1 + number % 2,
            from_on=date(2026, 3, 11) if number % 2 else None,
            online=number % 3 == 0,
            note="Term time",
            invented=number % 4 == 0,
        )
    Session.objects.create(service=row, on_date=date(2026, 4, 1), starts="09:00", ends="10:00")
    Service.objects.filter(pk=row.pk).update(
        closed_from=date(2026, 1, 1), closed_note="Back soon.", is_free=False, cost_note="£3", free_places=2
    )
    Organisation.objects.filter(services=row).update(ods_code="RM1")
    went = exported(now)
    assert len(went) > 100
    elsewhere = clear(now)
    assert exported(now) == {}
    done = bring(*went.values(), area=elsewhere)
    assert done.counts["added"] == len(went), [each for each in done.entries if each.outcome != "added"][:3]
    assert exported(now) == went
    again = bring(*went.values(), area=elsewhere, at=now + timedelta(days=1))
    assert set(outcomes(again)) == {"unchanged"}


def test_what_others_wrote_comes_back_as_it_went(bring: Import, now: datetime) -> None:
    told = [foreign.service(), foreign.service("Big Otters", minimum_age=18, maximum_age=100)]
    done = bring(*told)
    assert outcomes(done) == ["added", "added"]
    went = {uid: each for uid, each in exported(now).items() if uid in {one["id"] for one in told}}
    for one in told:
        assert_holds(went[one["id"]], one)
    bring(*went.values(), area=clear(now))
    assert exported(now) == went


def assert_holds(ours: Any, theirs: Any, path: str = "") -> None:
    """Everything they said is said again; more may be said. Terms may stand among ours."""
    if isinstance(theirs, dict):
        for key, value in theirs.items():
            assert key in ours, f"{path}.{key}"
            assert_holds(ours[key], value, f"{path}.{key}")
    elif path.endswith(".attributes"):
        assert all(each in ours for each in theirs), path
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs), path
        for at, each in enumerate(theirs):
            assert_holds(ours[at], each, f"{path}[{at}]")
    else:
        assert ours == theirs, path


def test_version_one_comes_back_as_version_three(bring: Import, now: datetime) -> None:
    done = bring(
        raw=json.dumps({"totalElements": 2, "content": [foreign.version_one(7), foreign.version_one(8)]})
    )
    assert outcomes(done) == ["added", "added"]
    row = ImportedEntry.objects.get(kind="service", external_id="7").service
    assert row is not None
    assert (row.name, row.child_from_days, row.is_free, row.phone) == (
        "Toddler time 7",
        365,
        False,
        "01632 960777",
    )
    assert [(one.weekday, f"{one.starts:%H:%M}") for one in row.sessions.all()] == [(3, "09:30")]
    place = row.places.get()
    assert (place.name, place.postcode, place.address) == (
        "The library",
        "NR1 3DD",
        "2 Book Lane, Otterbourne",
    )
    went = {uid: each for uid, each in exported(now).items() if uid == str(row.uid)}
    told = went[str(row.uid)]
    assert (told["minimum_age"], told["maximum_age"], told["fees"]) == (1, 3, "£2 a family")
    assert "Play" in {each["taxonomy_term"]["name"] for each in told["attributes"]}
    again = bring(
        raw=json.dumps({"totalElements": 2, "content": [foreign.version_one(7), foreign.version_one(8)]})
    )
    assert outcomes(again) == ["unchanged", "unchanged"]
    bring(*went.values(), area=clear(now))
    assert exported(now) == went


# ---------------------------------------------------------------- what is made of it


def test_an_entry_is_read(bring: Import) -> None:
    done = bring(foreign.service())
    assert outcomes(done) == ["added"]
    row = Service.objects.get(uid=foreign.uid("Little Otters"))
    assert row.summary == "A warm welcome for new parents & babies.\n\nTea\n\nSongs"
    assert (row.email, row.phone, row.is_free) == ("hello@otters.example", "01632 960123", True)
    assert (row.child_from_days, row.child_to_days) == (0, 1826)
    assert (row.level, row.strand, row.needs) == ("universal", "", [])  # listed, never proposed by itself
    assert row.last_checked == date(2026, 1, 20)
    assert row.languages == ["Polish"]
    assert [(one.weekday, one.from_on) for one in row.sessions.all()] == [
        (0, date(2026, 1, 5)),
        (3, date(2026, 1, 5)),
    ]
    assert row.when == "First of the month, for dads"
    assert row.source == "Open Referral feed: otters"
    place = row.places.get()
    assert (place.address, place.accessibility) == ("1 River Walk, Otterbourne", ["step_free"])
    assert row.organisation.name == "Otter Trust"
    kept = ImportedEntry.objects.get(service=row)
    assert (kept.feed, kept.external_id, kept.version) == ("otters", str(row.uid), "3")
    assert kept.payload["name"] == "Little Otters"
    assert ImportedEntry.objects.filter(kind="location", place=place).exists()
    assert ImportedEntry.objects.filter(kind="organization", organisation=row.organisation).exists()


def test_twice_is_once_and_a_change_is_a_change(bring: Import, now: datetime) -> None:
    bring(foreign.service())
    assert outcomes(bring(foreign.service())) == ["unchanged"]
    later = now + timedelta(days=7)
    told = foreign.service(email="new@otters.example", description="New words.", schedules=[])
    done = bring(told, at=later)
    assert outcomes(done) == ["updated"]
    row = Service.objects.get(uid=foreign.uid("Little Otters"))
    assert (row.email, row.summary, row.sessions.count()) == ("new@otters.example", "New words.", 0)
    assert Service.objects.filter(name="Little Otters").count() == 1
    kept = ImportedEntry.objects.get(service=row)
    assert (kept.first_seen, kept.last_seen, kept.last_changed) == (now, later, later)
    # What it said before can be seen and brought back.
    assert ServiceVersion.objects.get(service=row, number=1).content["email"] == "hello@otters.example"
    assert AuditEntry.objects.filter(action="import_directory").count() == 3


def test_what_people_here_changed_stays_and_is_told(bring: Import, now: datetime) -> None:
    bring(foreign.service())
    row = Service.objects.get(uid=foreign.uid("Little Otters"))
    row.name, row.phone, row.level = "Otters for little ones", "01632 960555", "targeted"
    row.save()
    assert outcomes(bring(foreign.service())) == ["unchanged"]
    done = bring(foreign.service("Little Otters", fees="£1", alert="Mind the step", email="x@otters.example"))
    assert outcomes(done) == ["updated"]
    row.refresh_from_db()
    assert (row.name, row.phone, row.level) == ("Otters for little ones", "01632 960555", "targeted")
    assert row.email == "x@otters.example"
    assert set(done.entries[0].kept) == {"Name", "Phone", "Level"}
    told = exported(now)[str(row.uid)]
    assert (told["name"], told["phones"][0]["number"], told["alert"]) == (
        "Otters for little ones",
        "01632 960555",
        "Mind the step",
    )


def test_an_entry_of_our_own_is_never_touched(bring: Import, now: datetime) -> None:
    row = Service.objects.live(london_day(now)).order_by("pk")[0]
    told = exported(now)[str(row.uid)] | {"name": "Hijacked"}
    before = contents.content_of(row)
    done = bring(told)
    assert (done.entries[0].outcome, done.entries[0].why) == (
        "kept",
        "it is an entry of this directory itself",
    )
    row.refresh_from_db()
    assert contents.content_of(row) == before
    # Nor is an organisation or a place of ours that somebody else's entry claims.
    mine = Organisation.objects.get(pk=row.organisation_id)
    claimed = foreign.organization(id=str(mine.uid), name="Hijacked")
    bring(foreign.service(organization=claimed, organization_id=str(mine.uid)))
    mine.refresh_from_db()
    assert mine.name != "Hijacked"


def test_what_is_gone_is_told_and_stays(bring: Import, now: datetime) -> None:
    bring(foreign.service(), foreign.service("Big Otters"))
    done = bring(foreign.service(), at=now + timedelta(days=1))
    assert done.gone == ["Big Otters"]
    row = Service.objects.get(name="Big Otters")
    assert row.state == "offered"
    assert ImportedEntry.objects.get(service=row).missing_since == now + timedelta(days=1)
    assert bring(foreign.service(), foreign.service("Big Otters")).gone == []
    assert ImportedEntry.objects.get(service=row).missing_since is None


def test_a_preview_says_the_same_and_keeps_nothing(bring: Import) -> None:
    told = [foreign.service(), foreign.service("Broken", name="")]
    before = Service.objects.count(), Organisation.objects.count(), Place.objects.count()
    seen = bring(*told, preview=True)
    assert (Service.objects.count(), Organisation.objects.count(), Place.objects.count()) == before
    assert not ImportedEntry.objects.exists()
    assert not AuditEntry.objects.filter(action="import_directory").exists()
    done = bring(*told)
    assert [each.as_json() for each in seen.entries] == [each.as_json() for each in done.entries]


@pytest.mark.parametrize(("status", "outcome"), [("inactive", "left_out"), ("defunct", "left_out")])
def test_what_is_no_more_is_left_out(status: str, outcome: str, bring: Import, now: datetime) -> None:
    assert outcomes(bring(foreign.service(status=status))) == [outcome]
    bring(foreign.service())
    assert outcomes(bring(foreign.service(status=status))) == ["updated"]
    row = Service.objects.get(uid=foreign.uid("Little Otters"))
    assert (row.state, row.state_until) == ("closed", london_day(now))
    assert str(row.uid) not in exported(now)
    assert outcomes(bring(foreign.service())) == ["updated"]
    assert str(row.uid) in exported(now)


def test_closed_for_a_time(bring: Import, now: datetime) -> None:
    bring(foreign.service(status="temporarily closed", alert="A burst pipe."))
    row = Service.objects.get(uid=foreign.uid("Little Otters"))
    assert (row.closed_from, row.closed_note) == (london_day(now), "A burst pipe.")
    bring(foreign.service())
    row.refresh_from_db()
    assert (row.closed_from, row.closed_note) == (None, "")


# ---------------------------------------------------------------- broken entries


def _changed(path: str, value: Any) -> Document:
    """A service with one field changed (or taken out: `...`)."""
    told = foreign.service()
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    holder: Any = told
    for part in way:
        holder = holder[part]
    if value is ...:
        del holder[last]
    else:
        holder[last] = value
    return told


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("id", "7", "id"),
        ("id", ..., "id"),
        ("id", 7, "id"),
        ("id", "{" + foreign.uid("x") + "}", "id"),
        ("name", ..., "name"),
        ("name", "   ", "name"),
        ("name", 12, "name"),
        ("name", "x" * 201, "name"),
        ("name", "nul\x00", "name"),
        ("name", "half \ud800", "name"),
        ("status", ..., "status"),
        ("status", "open", "status"),
        ("description", {"en": "x"}, "description"),
        ("description", "x" * 20_001, "description"),
        ("email", 3, "email"),
        ("minimum_age", "two", "minimum_age"),
        ("minimum_age", True, "minimum_age"),
        ("minimum_age", -1, "minimum_age"),
        ("maximum_age", 256, "maximum_age"),
        ("minimum_age", 9, "maximum_age"),
        ("assured_date", "yesterday", "assured_date"),
        ("last_modified", "then", "last_modified"),
        ("organization", ..., "organization"),
        ("organization", "Otters", "organization"),
        ("organization.id", "1", "organization.id"),
        ("organization.name", ..., "organization.name"),
        ("organization_id", foreign.uid("other"), "organization_id"),
        ("schedules", {}, ""),
        ("schedules", "often", "schedules"),
        ("schedules.0.opens_at", "25:00", "schedules[0].opens_at"),
        ("schedules.0.byday", "Someday", "schedules[0].byday"),
        ("schedules.0.valid_from", "2026-02-30", "schedules[0].valid_from"),
        ("schedules.0.valid_to", "2020-01-01", "schedules[0].valid_to"),
        ("schedules.0.interval", 0, "schedules[0].interval"),
        ("service_at_locations.0.id", ..., "service_at_locations[0].id"),
        ("service_at_locations.0.location", ..., "service_at_locations[0].location"),
        ("service_at_locations.0.location.id", "x", "service_at_locations[0].location.id"),
        (
            "service_at_locations.0.location.location_type",
            "boat",
            "service_at_locations[0].location.location_type",
        ),
        ("service_at_locations.0.location.latitude", "north", "service_at_locations[0].location.latitude"),
        (
            "service_at_locations.0.location.addresses.0.city",
            ...,
            "service_at_locations[0].location.addresses[0].city",
        ),
        (
            "attributes.0.taxonomy_term.parent_id",
            foreign.uid("term play"),
            "attributes[0].taxonomy_term.parent_id",
        ),
        ("attributes.0.taxonomy_term.name", ..., "attributes[0].taxonomy_term.name"),
        (
            "organization.parent_organization_id",
            foreign.uid("Otter Trust"),
            "organization.parent_organization_id",
        ),
        ("anydoor", {"level": "heavenly"}, "anydoor.level"),
        ("anydoor", {"child_days": [9, 3]}, "anydoor.child_days"),
        ("anydoor", {"eligibility": {"only_if": ["riches"]}}, "anydoor.eligibility"),
        ("anydoor", {"offers": ["x" * 301]}, "anydoor.offers"),
        ("anydoor", {"wait_days": 10**30}, "anydoor.wait_days"),
        ("anydoor", "mine", "anydoor"),
    ],
)
def test_a_fault_refuses_its_entry_whole_and_no_other(
    path: str, value: Any, field: str, bring: Import
) -> None:
    before = Organisation.objects.count(), Place.objects.count()
    done = bring(
        _changed(path, value),
        foreign.service(
            "Big Otters",
            organization=foreign.organization("Big Trust"),
            organization_id=foreign.uid("Big Trust"),
            service_at_locations=[],
            attributes=[],
        ),
    )
    if not field:  # an empty object says nothing, and nothing is no fault
        assert outcomes(done) == ["added", "added"]
        return
    assert outcomes(done) == ["refused", "added"]
    assert field in faults(done), faults(done)
    assert not Service.objects.filter(name="Little Otters").exists()
    assert (Organisation.objects.count(), Place.objects.count()) == (before[0] + 1, before[1])


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("email", "not an address", "email"),
        ("contacts.0.phones.0.number", "ring us", "phones"),
        ("service_at_locations.0.location.addresses.0.postal_code", "OT1", "postal_code"),
        ("service_at_locations.0.location.latitude", 999, "latitude"),
        ("eligibility_description", "x" * 3000, "eligibility_description"),
    ],
)
def test_what_cannot_be_used_is_noted_and_passed_on(
    path: str, value: Any, field: str, bring: Import, now: datetime
) -> None:
    told = _changed(path, value)
    done = bring(told)
    assert outcomes(done) == ["added"]
    assert any(field in note.path for note in done.entries[0].notes)
    assert_holds(exported(now)[told["id"]], told)


def test_circles_are_found_across_entries(bring: Import) -> None:
    def with_parent(name: str, term: str, parent: str) -> Document:
        told = foreign.service(name)
        told["attributes"][0]["taxonomy_term"] |= {"id": foreign.uid(term), "parent_id": foreign.uid(parent)}
        return told

    done = bring(
        with_parent("One", "a", "b"), with_parent("Two", "b", "c"), with_parent("Three", "c", "a"),
        with_parent("Four", "d", "a"),
    )  # fmt: skip
    assert outcomes(done) == ["refused", "refused", "refused", "added"]
    assert "goes in a circle" in faults(done)["attributes[0].taxonomy_term.parent_id"]


def test_two_entries_with_one_id(bring: Import) -> None:
    done = bring(foreign.service(), foreign.service(), foreign.service(email="other@otters.example"))
    assert outcomes(done) == ["added", "left_out", "refused"]
    assert done.entries[1].why == "the same stands in entry 1"
    assert faults(done, 2) == {"id": "entry 1 has the same id and says something else"}


def test_a_refused_entry_leaves_nothing_that_a_later_one_would_miss(bring: Import) -> None:
    """Its organisation was begun and taken back; the next entry of the same organisation makes it anew."""
    long = foreign.service("First", anydoor={"slug": "first", "invented": ["x" * 21]})
    long["url"] = 5
    done = bring(long, foreign.service("Second"))
    assert outcomes(done) == ["refused", "added"]
    assert Organisation.objects.filter(name="Otter Trust").count() == 1


HOSTILE = [
    "<script>alert(1)</script>Hello",
    "'; DROP TABLE directory_service; --",
    "\u202egnitide\u202c",
    "👩‍👧 Łódź مرحبا",
    "{{ 7 * 7 }} {% raw %}",
    "../../etc/passwd",
    "\x1b[31mred\x07",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text: str, bring: Import, now: datetime) -> None:
    told = foreign.service(description=text, anydoor={"slug": text})
    told["organization"]["name"] = told["service_at_locations"][0]["location"]["name"] = text
    done = bring(told)
    assert outcomes(done) == ["added"]
    assert exported(now)[told["id"]]["description"] == text
    row = Service.objects.get(uid=told["id"])
    assert row.slug.startswith("little-otters-")
    assert "<script" not in row.summary
    assert "\x1b" not in row.summary + row.organisation.name
    assert outcomes(bring(told)) == ["unchanged"]


# ---------------------------------------------------------------- broken files


def test_every_shape_of_a_file(bring: Import, norfolk: Area, tmp_path: Path, now: datetime) -> None:
    one, two = foreign.service("One"), foreign.service("Two")
    organisation = foreign.organization() | {
        "services": [{k: v for k, v in each.items() if k != "organization"} for each in (one, two)]
    }
    for raw, count in [
        (json.dumps(foreign.page([one, two])), 2),
        (json.dumps([one, two]), 2),
        (json.dumps(one), 1),
        (json.dumps(one) + "\n" + json.dumps(two) + "\n", 2),
        (
            json.dumps({"contents": [one], "page_number": 1})
            + json.dumps({"page_number": 2, "contents": [two]}),
            2,
        ),
        (json.dumps({"services": [one, two]}), 2),
        (json.dumps(organisation), 2),
        ("\ufeff" + json.dumps([one]), 1),
    ]:
        assert len(bring(raw=raw, preview=True).entries) == count, raw[:60]
        assert set(outcomes(bring(raw=raw, preview=True))) == {"added"}, raw[:60]
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, each in (("a.json", one), ("b.json", two)):
        (folder / name).write_text(json.dumps(foreign.page([each])), encoding="utf-16")
    done = import_directory(
        documents=lambda: stream.entries(folder), area=norfolk, feed="folder", by=BY, at=now
    )
    assert [(each.file, each.number, each.outcome) for each in done.entries] == [
        ("a.json", 1, "added"),
        ("b.json", 1, "added"),
    ]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ('{"id": "x", "name": bad}', "no JSON"),
        ("bad", "no JSON"),
        ('{"id": NaN}', "no JSON"),
        ('{"a": [1, 2}', "no JSON"),
        ("17", "no object"),
        ("null", "no object"),
        ('"text"', "no object"),
        ('{"id": ' + "9" * 5000 + "}", "no JSON"),
        ("[" * 100_000 + "]" * 100_000, "nested too deep"),
    ],
)
def test_a_broken_entry_in_the_middle(broken: str, words: str, bring: Import) -> None:
    one, two = (json.dumps(foreign.service(name)) for name in ("One", "Two"))
    done = bring(raw=f'{{"contents": [{one}, {broken}, {two}]}}')
    assert outcomes(done) == ["added", "refused", "added"]
    assert words in done.entries[1].faults[0].words


def test_a_file_that_breaks_off(bring: Import) -> None:
    whole = json.dumps(foreign.page([foreign.service("One"), foreign.service("Two")]))
    done = bring(raw=whole[: len(whole) * 3 // 4])
    assert outcomes(done) == ["added", "refused"]
    assert "ends in the middle" in done.entries[1].faults[0].words
    assert not done.whole
    assert done.gone == []  # what was not reached is not gone


def test_letters_that_are_no_utf_8(norfolk: Area, tmp_path: Path, now: datetime) -> None:
    one, two = foreign.service("One"), foreign.service("Two", alert="Café")
    file = tmp_path / "latin.json"
    file.write_bytes(json.dumps([one, two], ensure_ascii=False).encode("latin-1"))
    done = import_directory(documents=lambda: stream.entries(file), area=norfolk, feed="x", by=BY, at=now)
    assert outcomes(done) == ["added", "refused"]
    assert "alert" in faults(done, 1)


@pytest.mark.parametrize("raw", ["", "   ", "[]", '{"contents": []}'])
def test_a_file_without_entries(raw: str, norfolk: Area, tmp_path: Path, now: datetime) -> None:
    file = tmp_path / "empty.json"
    file.write_text(raw)
    with pytest.raises(BadInput):
        import_directory(documents=lambda: stream.entries(file), area=norfolk, feed="x", by=BY, at=now)


def test_a_file_of_another_kind(bring: Import, tmp_path: Path) -> None:
    done = bring(raw="name,phone\nOtters,1\n")
    assert outcomes(done) == ["refused"]
    with pytest.raises(NotFound):
        list(stream.entries(tmp_path / "no.json"))
    (tmp_path / "none").mkdir()
    with pytest.raises(NotFound):
        list(stream.entries(tmp_path / "none"))


def test_an_entry_that_is_far_too_long_is_passed_over(bring: Import) -> None:
    one, two = (json.dumps(foreign.service(name)) for name in ("One", "Two"))
    huge = json.dumps(foreign.service("Huge") | {"padding": "x" * 3_000_000})
    done = bring(raw=f"[{one},{huge},{two}]")
    assert outcomes(done) == ["added", "refused", "added"]
    assert "longer than" in done.entries[1].faults[0].words


# ---------------------------------------------------------------- the command


def test_the_command(norfolk: Area, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "feed.json"
    file.write_text(json.dumps([foreign.service(), foreign.service("Broken", name="")]))
    call_command("import", "directory", str(file), "--area", "norfolk", "--preview")
    said = capsys.readouterr().out
    assert "Entry 1 “Little Otters”: new." in said
    assert "name: is missing" in said
    assert "2 entries: 1 new, 0 brought up to date, 0 as they were" in said
    assert "1 refused." in said
    assert "This was a preview. Nothing was kept." in said
    assert not ImportedEntry.objects.exists()
    call_command("import", "directory", str(file), "--area", "norfolk", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["added"], found["refused"], found["feed"]) == (1, 1, "feed.json")
    assert found["entries"][1]["faults"] == [{"field": "name", "reason": "is missing"}]
    file.write_text(file.read_text()[:-10])
    with pytest.raises(CommandError, match="broke off") as broken:
        call_command("import", "directory", str(file), "--area", "norfolk")
    assert broken.value.returncode == 1
    for wrong in (["nowhere.json", "--area", "norfolk"], [str(file), "--area", "atlantis"]):
        with pytest.raises(CommandError) as refused:
            call_command("import", "directory", *wrong)
        assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="ANYDOOR_FEED_HOSTS"):
        call_command("import", "directory", "https://council.example/v3", "--area", "norfolk")


def test_every_outcome_has_words() -> None:
    assert set(importing.OUTCOMES) == set(importing.IN_WORDS)
