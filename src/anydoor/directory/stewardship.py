"""Keeping an entry true: who owns it, who checked it when, what is so today, and what visitors say is wrong.

    still_right(service=..., by=user, at=now)
    say_today(service=..., told={"wait_days": 14, ...}, by=user, at=now)
    report_wrong(service=..., about="times", words="...", token=..., by=VISITOR, at=now)
    answer(report=..., answer="changed", words="...", by=user, at=now)

Who is told of it, and when, is the sweep of `messages.entries`: it reads what these leave behind.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import (
    Case,
    Count,
    DateField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from anydoor.access import audit
from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.access.policy import Facts, Standing, check, may, standing_of
from anydoor.access.roles import Role
from anydoor.directory import soundness
from anydoor.directory.content import OF_TODAY
from anydoor.directory.models import ANSWERS, WRONG_ABOUT, Area, Service, ServiceVersion, WrongReport
from anydoor.directory.versions import facts_of_entry, keep_current, locked, record_at_once
from anydoor.rules import identifiers, working_time
from anydoor.rules.errors import BadInput, NotAllowed, WrongMoment
from anydoor.rules.working_time import london_day

ANSWER_DAYS = 5  # working days an owner has to answer what a visitor says is wrong
LONGEST_WORDS = 2000
DAY_FIELDS = ("next_start", "closed_from", "closed_until")


# ---------------------------------------------------------------- the owner


def owner_of(service: Service) -> User:
    """Who answers for an entry: its owner, else its team's lead, else whoever leads the area's front door.

    Never nobody: a front door has a fall-back. Reads `lead`, `team__lead` and the area's front door.
    """
    door = service.area.front_door
    candidates = (service.lead, service.team.lead if service.team is not None else None, door.lead)
    found = next((user for user in candidates if user is not None and user.is_active), None)
    if found is not None:
        return found
    assert door.fallback is not None  # a constraint of the database
    return door.fallback


def lead_of(area: Area) -> User:
    """Whoever is asked when an owner does not answer: the front door's lead, else its fall-back."""
    door = area.front_door
    if door.lead is not None and door.lead.is_active:
        return door.lead
    assert door.fallback is not None  # a constraint of the database
    return door.fallback


def due_on(service: Service) -> date | None:
    """The day by which the entry is to be checked again; None when nobody has ever checked it."""
    if service.last_checked is None:
        return None
    return service.last_checked + timedelta(days=service.check_every_days)


def is_stale(service: Service, on: date) -> bool:
    """Whether the entry is past its day, or was never checked."""
    due = due_on(service)
    return due is None or due < on


# ---------------------------------------------------------------- checked


def still_right(*, service: Service, by: User, at: datetime) -> Service:
    """Note that somebody who keeps the entry has looked at it today and found it right."""
    with transaction.atomic():
        row = locked(service.pk)
        check(standing_of(by, london_day(at)), "edit_entry", facts_of_entry(row))
        row.last_checked, row.checked_by = london_day(at), by
        row.save(update_fields=["last_checked", "checked_by"])
        _note("entry_checked", row, by, at)
        return row


def say_today(*, service: Service, told: Mapping[str, Any], by: User, at: datetime) -> Service:
    """Set what is true of today: wait, free places, next start, closed for now. It is shown at once.

    `told` has any of `content.OF_TODAY`, as a version holds them; what is left out is not known. These facts
    change by the day and a closed door cannot wait for approval; a version is kept all the same.
    """
    found = soundness.of_today(told)
    with transaction.atomic():
        row = locked(service.pk)
        check(standing_of(by, london_day(at)), "edit_entry", facts_of_entry(row))
        places, free = row.capacity, found["free_places"]
        if places is not None and free is not None and free > places:
            raise BadInput(f"There are only {places} places in all.", field="free_places")
        keep_current(row, at=at)
        values = {
            name: date.fromisoformat(value) if name in DAY_FIELDS and value else value
            for name, value in found.items()
        }
        if all(getattr(row, name) == value for name, value in values.items()):
            return row
        for name, value in values.items():
            setattr(row, name, value)
        row.invented = [name for name in row.invented if name not in OF_TODAY]
        row.save(update_fields=[*values, "invented"])
        record_at_once(row, why="What is so today.", by=by, at=at)
        _note("entry_today", row, by, at)
        return row


