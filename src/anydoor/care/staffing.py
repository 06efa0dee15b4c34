"""Colleagues come, change and go: an account, a role from a day until a day, and what they hold meanwhile.

Each verb asks the policy itself, because what is given here is what everything else is decided by. A role
never ends over families: who they go to is found first, as when an account is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError
from django.db.models import Q

from anydoor.access import audit, sessions, wall
from anydoor.access.audit import Outsider
from anydoor.access.models import AccessReview, FirstLink, Membership, Team, User
from anydoor.access.policy import Facts, check
from anydoor.access.reviewing import facts_of
from anydoor.access.roles import ROLE_WORDS, WORKS_WITH_FAMILIES, Role
from anydoor.access.standing import standing_of
from anydoor.care import first_password
from anydoor.care.moving import Moved
from anydoor.care.referrer_door import is_known
from anydoor.care.role_over import role_over, unname_everywhere
from anydoor.messages import outbox
from anydoor.rules import identifiers, work_addresses
from anydoor.rules.errors import BadInput, WrongMoment
from anydoor.rules.working_time import london_day

MOST_AHEAD = timedelta(days=366)
MOST_LONG = timedelta(days=5 * 366)
UNKNOWN_DOMAIN = (
    "We make accounts for work addresses of organisations we know, and this is not one of them yet. The "
    "area’s coordinator or lead can vouch for it."
)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who joins: what is said of them by whoever adds them."""

    name: str
    email: str
    job_title: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a last day; without one until somebody ends it."""

    first: date
    last: date | None = None

    @property
    def ended_on(self) -> date | None:
        """The first day on which it holds no more."""
        return self.last + timedelta(days=1) if self.last is not None else None


# ---------------------------------------------------------------- joiners


def add_colleague(
    *, team: Team, who: Newcomer, role: Role, period: Period, by: User, at: datetime
) -> Membership:
    """Somebody joins a team. Without an account they get one, with a link by e-mail to set its password.

    An address that has an account, here or in another organisation, gets the role in that account, and its
    owner is told; one that was closed begins anew, without its password and second step. Whoever asks is
    answered the same. Raises `BadInput` pinned to its field, `NotAllowed`, and `WrongMoment` when they have
    this role in these days already.
    """
    _check_may_give(team, role, by, at, holder_id=None)
    name, title = " ".join(who.name.split()), " ".join(who.job_title.split())[:120]
    if not name:
        raise BadInput("Write their name.", field="name")
    if len(name) > 120:
        raise BadInput("Write at most 120 characters.", field="name")
    address = _work_address(who.email)
    if _mailbox(address) == _mailbox(by.email):
        raise BadInput("This is your own address. Somebody else gives you a role.", field="email")
    with wall.working():
        user = _account(address, name, title, by, at)
        row = _give(user=user, team=team, role=role, period=period, by=by, at=at)
        words = (
            f"{by.name} added you to {team.name} as {ROLE_WORDS[role].lower()}, from {_day(period.first)}"
            f"{f' to {_day(period.last)}' if period.last else ''}."
        )
        waits = FirstLink.objects.filter(
            user=user, used_at__isnull=True, ended_at__isnull=True, expires_at__gt=at
        )
        if user.has_usable_password() or waits.exists():
            _tell(user, "A role for you", words, f"role_given:{row.pk}", at)
        else:
            first_password.send_link(user=user, words=f"{words} You have an account now.", by=by, at=at)
    return row


def first_account(
    *, who: Newcomer, team: Team | None, role: Role, by: Outsider, at: datetime
) -> tuple[User, str]:
    """An account from the command line, for whom nobody is there yet to add: with the link to its password.

    With a `team` it gets the role there from today. Raises `BadInput`, and `WrongMoment` when the address has
    an account with a password already.
    """
    name = " ".join(who.name.split())[:120]
    if not name:
        raise BadInput("Write their name.", field="name")
    if team is not None and role == Role.FRONT_DOOR and team.kind != "front_door":
        raise BadInput("Only a front door has front door workers.", field="role")
    day = london_day(at)
    with wall.working():
        user = _account(identifiers.email(who.email), name, who.job_title[:120], by, at)
        held = Membership.objects.current(day).filter(user=user, team=team, role=role.value)
        if team is not None and not held.exists():
            row = Membership.objects.create(user=user, team=team, role=role.value, started_on=day)
            _record("role_given", user, by, at, row, day.isoformat())
        _, link = first_password.make_link(user=user, by=by, at=at)
    return user, link


def _mailbox(address: str) -> str:
    """Where letters to an address arrive: what stands behind a plus only sorts them."""
    local, _, domain = address.casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _work_address(typed: str) -> str:
    try:
        address = identifiers.email(typed)
    except BadInput as fault:
        raise BadInput(fault.message, field="email") from None
    if not is_known(work_addresses.domain_of(address)):
        raise BadInput(UNKNOWN_DOMAIN, field="email")
    return address


def _account(address: str, name: str, title: str, by: User | Outsider, at: datetime) -> User:
    """The account with this address, locked: as it is, opened anew, or made."""
    user = User.objects.select_for_update().filter(email__iexact=address).first()
    if user is not None and user.is_active:
        return user
    if user is not None:
        unname_everywhere(user=user, by=by, at=at)
        sessions.forget_ways_in(user)
        user.is_active, user.closed_at, user.job_title = True, None, title or user.job_title
        user.save(update_fields=["is_active", "closed_at", "job_title", "password", "last_login"])
        _record("account_opened_again", user, by, at)
        return user
    made = User(email=address, name=name, job_title=title)
    made.set_unusable_password()
    try:
        with wall.working():
            made.save(force_insert=True)
    except IntegrityError as clash:
        raise WrongMoment("Somebody added this address at the same moment. Try again.") from clash
    _record("account_made", made, by, at)
    return made


# ---------------------------------------------------------------- movers


def begin_role(*, user: User, team: Team, role: Role, period: Period, by: User, at: datetime) -> Membership:
    """Somebody with an account begins another role. Raises as `add_colleague` does."""
    _check_may_give(team, role, by, at, holder_id=user.pk)
    with wall.working():
        # Not locked: families are moved in the same transaction, and whoever takes one waits for the account.
        locked = User.objects.get(pk=user.pk)
        if not locked.is_active:
            raise WrongMoment(f"{locked.name}'s account is closed.")
        row = _give(user=locked, team=team, role=role, period=period, by=by, at=at)
        words = f"{by.name} gave you a role in {team.name} from {_day(period.first)}: {ROLE_WORDS[role]}."
        _tell(locked, "A role for you", words, f"role_given:{row.pk}", at)
    return row


def end_role(*, role_id: int, on: date, by: User, at: datetime, to: User | None = None) -> list[Moved]:
    """End a role: `on` is the first day on which it is held no more; today is at once.

    What they hold in that team goes to `to`, or whoever stands in: at once, or by the sweep when the day
    comes. Returns what moved now. Refused while they are the team's fall-back, or the organisation's only
    administrator, and when nobody is there to take over.
    """
    day = london_day(at)
    with wall.working():
        row = _locked(role_id)
        check(standing_of(by, day), "end_role", facts_of(row))
        if row.ended_on is not None and row.ended_on <= day:
            raise WrongMoment("This role has ended already. Nothing was changed.")
        if on < day:
            raise BadInput("That day is past.", field="last")
        if row.ended_on is not None and on > row.ended_on:
            raise BadInput(f"It ends before that, on {_day(row.ended_on)}.", field="last")
        if on - day > MOST_AHEAD:
            raise BadInput("Choose a day within a year.", field="last")
        _check_can_end(row, on)
        row.ended_on, row.ended_by = max(on, row.started_on), by
        row.save(update_fields=["ended_on", "ended_by"])
        AccessReview.objects.create(membership=row, user=row.user, verdict="ended", by=by, at=at)
        _record("role_ended", row.user, by, at, row, f"from {on.isoformat()}")
        words = f"{by.name} ended your role in {row.team.name} from {_day(on)}: {ROLE_WORDS[Role(row.role)]}."
        _tell(row.user, "A role of yours ends", words, f"role_ended:{row.pk}:{at.isoformat()}", at)
        if on > day:
            return []
        return role_over(user=row.user, team=row.team, by=by, at=at, to=to, must=True)


def change_role(
    *, role_id: int, role: Role, on: date, by: User, at: datetime, to: User | None = None
) -> tuple[Membership, list[Moved]]:
    """Another role in the same team from a day on, in place of this one. Who works on, holds on."""
    with wall.working():
        row = _locked(role_id)
        if role == row.role:
            raise BadInput("They have this role already.", field="role")
        last = row.ended_on - timedelta(days=1) if row.ended_on is not None else None
        begun = begin_role(user=row.user, team=row.team, role=role, period=Period(on, last), by=by, at=at)
        moved = end_role(role_id=role_id, on=on, by=by, at=at, to=to)
    return begun, moved


# ---------------------------------------------------------------- what both share


def _check_may_give(team: Team, role: Role, by: User, at: datetime, *, holder_id: int | None) -> None:
    facts = Facts(team_id=team.pk, organisation_id=team.organisation_id, holder_id=holder_id, role=role)
    check(standing_of(by, london_day(at)), "give_role", facts)
    if role == Role.FRONT_DOOR and team.kind != "front_door":
        raise BadInput("Only a front door has front door workers.", field="role")


def _give(*, user: User, team: Team, role: Role, period: Period, by: User, at: datetime) -> Membership:
    """The role itself. The same at the same moment is refused by the database, in the same words."""
    if user.pk == by.pk:
        _check_may_give(team, role, by, at, holder_id=user.pk)  # refuses, in the policy's words
    day = london_day(at)
    if period.first < day:
        raise BadInput("That day is past. The first day is today or later.", field="first")
    if period.first - day > MOST_AHEAD:
        raise BadInput("Choose a first day within a year.", field="first")
    if period.last is not None and period.last < period.first:
        raise BadInput("The last day is before the first.", field="last")
    if period.last is not None and period.last - period.first > MOST_LONG:
        raise BadInput("That is more than five years. Leave the last day empty instead.", field="last")
    same = Membership.objects.filter(user=user, team=team, role=role.value).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=period.first)
    )
    if period.ended_on is not None:
        same = same.filter(started_on__lt=period.ended_on)
    clash = WrongMoment(f"{user.name} has this role in {team.name} in these days already.")
    if same.exists():
        raise clash
    row = Membership(
        user=user,
        team=team,
        role=role.value,
        started_on=period.first,
        ended_on=period.ended_on,
        given_by=by,
    )
    try:
        with wall.working():
            row.save(force_insert=True)
    except IntegrityError as fault:
        raise clash from fault
    until = f" to {period.last.isoformat()}" if period.last else ""
    _record("role_given", user, by, at, row, f"{period.first.isoformat()}{until}")
    return row


def _locked(role_id: int) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",)).select_related("team", "user")
    row = rows.filter(pk=role_id).first()
    if row is None:
        raise WrongMoment("There is no such role any more.")
    return row


def _check_can_end(row: Membership, on: date) -> None:
    working = [role.value for role in WORKS_WITH_FAMILIES]
    others = (
        Membership.objects.filter(team=row.team, user=row.user, role__in=working, started_on__lte=on)
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))
        .exclude(pk=row.pk)
    )
    if row.role in working and row.team.fallback_id == row.user_id and not others.exists():
        raise WrongMoment(f"{row.user.name} is the fall-back of {row.team.name}. Name another first.")
    if row.role == Role.ADMIN:
        admins = (
            Membership.objects.select_for_update(of=("self",))
            .filter(role=Role.ADMIN.value, team__organisation=row.team.organisation_id)
            .filter(user__is_active=True, ended_on__isnull=True, started_on__lte=on)
            .exclude(pk=row.pk)
        )
        if not admins.exists():
            raise WrongMoment(f"{row.user.name} is the only administrator here. Name another first.")


def _tell(user: User, subject: str, words: str, key: str, at: datetime) -> None:
    outbox.to_staff(
        user=user,
        subject=subject,
        body=f"{words} If that is not right, tell them, or your information governance lead.",
        template="role_changed",
        key=key,
        at=at,
    )


def _record(
    action: str, user: User, by: User | Outsider, at: datetime, row: Membership | None = None, why: str = ""
) -> None:
    where = f"{row.role} in {row.team.name} " if row is not None else ""
    audit.record(
        action=action,
        subject="account",
        subject_id=user.pk,
        by=by,
        at=at,
        organisation_id=row.team.organisation_id if row is not None else None,
        purpose="service_management",
        why=f"{where}{why}".strip(),
    )


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day is not None else ""
