"""The sweep that keeps the directory true: who is asked to decide, to check, to answer, and who is told.

It reads the state that the verbs of `directory.versions` and `directory.stewardship` leave behind, so a job
that was lost or a day's outage delays a message and never loses it. Running it twice, or twice at once,
sends nothing more: each row says when its people were told, and each message has one key.

Reminders to check go out in working hours only, one message a person and step, with the names of entries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from anydoor.access import wall
from anydoor.access.models import Membership, User
from anydoor.access.roles import Role
from anydoor.directory.models import ANSWERS, EntryReminder, Service, ServiceVersion, WrongReport
from anydoor.directory.stewardship import by_care, lead_of, owner_of
from anydoor.messages import outbox
from anydoor.rules import working_time
from anydoor.rules.working_time import london_day

AGAIN_DAYS = 5  # working days after the first reminder, and after the second
RAISE_DAYS = 2  # working days after the time to answer a report was up
BATCH = 500
NAMED = 10
NEVER_CHECKED = date(2000, 1, 1)  # the due day of an entry that nobody has ever checked
STEPS = ("due", "again", "lead")
SUBJECTS = {
    "due": "Please check your entries of the directory",
    "again": "Still to check: your entries of the directory",
    "lead": "Nobody has checked these entries of the directory",
}


@dataclass(frozen=True, slots=True)
class Swept:
    """How much a sweep did."""

    deciders_asked: int = 0
    proposers_told: int = 0
    reports_passed_on: int = 0
    reports_raised: int = 0
    reporters_answered: int = 0
    reminded: int = 0


def run(*, at: datetime) -> Swept:
    """One sweep over the directory. Idempotent; safe beside another."""
    return Swept(
        deciders_asked=_ask_deciders(at),
        proposers_told=_tell_proposers(at),
        reports_passed_on=_pass_reports_on(at),
        reports_raised=_raise_reports(at),
        reporters_answered=_answer_reporters(at),
        reminded=_remind(at) if working_time.is_open(at) else 0,
    )


# ---------------------------------------------------------------- proposals


def _ask_deciders(at: datetime) -> int:
    with wall.working():
        rows = list(
            ServiceVersion.objects.filter(state="proposed", asked_at__isnull=True)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("area__front_door__fallback", "area__front_door__lead", "proposed_by")
            .order_by("proposed_at", "pk")[:BATCH]
        )
        for row in rows:
            for user in _deciders(row, at):
                outbox.to_staff(
                    user=user,
                    subject="A change of the directory waits for you",
                    body=_body(
                        f"{_who(row.proposed_by)} would like to change “{row.content['name']}”. "
                        "Until somebody decides, everybody sees what was approved last.",
                        f"/desk/entries/proposals/{row.pk}/",
                    ),
                    template="entry_proposed",
                    key=f"entry:{row.pk}:proposed:{user.pk}",
                    at=at,
                    area_id=row.area_id,
                )
            row.asked_at = at
            row.save(update_fields=["asked_at"])
    return len(rows)


def _deciders(version: ServiceVersion, at: datetime) -> list[User]:
    """Coordinators and leads of the area's front door other than the proposer; never nobody."""
    roles = [Role.COORDINATOR.value, Role.TEAM_LEAD.value, Role.SERVICE_MANAGER.value]
    rows = (
        Membership.objects.current(london_day(at))
        .filter(team=version.area.front_door_id, role__in=roles, user__is_active=True)
        .exclude(user=version.proposed_by_id)
        .select_related("user")
    )
    found = {row.user_id: row.user for row in rows}
    return list(found.values()) or [lead_of(version.area)]


