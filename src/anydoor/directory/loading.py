"""Loading area files into the directory: the same slug is the same entry, so loading twice changes nothing.

What the file says wins over what was edited in the pages; what only the pages know (who leads a team or a
service by account, the rota, memberships) is left alone. What has gone from the file is never deleted,
because referrals and episodes still speak of it: a service is closed, with the day and a note, when it
once came from a file (its source is `document:line`); entries made in the pages stay as they are, and so
do organisations, teams, places and districts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from django.db import models, transaction

from anydoor.access import audit
from anydoor.access.audit import Outsider
from anydoor.access.models import Organisation, Team, User
from anydoor.directory.area_files import (
    AreaData,
    AreaFaults,
    Fault,
    check_area,
    check_together,
    entries,
    find_file,
    read_area,
)
from anydoor.directory.area_keys import LISTS, clock_time
from anydoor.directory.models import WEEKDAYS, Area, District, Place, Service, Session, uid_of
from anydoor.rules import identifiers, working_time
from anydoor.rules.errors import BadInput

FROM_A_FILE = r"^[a-z0-9-]+:[0-9]"
# Keys whose `..._source` may say "invented", so that a page can say so too.
MAY_BE_INVENTED = {"capacity": "capacity_source", "wait_days": "wait_source", "when": "when_source"}

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading one area file did: how many rows of each table, and which services it closed."""

    area: Area
    created: Mapping[str, int] = field(default_factory=dict)
    changed: Mapping[str, int] = field(default_factory=dict)
    unchanged: Mapping[str, int] = field(default_factory=dict)
    closed: tuple[str, ...] = ()


def load_area(*, area: str | Path, by: User | Outsider, at: datetime, fallback: User | None = None) -> Loaded:
    """Load one area: an example by its slug, or a file. See `load_areas`."""
    return load_areas(areas=[area], by=by, at=at, fallback=fallback)[0]


def load_areas(
    *, areas: Sequence[str | Path], by: User | Outsider, at: datetime, fallback: User | None = None
) -> list[Loaded]:
    """Load area files, all or nothing.

    `fallback` is who holds at the front door when nobody on the rota can. A new front door needs one; one
    that is there keeps its own unless another is given. Raises NotFound for a file that is not there and
    AreaFaults with every fault of every file.
    """
    files = {find_file(area).name: read_area(area) for area in areas}
    faults = [fault for name, data in files.items() for fault in check_area(data, file=name)]
    if not faults:
        faults = check_together(files)
    if faults:
        raise AreaFaults(faults)
    if fallback is not None and not fallback.is_active:
        raise BadInput("The fall-back's account is closed. Name somebody whose account is open.")
    with transaction.atomic():
        faults = [fault for name, data in files.items() for fault in _clashes(name, data, fallback)]
        if faults:
            raise AreaFaults(faults)
        return [_load(data, by=by, at=at, fallback=fallback) for data in files.values()]


# ---------------------------------------------------------------- what is there already


def _clashes(file: str, data: AreaData, fallback: User | None) -> list[Fault]:
    """Entries whose slug or prefix another area already has, and a front door without a fall-back."""
    faults: list[Fault] = []
    slug = data["area"]["slug"]
    prefix = data["area"]["reference_prefix"]
    other = Area.objects.filter(reference_prefix=prefix).exclude(slug=slug).first()
    if other is not None:
        faults.append(Fault(file, "area", "reference_prefix", f"is already used by {other.slug}"))
    for table, model in (("place", Place), ("service", Service)):
        mine = [row["slug"] for row in entries(data, table)]
        taken = model.objects.filter(slug__in=mine).exclude(area__slug=slug)
        faults += [
            Fault(file, f"{table} {theirs}", "slug", "already belongs to another area")
            for theirs in taken.values_list("slug", flat=True)
        ]
    door = next(row for row in entries(data, "team") if row["kind"] == "front_door")
    there = Team.objects.filter(slug=door["slug"], fallback__isnull=False).exists()
    if fallback is None and not there:
        words = "a new front door needs a fall-back: the person who holds when nobody on the rota can"
        faults.append(Fault(file, f"team {door['slug']}", "fallback", words))
    return faults


class _Tally:
    """Counts, by table, what was made, changed and left as it was."""

    def __init__(self) -> None:
        self.created: dict[str, int] = dict.fromkeys(("area", *LISTS), 0)
        self.changed: dict[str, int] = dict(self.created)
        self.unchanged: dict[str, int] = dict(self.created)

    def put(
        self, table: str, model: type[Row], key: str, rows: Iterable[Mapping[str, Any]]
    ) -> dict[str, Row]:
        """Make or change rows by their key, and give them back by it. Only the named columns are touched."""
        wanted = {row[key]: row for row in rows}
        there = {getattr(row, key): row for row in model._default_manager.filter(**{f"{key}__in": wanted})}
        changed: list[Row] = []
        for value, row in there.items():
            differing = {name: new for name, new in wanted[value].items() if getattr(row, name) != new}
            for name, new in differing.items():
                setattr(row, name, new)
            if differing:
                changed.append(row)
        made = [model(**row) for value, row in wanted.items() if value not in there]
        model._default_manager.bulk_create(made)
        columns = [name for name in next(iter(wanted.values()), {}) if name != key]
        if changed and columns:
            model._default_manager.bulk_update(changed, columns, batch_size=100)
        self.created[table] += len(made)
        self.changed[table] += len(changed)
        self.unchanged[table] += len(there) - len(changed)
        return there | {getattr(row, key): row for row in made}