# ---------------------------------------------------------------- "this is wrong"


def report_wrong(
    *,
    service: Service,
    about: str,
    words: str,
    token: uuid.UUID,
    by: User | Outsider,
    at: datetime,
    reply_to: str = "",
) -> WrongReport:
    """Keep what somebody says is wrong with an entry, for its owner to answer. Sent twice, it is kept once.

    `token` belongs to one showing of the form. `reply_to` is an e-mail address for the answer, or empty.
    Raises `BadInput` pinned to `about`, `words` or `reply_to`.
    """
    if about not in WRONG_ABOUT:
        raise BadInput("Choose what is wrong.", field="about")
    try:
        told = identifiers.free_text(words, LONGEST_WORDS).strip()
    except BadInput as fault:
        raise fault.at("words") from fault
    if not told:
        raise BadInput("Say in a few words what is wrong.", field="words")
    try:
        address = identifiers.email(reply_to) if reply_to else ""
    except BadInput as fault:
        raise fault.at("reply_to") from fault
    with transaction.atomic():
        report, made = WrongReport.objects.get_or_create(
            token=token,
            defaults={
                "service": service,
                "about": about,
                "words": told,
                "reply_to": address,
                "reported_by": audit.user_of(by),
                "reported_at": at,
                "due_at": working_time.due_after_working_days(at, ANSWER_DAYS),
                "owner": owner_of(service),
            },
        )
        if made:
            _note("entry_reported_wrong", service, by, at)
        return report


def answer(*, report: WrongReport, answer: str, words: str, by: User, at: datetime) -> WrongReport:
    """Say what was done about it. Whoever asked for an answer by e-mail gets these words."""
    if answer not in ANSWERS:
        raise BadInput("Choose what was done.", field="answer")
    try:
        told = identifiers.one_line(" ".join(words.split()) if "\x00" not in words else words, 600)
    except BadInput as fault:
        raise fault.at("words") from fault
    if not told:
        raise BadInput("Say in a sentence what was done.", field="words")
    with transaction.atomic():
        row = (
            WrongReport.objects.select_for_update(of=("self",))
            .select_related("service__area", "service__organisation")
            .get(pk=report.pk)
        )
        who = standing_of(by, london_day(at))
        if row.owner_id != by.pk:
            check(who, "edit_entry", facts_of_entry(row.service))
        if row.answered_at is not None:
            raise WrongMoment("Somebody answered this meanwhile. Nothing was changed.")
        row.answered_at, row.answered_by, row.answer, row.answer_words = at, by, answer, told
        row.save(update_fields=["answered_at", "answered_by", "answer", "answer_words"])
        _note("entry_report_answered", row.service, by, at)
        return row


def open_reports(services: QuerySet[Service]) -> QuerySet[WrongReport]:
    """What is to be answered of these entries, the longest waiting first."""
    return (
        WrongReport.objects.filter(service__in=services, answered_at__isnull=True)
        .select_related("service__area", "service__organisation", "owner")
        .order_by("due_at", "pk")
    )


# ---------------------------------------------------------------- what needs care


@dataclass(frozen=True, slots=True)
class Care:
    """How many entries somebody keeps, and how many of them need something."""

    entries: int
    in_time: int
    past: int
    never: int
    reports: int