def _tell_proposers(at: datetime) -> int:
    with wall.working():
        rows = list(
            ServiceVersion.objects.filter(
                state__in=["approved", "declined"], proposed_by__isnull=False, told_at__isnull=True
            )
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("proposed_by", "decided_by")
            .order_by("decided_at", "pk")[:BATCH]
        )
        for row in rows:
            user = row.proposed_by
            if user is not None and user.is_active:
                approved = row.state == "approved"
                outbox.to_staff(
                    user=user,
                    subject="Your change of the directory was approved"
                    if approved
                    else "Your change of the directory was declined",
                    body=_body(
                        f"{_who(row.decided_by)} {'approved' if approved else 'declined'} your change of "
                        f"“{row.content['name']}”." + ("" if approved else f" They wrote: {row.decided_why}"),
                        f"/desk/entries/proposals/{row.pk}/",
                    ),
                    template="entry_decided",
                    key=f"entry:{row.pk}:decided",
                    at=at,
                    area_id=row.area_id,
                )
            row.told_at = at
            row.save(update_fields=["told_at"])
    return len(rows)


# ---------------------------------------------------------------- what visitors say is wrong


def _reports(condition: Q) -> list[WrongReport]:
    return list(
        WrongReport.objects.filter(condition)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("owner", "service__area__front_door__lead", "service__area__front_door__fallback")
        .select_related("service__lead", "service__team__lead")
        .order_by("pk")[:BATCH]
    )


def _pass_reports_on(at: datetime) -> int:
    """To the owner when it comes, and once more when its time is up. An owner who left is replaced."""
    new = Q(answered_at__isnull=True, owner_told_at__isnull=True)
    late = Q(answered_at__isnull=True, owner_told_at__isnull=False, reminded_at__isnull=True, due_at__lte=at)
    with wall.working():
        rows = _reports(new | late)
        for row in rows:
            again = row.owner_told_at is not None
            if row.owner is None or not row.owner.is_active:
                row.owner = owner_of(row.service)
            _tell_of_report(row, row.owner, "late" if again else "new", at)
            if again:
                row.reminded_at = at
            else:
                row.owner_told_at = at
            row.save(update_fields=["owner", "reminded_at", "owner_told_at"])
    return len(rows)


def _raise_reports(at: datetime) -> int:
    """To the area's lead, when the owner has been asked twice."""
    count = 0
    with wall.working():
        for row in _reports(Q(answered_at__isnull=True, reminded_at__isnull=False, raised_at__isnull=True)):
            asked = row.reminded_at or at
            if working_time.due_after_working_days(asked, RAISE_DAYS) > at:
                continue
            _tell_of_report(row, _above(row.service, row.owner), "raised", at)
            row.raised_at = at
            row.save(update_fields=["raised_at"])
            count += 1
    return count


REPORT_SUBJECTS = {
    "new": "Somebody says that an entry of the directory is wrong",
    "late": "Still to answer: somebody says that an entry is wrong",
    "raised": "Nobody has answered: somebody says that an entry is wrong",
}


def _tell_of_report(row: WrongReport, user: User, step: str, at: datetime) -> None:
    outbox.to_staff(
        user=user,
        subject=REPORT_SUBJECTS[step],
        body=_body(
            f"It is about “{row.service.name}”. Please answer by {working_time.moment_in_words(row.due_at)}.",
            f"/desk/entries/reports/{row.pk}/",
        ),
        template=f"entry_wrong_{step}",
        key=f"wrong:{row.pk}:{step}",
        at=at,
        area_id=row.service.area_id,
    )


def _answer_reporters(at: datetime) -> int:
    """The answer to whoever left an address for it. It names no service: others may read over a shoulder."""
    with wall.working():
        rows = _reports(Q(answered_at__isnull=False, reporter_told_at__isnull=True) & ~Q(reply_to=""))
        for row in rows:
            outbox.to_address(
                address=row.reply_to,
                subject="Thank you for telling us",
                body=(
                    "You told us that something on our pages was wrong. We looked at it.\n\n"
                    f"{ANSWERS[row.answer]}. {row.answer_words}\n\n{row.service.area.door_name}"
                ),
                template="entry_wrong_answered",
                key=f"wrong:{row.pk}:answered",
                at=at,
                area_id=row.service.area_id,
            )
            row.reporter_told_at = at
            row.save(update_fields=["reporter_told_at"])
    return len(rows)