# ---------------------------------------------------------------- writing


def _load(data: AreaData, *, by: User | Outsider, at: datetime, fallback: User | None) -> Loaded:
    tally = _Tally()
    districts = tally.put("district", District, "code", entries(data, "district"))
    organisations = tally.put(
        "organisation",
        Organisation,
        "slug",
        (
            {key: row[key] for key in ("slug", "name", "kind")} | {"uid": uid_of("organisation", row["slug"])}
            for row in entries(data, "organisation")
        ),
    )
    teams = _put_teams(data, tally, organisations, fallback)
    area = _put_area(data, tally, teams, districts)
    places = tally.put("place", Place, "slug", (_place(row, area) for row in entries(data, "place")))
    services = tally.put(
        "service",
        Service,
        "slug",
        (_service(row, area, organisations, teams) for row in entries(data, "service")),
    )
    _link(Service.footprint.through, "service_id", "district_id", _footprints(data, services))
    _link(Service.places.through, "service_id", "place_id", _where(data, services, places))
    _put_sessions(data, services, places)
    closed = _close_missing(area, set(services), working_time.in_london(at).date())
    audit.record(
        action="load_area",
        subject="area",
        subject_id=area.pk,
        by=by,
        at=at,
        purpose="directory",
        why=f"area file of {area.name}",
    )
    return Loaded(area, tally.created, tally.changed, tally.unchanged, closed)


def _put_teams(
    data: AreaData, tally: _Tally, organisations: Mapping[str, Organisation], fallback: User | None
) -> dict[str, Team]:
    """Teams, the front door apart: it opens and closes with the area, and has a fall-back."""

    def team(row: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "slug": row["slug"],
            "organisation_id": organisations[row["organisation"]].pk,
            "name": row["name"],
            "kind": row["kind"],
            "phone": row.get("phone", ""),
            "text_number": row.get("text_number", ""),
            "email": row.get("email", ""),
        }

    area = data["area"]
    hours = {"opens": clock_time(area["opens"]), "closes": clock_time(area["closes"])}
    held = {"fallback_id": fallback.pk} if fallback is not None else {}
    rows = entries(data, "team")
    others = tally.put("team", Team, "slug", (team(row) for row in rows if row["kind"] != "front_door"))
    doors = (team(row) | hours | held for row in rows if row["kind"] == "front_door")
    return others | tally.put("team", Team, "slug", doors)


def _put_area(
    data: AreaData, tally: _Tally, teams: Mapping[str, Team], districts: Mapping[str, District]
) -> Area:
    told = data["area"]
    limits = told.get("limits", {})
    row = {key: told.get(key, "") for key in _AREA_TEXTS}
    row["places_near"] = told.get("places_near", [])
    row["towns"] = dict(told.get("towns", {}))
    row["front_door_id"] = next(team.pk for team in teams.values() if team.kind == "front_door")
    row |= {column: limits[key] for key, column in _LIMITS.items() if key in limits}
    area = tally.put("area", Area, "slug", [row])[told["slug"]]
    area.districts.set([districts[code] for code in told["districts"]])
    return area


_AREA_TEXTS = (
    *("slug", "name", "door_name", "reference_prefix", "phone", "text_number", "email"),
    *("crisis_name", "crisis_phone", "source"),
)
_LIMITS = {
    "triage": "triage_days",
    "answer": "answer_days",
    "first_contact": "first_contact_days",
    "second_look": "second_look_days",
    "tries": "tries",
}


def _place(row: Mapping[str, Any], area: Area) -> dict[str, Any]:
    return {
        "slug": row["slug"],
        "uid": uid_of("place", row["slug"]),
        "area_id": area.pk,
        "name": row["name"],
        "kind": row["kind"],
        "district_id": row["district"],
        "address": row.get("address", ""),
        "postcode": identifiers.postcode(row["postcode"]) if row.get("postcode") else "",
        "opens": row.get("opens", ""),
        "accessibility": list(row.get("accessibility", [])),
        "source": row["source"],
    }


_TEXTS = (
    *("summary", "for_whom", "not_for", "when", "lead_name", "lead_title", "state_note", "footprint_note"),
    *("phone", "email", "outside_email", "outside_phone"),
)