def kept_by(who: Standing) -> QuerySet[Service]:
    """The entries somebody keeps: as owner, in its team, as a lead of its organisation, at the front door."""
    teams = [team for team, roles in who.roles.items() if roles & {*_KEEPERS} and team not in who.front_doors]
    doors = [team for team in who.front_doors if who.roles[team] & {*_KEEPERS}]
    mine = Q(lead_id=who.user_id) | Q(team__in=teams) | Q(area__front_door__in=doors)
    mine |= Q(organisation__in=who.organisations_as(*_LEADS))
    mine |= Q(organisation__in=who.organisations_as(*_KEEPERS), team__isnull=True)
    return Service.objects.filter(mine).exclude(state="closed")


_LEADS = (Role.TEAM_LEAD, Role.SERVICE_MANAGER, Role.COORDINATOR)
_KEEPERS = (*_LEADS, Role.FRONT_DOOR, Role.PRACTITIONER)


def by_care(services: QuerySet[Service]) -> QuerySet[Service]:
    """Entries with `due` (the day they are to be checked by, None: never checked) and `wrong` (reports that
    wait); never checked and longest past first."""
    due = ExpressionWrapper(F("last_checked") + F("check_every_days"), output_field=DateField())
    return services.annotate(
        due=Case(When(last_checked__isnull=True, then=Value(None)), default=due, output_field=DateField()),
        wrong=Count("wrong_reports", filter=Q(wrong_reports__answered_at__isnull=True)),
    ).order_by(F("due").asc(nulls_first=True), "name", "pk")


def needing(services: QuerySet[Service], on: date) -> QuerySet[Service]:
    """Of entries that `by_care` gave: those past their day, never checked, or with a report that waits."""
    return services.filter(Q(due__isnull=True) | Q(due__lt=on) | Q(wrong__gt=0))


def care_of(services: QuerySet[Service], on: date) -> Care:
    """The counts over some entries: one query and one for the reports."""
    due = Cast(F("last_checked"), DateField()) + F("check_every_days")
    counts = services.annotate(due=ExpressionWrapper(due, output_field=DateField())).aggregate(
        entries=Count("pk"),
        in_time=Count("pk", filter=Q(due__gte=on)),
        past=Count("pk", filter=Q(due__lt=on)),
        never=Count("pk", filter=Q(last_checked__isnull=True)),
    )
    reports = WrongReport.objects.filter(service__in=services, answered_at__isnull=True).count()
    return Care(reports=reports, **counts)


@dataclass(frozen=True, slots=True)
class WaitsOn:
    """What of the directory waits on somebody: reports and checks as owner, changes to decide."""

    reports: int = 0
    checks: int = 0
    changes: int = 0

    @property
    def anything(self) -> bool:
        return bool(self.reports or self.checks or self.changes)


def waits_on(who: Standing, on: date) -> WaitsOn:
    """One query, for the first page after signing in."""
    owned = Service.objects.filter(lead=who.user_id).exclude(state="closed").visible(on)
    due = ExpressionWrapper(F("last_checked") + F("check_every_days"), output_field=DateField())
    decides = [door for door in who.front_doors if may(who, "decide_entry", Facts(area_team_id=door))]
    counts = (
        User.objects.filter(pk=who.user_id)
        .annotate(
            reports=_count(WrongReport.objects.filter(owner=who.user_id, answered_at__isnull=True)),
            checks=_count(owned.annotate(due=due).filter(Q(due__lte=on) | Q(last_checked__isnull=True))),
            changes=_count(
                ServiceVersion.objects.filter(state="proposed", area__front_door__in=decides).exclude(
                    proposed_by=who.user_id
                )
            ),
        )
        .values("reports", "checks", "changes")
        .first()
    )
    return WaitsOn(**counts) if counts is not None else WaitsOn()


def _count(rows: QuerySet[Any]) -> Any:
    """How many rows, as a column of another query."""
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def may_keep(who: Standing, service: Service) -> bool:
    """Whether somebody may change this entry, by proposal."""
    try:
        check(who, "edit_entry", facts_of_entry(service))
    except NotAllowed:
        return False
    return True


def _note(action: str, service: Service, by: User | Outsider, at: datetime) -> None:
    audit.record(action=action, subject="service", subject_id=service.pk, by=by, at=at, purpose="directory")
