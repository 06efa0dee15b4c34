"""Who works where: organisations, teams, staff, their memberships, duty turns, leave, and the audit.

Nothing here knows a family. Rooms above ask `policy` what somebody may do, and write `audit` rows.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Cast, Lower

from anydoor.access.roles import WORKS_WITH_FAMILIES, Role, role_choices

ORGANISATION_KINDS = {
    "nhs_trust": "NHS trust",
    "gp_practice": "GP practice",
    "council": "Council",
    "charity": "Charity",
    "hub": "Family hub",
    "private": "Private provider",
    "other": "Other",
}
TEAM_KINDS = {
    "front_door": "Front door",
    "service": "Service",
    "hub": "Family hub",
    "meeting": "Meeting",
}

# The number of the transaction a row is written in, as the database gives it.
THIS_TRANSACTION = Cast(
    Cast(Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField()
)


def organisation_kinds() -> list[tuple[str, str]]:
    return list(ORGANISATION_KINDS.items())


def team_kinds() -> list[tuple[str, str]]:
    return list(TEAM_KINDS.items())


class Organisation(models.Model):
    """A legal body that families meet: a trust, a practice, a council, a charity, a hub."""

    slug = models.SlugField(max_length=80, unique=True)
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # published; never changes
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=organisation_kinds)
    ods_code = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=list(ORGANISATION_KINDS)),
                name="organisation_kind_known",
            )
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes people who can sign in. E-mail is the name they sign in with, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A member of staff, or a referrer with an account."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    text_number = models.CharField(max_length=40, blank=True, default="")
    is_active = models.BooleanField(default=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
            models.CheckConstraint(
                condition=Q(is_active=True, closed_at__isnull=True)
                | Q(is_active=False, closed_at__isnull=False),
                name="user_closed_when_inactive",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class Team(models.Model):
    """The smallest group that answers a handover. A front-door team also has a rota and a fall-back."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=team_kinds)
    phone = models.CharField(max_length=40, blank=True, default="")
    text_number = models.CharField(max_length=40, blank=True, default="")
    email = models.EmailField(max_length=254, blank=True, default="")
    opens = models.TimeField(default="09:00")
    closes = models.TimeField(default="17:00")
    lead = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="leads")
    # The person who holds when nobody on the rota can. A front-door team is not complete without one.
    fallback = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="fallback_of",
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(TEAM_KINDS)), name="team_kind_known"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="team_closes_after_it_opens"),
            models.CheckConstraint(
                condition=~Q(kind="front_door") | Q(fallback__isnull=False),
                name="front_door_has_a_fallback",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: date) -> MembershipQuerySet:
        """Memberships that hold on that day."""
        return self.filter(started_on__lte=on).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))

    def working_with_families(self) -> MembershipQuerySet:
        """Those whose role may hold a family, with an open account."""
        return self.filter(role__in=[r.value for r in WORKS_WITH_FAMILIES], user__is_active=True)


class Membership(models.Model):
    """One role of one person in one team, from a day until a day."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=role_choices)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    # Who gave it and who ended it, where a colleague did: loading and covering name nobody.
    given_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=[r.value for r in Role]), name="role_known"),
            models.UniqueConstraint(
                fields=["user", "team", "role"],
                condition=Q(ended_on__isnull=True),
                name="one_current_membership_per_role",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="membership_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(given_by__isnull=True) | ~Q(given_by=F("user")),
                name="nobody_gives_themself_a_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


REVIEWED = {"right": "Still right", "ended": "Ended"}


class AccessReview(models.Model):
    """Somebody looked at one role of a colleague and said whether it is still right. Rows are only added."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="reviews")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="access_reviews")
    verdict = models.CharField(max_length=8)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    next_due_on = models.DateField(null=True)  # none when the role was ended

    class Meta:
        indexes: ClassVar = [models.Index(fields=["membership", "-at"], name="access_reviews_of_a_role")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(by=F("user")), name="nobody_reviews_themself"),
            models.CheckConstraint(
                condition=Q(verdict="right", next_due_on__isnull=False)
                | Q(verdict="ended", next_due_on__isnull=True),
                name="a_review_that_is_right_is_due_again",
            ),
        ]


class FirstLink(models.Model):
    """A one-time link with which somebody sets the first password of their account. Only its hash is kept.

    At most one of an account opens; the newest. It ends after 72 hours, however it was made.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="first_links")
    digest = models.CharField(max_length=64, unique=True)  # SHA-256, hexadecimal
    sent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # none: console
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at__isnull=True, ended_at__isnull=True),
                name="one_first_link_opens",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at"))
                & Q(expires_at__lte=F("sent_at") + timedelta(hours=72)),
                name="first_link_ends_in_72_hours",
            ),
        ]


class DutyTurn(models.Model):
    """A weekly turn at the front door: on this weekday, between these hours, this person is on duty."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="duty_turns")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="duty_turns")
    weekday = models.PositiveSmallIntegerField()  # Monday is 0, as in Python's datetime
    starts = models.TimeField()
    ends = models.TimeField()
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["weekday", "starts", "order", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_of_seven"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="turn_ends_after_it_starts"),
            models.UniqueConstraint(fields=["team", "weekday", "starts", "user"], name="turn_once"),
        ]