def _service(
    row: Mapping[str, Any],
    area: Area,
    organisations: Mapping[str, Organisation],
    teams: Mapping[str, Team],
) -> dict[str, Any]:
    weeks = row.get("pregnancy_weeks", [None, None])
    days = row.get("child_days", [None, None])
    columns: dict[str, Any] = {key: row[key] for key in ("slug", "name", "strand", "level", "source")}
    columns |= {key: row.get(key, "") for key in _TEXTS}
    columns |= {
        key: list(row.get(key, []))
        for key in ("needs", "audience", "routes_in", "modes", "offers", "languages")
    }
    columns |= {
        key: row.get(key)
        for key in ("loss_days", "capacity", "wait_days", "last_checked", "state_from", "state_until")
    }
    return columns | {
        "uid": uid_of("service", row["slug"]),
        "area_id": area.pk,
        "organisation_id": organisations[row["organisation"]].pk,
        "team_id": teams[row["team"]].pk if row.get("team") else None,
        "state": row.get("state", "offered"),
        "is_free": row.get("is_free"),
        "cost_note": row.get("cost_note", ""),
        "trying_to_conceive": row.get("trying_to_conceive", False),
        "after_loss": row.get("after_loss", False),
        "pregnancy_from_week": weeks[0],
        "pregnancy_to_week": weeks[1],
        "child_from_days": days[0],
        "child_to_days": days[1],
        "postcode_districts": {code: list(each) for code, each in row.get("postcode_districts", {}).items()},
        "eligibility": dict(row.get("eligibility", {})),
        "invented": [key for key, told in MAY_BE_INVENTED.items() if row.get(told) == "invented"],
    }


def _footprints(data: AreaData, services: Mapping[str, Service]) -> dict[Any, set[Any]]:
    return {services[row["slug"]].pk: set(row["footprint"]) for row in entries(data, "service")}


def _where(
    data: AreaData, services: Mapping[str, Service], places: Mapping[str, Place]
) -> dict[Any, set[Any]]:
    return {
        services[row["slug"]].pk: {places[slug].pk for slug in row.get("places", [])}
        for row in entries(data, "service")
    }


def _put_sessions(data: AreaData, services: Mapping[str, Service], places: Mapping[str, Place]) -> None:
    """Times of the services whose entry in the file tells any; what was entered in the pages is replaced."""
    wanted = {
        services[row["slug"]].pk: [_session(one, places) for one in row["sessions"]]
        for row in entries(data, "service")
        if row.get("sessions")
    }
    there: dict[int, list[dict[str, Any]]] = {}
    columns = (*_SESSION_COLUMNS, "service_id")
    for known in Session.objects.filter(service__in=wanted).order_by("pk").values(*columns):
        there.setdefault(known.pop("service_id"), []).append(known)
    changed = [pk for pk, rows in wanted.items() if there.get(pk) != rows]
    Session.objects.filter(service__in=changed).delete()
    Session.objects.bulk_create(Session(service_id=pk, **row) for pk in changed for row in wanted[pk])


_SESSION_COLUMNS = (
    *("weekday", "on_date", "starts", "ends", "place_id", "online", "every_weeks", "from_on", "until_on"),
    *("note", "source", "invented"),
)


def _session(row: Mapping[str, Any], places: Mapping[str, Place]) -> dict[str, Any]:
    """Times in the example files are made up, and each says so."""
    return {
        "weekday": WEEKDAYS.index(row["weekday"]) if "weekday" in row else None,
        "on_date": row.get("on"),
        "starts": clock_time(row["starts"]),
        "ends": clock_time(row["ends"]),
        "place_id": places[row["place"]].pk if row.get("place") else None,
        "online": row.get("online", False),
        "every_weeks": row.get("weeks", 1),
        "from_on": row.get("from"),
        "until_on": row.get("until"),
        "note": row.get("note", ""),
        "source": "invented",
        "invented": True,
    }


def _link(through: type[models.Model], ours: str, theirs: str, wanted: Mapping[Any, set[Any]]) -> None:
    """Make a many-to-many table say exactly what is wanted for these rows: three queries however many."""
    rows = through._default_manager.filter(**{f"{ours}__in": wanted})
    there = {(getattr(row, ours), getattr(row, theirs)): row.pk for row in rows}
    pairs = {(one, other) for one, others in wanted.items() for other in others}
    gone = [pk for pair, pk in there.items() if pair not in pairs]
    if gone:
        through._default_manager.filter(pk__in=gone).delete()
    missing = sorted(pairs - there.keys())
    through._default_manager.bulk_create([through(**{ours: one, theirs: other}) for one, other in missing])


def _close_missing(area: Area, kept: set[str], on: date) -> tuple[str, ...]:
    """Close the services of an area that came from a file and are in it no more."""
    gone = area.services.filter(source__regex=FROM_A_FILE).exclude(slug__in=kept).exclude(state="closed")
    closed = sorted(gone, key=lambda service: service.slug)
    for service in closed:
        service.state = "closed"
        service.state_until = max(on, service.state_from or on)
        service.state_note = f"No longer in the area file since {on:%-d %B %Y}."
    Service.objects.bulk_update(closed, ["state", "state_until", "state_note"])
    return tuple(service.slug for service in closed)