# ---------------------------------------------------------------- reminders to check


def _remind(at: datetime) -> int:
    """The owner when a check is due, again a working week later, then the area's lead."""
    on = london_day(at)
    count = 0
    with wall.working():
        due = (
            by_care(Service.objects.exclude(state="closed").visible(on))
            .filter(Q(due__isnull=True) | Q(due__lte=on))
            .values_list("pk", flat=True)
        )
        rows = (
            Service.objects.filter(pk__in=list(due))
            .select_related("area__front_door__lead", "area__front_door__fallback", "lead", "team__lead")
            .order_by("name", "pk")
        )
        sent = _sent_already(rows)
        told: dict[tuple[str, int], list[tuple[Service, date]]] = {}
        people: dict[int, User] = {}
        for service in rows:
            due_on = _due_of(service)
            step = _next_step(sent.get((service.pk, due_on), {}), on)
            if step is None:
                continue
            owner = owner_of(service)
            user = _above(service, owner) if step == "lead" else owner
            people[user.pk] = user
            told.setdefault((step, user.pk), []).append((service, due_on))
        for (step, user_id), entries in told.items():
            _remind_one(step, people[user_id], entries, at)
            count += len(entries)
    return count


def _due_of(service: Service) -> date:
    if service.last_checked is None:
        return NEVER_CHECKED
    return date.fromordinal(service.last_checked.toordinal() + service.check_every_days)


def _sent_already(services: Iterable[Service]) -> dict[tuple[int, date], dict[str, datetime]]:
    """By entry and due day: when each step was sent."""
    found: dict[tuple[int, date], dict[str, datetime]] = {}
    rows = EntryReminder.objects.filter(service__in=services)
    for pk, due_on, step, sent_at in rows.values_list("service_id", "due_on", "step", "sent_at"):
        found.setdefault((pk, due_on), {})[step] = sent_at
    return found


def _next_step(sent: dict[str, datetime], on: date) -> str | None:
    """The step that is due now: the first at once, each other a working week after the one before."""
    step = next((one for one in STEPS if one not in sent), None)
    if step is None or step == STEPS[0]:
        return step
    before = london_day(sent[STEPS[STEPS.index(step) - 1]])
    return step if working_time.add_working_days(before, AGAIN_DAYS) <= on else None


def _remind_one(step: str, user: User, entries: list[tuple[Service, date]], at: datetime) -> None:
    """One message for all that is due with one person, and a row for each entry: nobody is asked twice."""
    EntryReminder.objects.bulk_create(
        [
            EntryReminder(service=service, step=step, due_on=due_on, sent_to=user, sent_at=at)
            for service, due_on in entries
        ],
        ignore_conflicts=True,
    )
    names = [service.name for service, _ in entries]
    listed = "\n".join(f"- {name}" for name in names[:NAMED])
    more = f"\nand {len(names) - NAMED} more" if len(names) > NAMED else ""
    outbox.to_staff(
        user=user,
        subject=SUBJECTS[step],
        body=_body(
            f"{listed}{more}\n\nOpen each one. If it is still right, press “Still right”; if not, change it. "
            "Families are told that an entry is old, and it ranks lower.",
            "/desk/entries/care/",
        ),
        template=f"entry_check_{step}",
        key=f"entries:{step}:{user.pk}:{london_day(at).isoformat()}:{min(s.pk for s, _ in entries)}",
        at=at,
        area_id=entries[0][0].area_id,
    )


def _above(service: Service, owner: User | None) -> User:
    """Whoever is asked after the owner: the area's lead, or its fall-back where that is the owner."""
    lead = lead_of(service.area)
    fallback = service.area.front_door.fallback
    return fallback if owner is not None and lead.pk == owner.pk and fallback is not None else lead


def _who(user: User | None) -> str:
    return user.name if user is not None else "Somebody"


def _body(words: str, path: str) -> str:
    return f"{words}\n\n{outbox.full_address(path)}"