class Leave(models.Model):
    """Days away, first to last inclusive, and who covers."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="leave")
    starts_on = models.DateField()
    ends_on = models.DateField()
    cover = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="covers")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="leave_ends_after_start"),
            models.CheckConstraint(
                condition=Q(cover__isnull=True) | ~Q(cover=F("user")),
                name="nobody_covers_themself",
            ),
        ]


class ApiToken(models.Model):
    """A key for a partner system. Only its hash is stored; it acts as one named person in one team."""

    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256, hexadecimal
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="api_tokens")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)


PERSONAL_WHYS = {
    "named": "Named for a sealed record",
    "asked": "Asked by name to take over a sealed record",
    "break_glass": "Opened in an emergency",
    "conflict": "Their own record, their address, or somebody they know",
}


class PersonalSight(models.Model):
    """What one person sees of one family whatever their teams see: more (a seal, an emergency), or nothing.

    `level` is full, preview or none. None wins over everything. `family_id` is a plain number, as in the
    audit: this room knows no family. Written by the verbs of `care`, read with the account at every request.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="personal_sights")
    family_id = models.BigIntegerField()
    level = models.CharField(max_length=8)
    why = models.CharField(max_length=12)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["family_id"], name="personal_sight_by_family")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "family_id", "why"], name="personal_sight_once"),
            models.CheckConstraint(
                condition=Q(why__in=["named", "break_glass"], level="full")
                | Q(why="asked", level="preview")
                | Q(why="conflict", level="none"),
                name="personal_sight_fits_its_reason",
            ),
            models.CheckConstraint(
                condition=~Q(why="break_glass") | Q(until__isnull=False), name="break_glass_ends"
            ),
        ]


DECLARED = {
    "self": "Me",
    "relative": "Somebody related to me",
    "household": "My address",
    "other": "Somebody I know well",
}


class Declaration(models.Model):
    """Whose record somebody must not open: their own, their address's, a relative's. Only marks are kept.

    `marks` are keyed hashes of an NHS number, of a name with a birth date, of a private number or of an
    address; they can be compared with a record, and tell nothing by themselves.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="declarations")
    kind = models.CharField(max_length=10)
    words = models.CharField(max_length=120, blank=True, default="")  # "my sister": no name is needed
    marks = ArrayField(models.CharField(max_length=64))
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["marks"], name="declarations_by_mark")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(DECLARED)), name="declared_kind_known"),
            models.CheckConstraint(condition=~Q(marks=[]), name="declaration_has_a_mark"),
        ]


class AuditEntry(models.Model):
    """Who did or looked at what, when and why. Rows are only ever added (a trigger sees to it).

    `family` and `subject_id` are plain numbers, not foreign keys: the audit outlives what it speaks of.
    """

    at = models.DateTimeField()
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=200)  # in words: also for a visitor, a partner system, the clock
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    family_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=40, default="direct_care")
    allowed = models.BooleanField(default=True)
    why = models.CharField(max_length=300, blank=True, default="")
    # Filled in by the database, and the same in every row of a history (`access.history`) that the same
    # transaction wrote: so a change and who made it are found together, at no statement's cost.
    transaction = models.BigIntegerField(null=True, editable=False, db_default=THIS_TRANSACTION)
    written_at = models.DateTimeField(null=True, editable=False, db_default=TransactionNow())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["family_id", "-at"], name="audit_by_family"),
            models.Index(fields=["user", "-at"], name="audit_by_user"),
            BrinIndex(fields=["written_at"], name="audit_by_writing", autosummarize=True, pages_per_range=16),
        ]


class AuditUnsealed(models.Model):
    """Audit rows that wait for the sealer: put here by a trigger, taken away when they are sealed."""

    entry_id = models.BigIntegerField(primary_key=True)


class AuditSeal(models.Model):
    """Some audit rows of one organisation, in order, with their digests, chained to the seal before.

    `organisation_key` is 0 for what a visitor or the clock did. `digests` holds 32 bytes a row, `head` is
    `rules.audit_chain.head`. Rows are only ever added (a trigger sees to it).
    """

    organisation_key = models.BigIntegerField()
    number = models.PositiveIntegerField()
    form = models.PositiveSmallIntegerField()
    entries = ArrayField(models.BigIntegerField())
    digests = models.BinaryField()
    previous = models.BinaryField()
    head = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation_key", "number"], name="seals_in_one_line"),
            models.CheckConstraint(condition=Q(number__gte=1), name="seals_count_from_one"),
        ]
