"""Whom to sign in as: for each area the front door, the coordinator, the leads, and those with most to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password
from django.db.models import Count, Q

from anydoor.access.duty import on_duty
from anydoor.access.models import Membership, User
from anydoor.access.roles import ROLE_WORDS, Role
from anydoor.config.demo.staff import email_of
from anydoor.directory.models import Area

PRACTITIONERS = 3
# The people of the drawn screens come first where they are.
KNOWN = {"norfolk": ("Leanne Mistry", "Grace Adeyemi", "Marcus Bell")}
OFFICES = (Role.REFERRER, Role.COMMISSIONER, Role.IG_LEAD, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One line: what somebody is, their name, the e-mail to sign in with."""

    what: str
    name: str
    email: str


def sign_ins(area: Area, at: datetime) -> list[SignIn]:
    """The people of an area worth signing in as, in the order of the work."""
    duty, _ = on_duty(area.front_door, at)
    rows = [_line("Front door, on duty", duty)]
    members = (
        Membership.objects.current(at.date())
        .filter(team=area.front_door, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    for role, what in (
        (Role.FRONT_DOOR, "Front door"),
        (Role.COORDINATOR, "Coordinator"),
        (Role.TEAM_LEAD, "Front door lead"),
    ):
        people = [row.user for row in members if row.role == role.value and row.user_id != duty.pk]
        rows += [_line(what, user) for user in people[:2]]
    rows += [_line(user.job_title or "Practitioner", user) for user in busiest(area)]
    here = Q(memberships__team__slug__startswith=f"{area.slug}-demo-")
    for user in User.objects.filter(here, is_active=True).prefetch_related("memberships").order_by("pk"):
        role = Role(user.memberships.all()[0].role)
        if role in OFFICES:
            rows.append(_line(ROLE_WORDS[role], user))
    return rows


def busiest(area: Area) -> list[User]:
    """Practitioners with most that waits on them or is held by them; the known ones first."""
    known = [email_of(name, area.slug) for name in KNOWN.get(area.slug, ())]
    rows = list(User.objects.filter(email__in=known, is_active=True))
    rows.sort(key=lambda user: known.index(user.email))
    others = (
        User.objects.filter(
            is_active=True, memberships__role=Role.TEAM_LEAD.value, memberships__team__services__area=area
        )
        .exclude(email__in=known)
        .exclude(memberships__team=area.front_door)
        .annotate(held=Count("holdings", filter=Q(holdings__to_at__isnull=True), distinct=True))
        .annotate(waiting=Count("waits", filter=Q(waits__done_at__isnull=True), distinct=True))
        .filter(Q(held__gt=0) | Q(waiting__gt=0))
        .order_by("-waiting", "-held", "pk")
        .distinct()
    )
    return rows + list(others[: max(PRACTITIONERS - len(rows), 1)])


def _line(what: str, user: User) -> SignIn:
    return SignIn(what, user.name, user.email)


def in_words(password: str, address: str, at: datetime) -> str:
    """Everything a newcomer needs, as lines."""
    lines = [
        "",
        "This is a demonstration. Every family, worker, number and message in it is invented.",
        "It is no official site of any council, trust or charity, and is not for real families.",
        "",
        f"Ask for help, as a parent:  {address}/",
        f"Sign in, as a colleague:    {address}/sign-in/",
        f"Password for every account: {_password(password)}",
    ]
    for area in Area.objects.select_related("front_door__fallback").order_by("slug"):
        lines += ["", area.name]
        lines += [f"  {row.what[:36]:<38}{row.name:<24}{row.email}" for row in sign_ins(area, at)]
    return "\n".join([*lines, ""])


def _password(password: str) -> str:
    """The password, or a hint when the one asked for now is not the one the demo was loaded with."""
    somebody = User.objects.filter(is_active=True).order_by("pk").first()
    if somebody is None or check_password(password, somebody.password):
        return password
    return "the one given when the demo was loaded (ANYDOOR_DEMO_PASSWORD differs now)"
