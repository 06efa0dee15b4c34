"""Whatever happens in a family, in whatever order: what was done is never lost, and windows stay in order."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.world import NOW, World

from anydoor.care.amend import amend_person
from anydoor.care.events import record_event
from anydoor.care.models import ScheduledContact
from anydoor.care.schedule.keeping import keep
from anydoor.care.schedule.local import EXAMPLES, every_area
from anydoor.care.schedule.recording import decline, record_contact_done, reopen
from anydoor.directory.area_files import find_file
from anydoor.people.models import Person
from anydoor.rules.errors import AnydoorError

TODAY = date(2026, 3, 10)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["due", "birth", "in", "home", "loss", "keep", "done", "no", "again"]),
        st.integers(-30, 60),
    ),
    min_size=2,
    max_size=7,
)


class _RolledBack(Exception):
    pass


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_what_was_done_is_never_lost(world: World, steps: list[tuple[str, int]]) -> None:
    try:
        with transaction.atomic():
            _walk(world, steps)
            raise _RolledBack
    except _RolledBack:
        pass


def _walk(world: World, steps: list[tuple[str, int]]) -> None:
    referral = world.refer(due_on=TODAY + timedelta(days=75), role="mother", babies=2)
    family = referral.family_id
    done: dict[tuple[str, int], date | None] = {}
    for step, number in steps:
        babies = list(
            Person.objects.filter(memberships__family=family, memberships__role="baby").order_by("pk")
        )
        try:
            with transaction.atomic():
                _take(world, family, babies[number % 2], step, number)
        except AnydoorError:
            continue  # a refusal changes nothing
        for row in ScheduledContact.objects.filter(family=family, state="done"):
            done.setdefault((row.key, row.pk), row.done_on)
        if step == "again":
            done = {(row.key, row.pk): row.done_on for row in ScheduledContact.objects.filter(state="done")}
    kept = {(row.key, row.pk): row.done_on for row in ScheduledContact.objects.filter(state="done")}
    assert kept == done
    for row in ScheduledContact.objects.filter(family=family):
        assert row.counts_from <= row.opens_on <= row.closes_on <= row.lapses_on


def _take(world: World, family: int, baby: Person, step: str, number: int) -> None:
    told: dict[str, Any] = {"family_id": family, "by": world.sunita, "at": NOW}
    on = TODAY - timedelta(days=abs(number) % 20)
    first = ScheduledContact.objects.filter(family=family).order_by("opens_on", "pk")
    if step == "due":
        amend_person(
            person=baby,
            changes={"due_on": TODAY + timedelta(days=75 + number)},
            why="Scan",
            version=baby.version,
            **told,
        )
    elif step == "birth":
        record_event(kind="birth", on=on, baby=baby, **told)
    elif step in {"in", "home"}:
        kind = "neonatal_admission" if step == "in" else "neonatal_discharge"
        record_event(kind=kind, on=on, baby=baby, **told)
    elif step == "loss":
        record_event(kind="loss", loss_kind="not_said", on=TODAY, baby=baby, **told)
    elif step == "keep":
        keep(family, at=NOW + timedelta(days=abs(number)))
    else:
        states = {"done": ["open", "declined"], "no": ["open"], "again": ["done", "declined"]}[step]
        row = first.filter(state__in=states).first()
        if row is None:
            return
        one = {**told, "child_id": row.child_id, "key": row.key}
        if step == "done":
            record_contact_done(on=TODAY, **one)
        elif step == "no":
            decline(reason="not_now", **one)
        else:
            reopen(why="By mistake", **one)


def test_the_example_areas_name_services_that_make_contacts() -> None:
    for slug, schedule in every_area().items():
        file = tomllib.loads(find_file(slug).read_text())
        teams = {service["slug"]: service.get("team") for service in file["service"]}
        named = {one for slugs in schedule.services.values() for one in slugs}
        assert all(teams.get(one) for one in named), (slug, named)
        assert set(schedule.outreach) | set(schedule.for_partners) <= set(teams), slug
    assert EXAMPLES.is_file()
