"""Everything a family page shows, read in eight queries however much has happened.

Rows that belong to one row (ways to reach a person, instructions, offers of a request) come as JSON with it.
What one adult told stays that adult's own: `Picture.main` is whom the page is about, the others have pages
of their own, and `about` on a timeline row says whose it is.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, JSONObject

from anydoor.access.models import AuditEntry
from anydoor.access.policy import Facts, Standing
from anydoor.care.models import (
    Contact,
    Episode,
    FamilyCare,
    Handover,
    Happening,
    Measure,
    Objection,
    Offer,
    Referral,
    ScheduledContact,
    Sight,
    Story,
    Wait,
)
from anydoor.care.models.record import WaitQuerySet
from anydoor.care.scope import WAITS_ABOUT, facts_from, not_seen
from anydoor.care.withheld import (
    HeldBack,
    call,
    happenings_shown,
    held_back,
    measures_shown,
    work_shown,
)  # fmt: skip
from anydoor.directory.models import District
from anydoor.people.consent import Consent, SharedWithout
from anydoor.people.models import ADULT_ROLES, ContactPoint, FamilyMember, Instruction, Person
from anydoor.rules.stage import Child, Stage, stage

LATEST = 12  # rows of the timeline on the page itself
# What the page shows of each. A service alone has 45 columns, and reading them cost more than all the rest.
HANDOVER_COLUMNS = (
    *("family_id", "person_id", "referral_id", "episode_id", "kind", "stage", "to_team_id", "from_team_id"),
    *("agreement", "agreed_by", "agreed_words", "agreed_at", "sharing_reason", "decline_reason"),
    *("proposed_at", "accepted_at", "introduction_at", "introduced_at", "declined_at", "completed_at"),
    *("service__name", "service__slug", "service__strand", "to_user__name", "from_user__name"),
)
REFERRAL_COLUMNS = (
    *("family_id", "person_id", "reference", "door", "stage", "received_at", "ended_at", "end_state"),
    *("paused_until", "danger_words", "referrer_name", "referrer_organisation", "family_knows"),
    *("holder__name", "holder_team_id"),
)
EPISODE_COLUMNS = (
    *("family_id", "person_id", "stage", "level", "outside_words", "opened_at", "ended_at", "end_state"),
    *("service__name", "service__slug", "service__strand", "holder__name", "holder_team_id"),
)


OF_CONSENT = (
    *("person_id", "purpose", "breadth", "organisation_id", "service_id", "to_words"),
    *("slices", "state", "until"),
)
OF_OBJECTION = ("id", "person_id", "kind", "of", "about", "words", "state", "now_says", "at")
OF_WITHOUT = ("person_id", "to_words", "reason", "family_told")


@dataclass(frozen=True, slots=True)
class Way:
    """A number or address of a person that is in use, and what they said is safe."""

    id: int
    kind: str
    typed: str
    value: str
    safe: str
    uses: tuple[str, ...]
    hours: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence every worker must follow. `kind` is safety or need."""

    id: int
    kind: str
    words: str
    said_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Routine:
    """A routine contact of a child that is open: key and window."""

    key: str
    opens_on: date
    closes_on: date
    lapses_on: date


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the family, with what must be known before they are spoken to."""

    id: int
    person: Person
    role: str
    apart: bool
    town: str
    ways: tuple[Way, ...]
    rules: tuple[Rule, ...]
    routine: tuple[Routine, ...] = ()
    is_closed: bool = False  # their own record is not shared with whoever looks

    @property
    def is_adult(self) -> bool:
        return self.role in ADULT_ROLES

    @property
    def is_lost(self) -> bool:
        return self.person.lost_on is not None or self.person.loss_kind != ""


@dataclass(slots=True)
class Picture:
    """One family as somebody who works with it sees it."""

    care: FamilyCare
    facts: Facts
    team_names: dict[int, str]  # of the teams that see the family in full
    looks: int  # people who have looked so far
    members: list[Member]
    main: Member | None
    stage: Stage
    stories: list[Story]
    referrals: list[Referral]  # newest first, closed ones too; each with `offered`, a list of dicts
    episodes: list[Episode]  # newest first, ended ones too; each with `met` (a count) and `last_met`
    handovers: list[Handover]  # newest first, closed ones too
    waits: list[Wait]
    planned: list[Contact]
    happenings: Sequence[Happening]  # each with `about`: the id of the person it is about, or None
    happened: int
    held: HeldBack = field(default_factory=HeldBack)  # what is not shown of them

    @property
    def hidden(self) -> frozenset[int]:
        """People whose own record is not shown."""
        return self.held.hidden

    @property
    def adults(self) -> list[Member]:
        return [one for one in self.members if one.is_adult]


def seen_facts(care: FamilyCare) -> Facts:
    """The facts of a `care` read by `cares`, without another query."""
    seen = care.seen_by  # type: ignore[attr-defined]  # annotated in `cares`
    return facts_from(care, ((row["team"], row["level"], row["without"], row["withheld"]) for row in seen))


def _who_looked() -> QuerySet[AuditEntry, Any]:
    """How many people looked at a family, beside a row of it: not those who looked at who looked, nor those
    who were not let in."""
    looks = AuditEntry.objects.filter(
        family_id=OuterRef("pk"), action__startswith="see_", allowed=True, user__isnull=False
    ).exclude(action="see_looks")
    counted = looks.order_by().values("family_id").annotate(people=Count("user_id", distinct=True))
    return counted.values("people")


def cares(who: Standing) -> QuerySet[FamilyCare]:
    """Families `who` may see, each with `seen_by` (teams and how much they see) and `looks` (people).

    `measured`: the newest finished measure of each instrument and person, as objects.
    """
    return (
        FamilyCare.objects.for_user(who)
        .select_related("family", "area", "lead", "lead_team")
        .annotate(
            seen_by=ArraySubquery(
                Sight.objects.filter(family=OuterRef("pk")).values(
                    row=JSONObject(
                        team="team_id",
                        level="level",
                        name="team__name",
                        without="without",
                        withheld="withheld",
                        title="title",
                        with_words="with_words",
                    )
                )
            ),
            looks=Coalesce(Subquery(_who_looked(), output_field=IntegerField()), 0),
            said=ArraySubquery(
                Consent.objects.filter(family=OuterRef("pk"), purpose="help")
                .order_by("-at", "-pk")
                .values(row=JSONObject(**{name: name for name in OF_CONSENT}))
            ),
            unasked=ArraySubquery(
                SharedWithout.objects.filter(family=OuterRef("pk"), ended_at__isnull=True)
                .order_by("-at", "-pk")
                .values(row=JSONObject(**{name: name for name in OF_WITHOUT}))
            ),
            contested=ArraySubquery(
                Objection.objects.beside()
                .filter(family=OuterRef("pk"))
                .order_by("pk")
                .values(row=JSONObject(**{name: name for name in OF_OBJECTION}))
            ),
            measured=ArraySubquery(
                Measure.objects.finished()
                .filter(measures_shown(who), family=OuterRef("pk"))
                .order_by("person", "instrument", "-taken_at", "-pk")
                .distinct("person", "instrument")
                .values(
                    row=JSONObject(
                        id="pk",
                        person="person_id",
                        instrument="instrument",
                        rule="rule",
                        at="taken_at",
                        result="result",
                        risk="risk",
                    )
                )
            ),
        )
    )


def said_in(care: FamilyCare) -> list[Consent]:
    """What was said of sharing, newest first, from a `care` read by `cares`; without another query."""
    rows: list[dict[str, Any]] = care.said  # type: ignore[attr-defined]  # annotated in `cares`
    return [Consent(**{**row, "until": row["until"] and date.fromisoformat(row["until"])}) for row in rows]


def unasked_in(care: FamilyCare) -> list[SharedWithout]:
    """What is shared without asking, newest first, from a `care` read by `cares`."""
    return [SharedWithout(**row) for row in care.unasked]  # type: ignore[attr-defined]  # annotated in `cares`


def objections_in(care: FamilyCare) -> list[Objection]:
    """What they say is not right in the record, oldest first, from a `care` read by `cares`."""
    rows: list[dict[str, Any]] = care.contested  # type: ignore[attr-defined]  # annotated in `cares`
    return [Objection(**{**row, "at": datetime.fromisoformat(row["at"])}) for row in rows]


def care_of(who: Standing, family_id: int) -> FamilyCare:
    """The family with what the policy needs, in one query. Raises `NotFound`."""
    found = cares(who).filter(pk=family_id).first()
    if found is None:
        raise not_seen("see_family", "family", family_id)
    _call(found, who)
    return found


def _call(care: FamilyCare, who: Standing) -> None:
    """What this viewer's teams call the family, from what came with `care`."""
    seen: list[dict[str, Any]] = care.seen_by  # type: ignore[attr-defined]  # annotated in `cares`
    mine = [row for row in seen if row["team"] in who.family_team_ids and row["level"] in {"full", "own"}]
    if mine and care.pk not in who.sees_alone("full"):
        call(care, *min((row["title"], row["with_words"]) for row in mine))


def members_seen(who: Standing, facts: Facts) -> list[Member]:
    """Who is in the family now, as `who` may see them. One query."""
    return as_seen(members_of(facts.family_id or 0), held_back(who, facts))


def members_at_work(who: Standing, facts: Facts, person_id: int) -> list[Member]:
    """Whom a contact of one's work with somebody can be with: who sees no more than that work, them alone."""
    if facts.family_id in who.sees_alone("full") or who.family_team_ids & facts.full_team_ids:
        return [one for one in members_seen(who, facts) if not one.is_closed]
    them = [one for one in members_of(facts.family_id or 0) if one.person.pk == person_id]
    return as_seen(them, replace(held_back(who, facts), hidden=frozenset()))


def as_seen(members: Iterable[Member], held: HeldBack) -> list[Member]:
    """The people of a family as this viewer may see them, in the same order."""
    return [_as_seen(one, held) for one in members]


def _as_seen(one: Member, held: HeldBack) -> Member:
    if one.person.pk in held.hidden:
        # That they belong to the family is no secret to who works with it. Who they are, a team knows that
        # worked with them once.
        name = one.person.called.split(" ")[0] if held.names(one.person.pk) else ""
        person = Person(pk=one.person.pk, name=name, created_at=one.person.created_at)
        return replace(one, person=person, town="", ways=(), rules=(), is_closed=True)
    if held.shows("contact", one.person.pk):
        return one
    person = copy.copy(one.person)
    person.address = person.postcode = person.district_code = ""
    return replace(one, person=person, town="", ways=())


def members_of(family_id: int) -> list[Member]:
    """Who is in the family now, in the order they came, each with ways and rules. One query."""
    rows = (
        FamilyMember.objects.filter(family_id=family_id, left_at__isnull=True)
        .select_related("person")
        .annotate(
            town=Subquery(District.objects.filter(code=OuterRef("person__district_code")).values("name")[:1]),
            ways=ArraySubquery(
                ContactPoint.objects.filter(person=OuterRef("person"), ended_at__isnull=True)
                .order_by("pk")
                .values(
                    row=JSONObject(
                        id="pk",
                        kind="kind",
                        typed="typed",
                        value="value",
                        safe="safe",
                        uses="uses",
                        hours="hours",
                    )
                )
            ),
            told_rules=ArraySubquery(
                Instruction.objects.filter(person=OuterRef("person"), ended_at__isnull=True)
                .order_by("pk")
                .values(row=JSONObject(id="pk", kind="kind", words="words", said_by="said_by", at="at"))
            ),
            routine=ArraySubquery(
                ScheduledContact.objects.open()
                .filter(child=OuterRef("person"))
                .order_by("closes_on", "pk")
                .values(
                    row=JSONObject(
                        key="key", opens_on="opens_on", closes_on="closes_on", lapses_on="lapses_on"
                    )
                )
            ),
        )
    )
    return [
        Member(
            id=row.pk,
            person=row.person,
            role=row.role,
            apart=row.apart,
            town=row.town or "",
            ways=tuple(Way(**{**way, "uses": tuple(way["uses"])}) for way in row.ways),
            rules=tuple(
                Rule(**{**rule, "at": datetime.fromisoformat(rule["at"])}) for rule in row.told_rules
            ),
            routine=tuple(
                Routine(one.pop("key"), **{name: date.fromisoformat(day) for name, day in one.items()})
                for one in row.routine
            ),
        )
        for row in rows
    ]


def stage_of(care: FamilyCare, members: Sequence[Member], on: date) -> Stage:
    """Where the family is on that day, from its children."""
    return stage(
        [child_of(one.person) for one in members if one.role in {"baby", "child"}],
        on=on,
        trying=care.family.trying_to_conceive,
        assisted=care.family.assisted_conception,
    )


def child_of(person: Person) -> Child:
    return Child(
        due_on=person.due_on, born_on=person.born_on, lost_on=person.lost_on, loss_kind=person.loss_kind
    )


def happenings_of(
    family_id: int, before: int | None = None, without: Collection[int] = ()
) -> QuerySet[Happening]:
    """The timeline, newest first, from behind the row `before` on. `about`: whom a row is about, or None.

    Rows about people in `without` are left out.
    """
    rows = Happening.objects.filter(family_id=family_id)
    if before is not None:
        place = rows.filter(pk=before).first()
        if place is not None:
            rows = rows.filter(Q(at__lt=place.at) | Q(at=place.at, pk__lt=place.pk))
    found = rows.annotate(
        about=Coalesce(
            F("contact__person_id"),
            F("handover__person_id"),
            F("episode__person_id"),
            F("referral__person_id"),
        ),
        contact_mode=F("contact__mode"),
        contact_minutes=F("contact__minutes"),
    ).order_by("-at", "-pk")
    if not without:
        return found
    # What is about nobody by its subject may name a person in its facts.
    nobody = Q(facts__person__isnull=True) | ~Q(facts__person__in=list(without))
    return found.filter((Q(about__isnull=False) & ~Q(about__in=without)) | (Q(about__isnull=True) & nobody))


def happenings_about(family_id: int, person_id: int) -> QuerySet[Happening]:
    """The rows of the timeline that are about one person, newest first."""
    return happenings_of(family_id).filter(
        Q(about=person_id)
        | Q(about__isnull=True, facts__person=person_id)
        | Q(about__isnull=True, facts__baby=person_id)
    )


def picture_of(care: FamilyCare, on: date, who: Standing | None = None) -> Picture:
    """Read the rest of the family. `care` comes from `care_of`.

    Of people whose own record `who` does not see no more comes than that they belong to the family; of the
    others, what they did not agree to share is left out.
    """
    family_id = care.pk
    held = held_back(who, seen_facts(care)) if who is not None else HeldBack()
    members = as_seen(members_of(family_id), held)
    referrals = list(_work(_referrals(family_id), "referral", who, held))
    episodes = list(_work(_episodes(family_id), "episode", who, held))
    told = happenings_shown(happenings_of(family_id, without=held.hidden), held)
    latest = list(told.annotate(total=Window(Count("*")))[:LATEST])
    seen: list[dict[str, Any]] = care.seen_by  # type: ignore[attr-defined]  # annotated in `cares`
    return Picture(
        care=care,
        facts=seen_facts(care),
        team_names={row["team"]: row["name"] for row in seen if row["level"] == "full"},
        looks=care.looks,  # type: ignore[attr-defined]  # annotated in `cares`
        members=members,
        main=_main(members, referrals, episodes),
        stage=stage_of(care, members, on),
        stories=list(
            Story.objects.filter(family_id=family_id, replaced_by__isnull=True).exclude(
                person__in=held.without("story")
            )
        ),
        referrals=referrals,
        episodes=episodes,
        handovers=list(
            Handover.objects.filter(_handovers_shown(who, held), family_id=family_id)
            .select_related("service", "to_user", "from_user")
            .only(*HANDOVER_COLUMNS)
            .order_by("-proposed_at", "-pk")
        ),
        waits=list(waits_shown(Wait.objects.open().filter(family_id=family_id), held).by_clock()),
        planned=list(
            Contact.objects.planned()
            .filter(_contacts_shown(held), family_id=family_id)
            .select_related("person")
            .order_by("happens_at", "pk")
        ),
        happenings=latest,
        happened=latest[0].total if latest else 0,
        held=held,
    )


def _work(rows: QuerySet[Any], kind: str, who: Standing | None, held: HeldBack) -> QuerySet[Any]:
    return rows if who is None else rows.filter(work_shown(who, kind, held))


def _handovers_shown(who: Standing | None, held: HeldBack) -> Q:
    """Handovers from or to one's own teams; of the others those about people who agreed."""
    people = held.without("record")
    if who is None or not people:
        return Q()
    mine = Q(to_team_id__in=who.family_team_ids) | Q(from_team_id__in=who.family_team_ids)
    return ~Q(person__in=people) | (mine & ~Q(person__in=held.hidden))


def _contacts_shown(held: HeldBack) -> Q:
    mine = Q(team__in=held.teams) & ~Q(person__in=held.hidden)
    return ~Q(person__in=held.without("record")) | mine


def waits_shown(rows: WaitQuerySet, held: HeldBack) -> WaitQuerySet:
    """What waits, without what waits because of somebody whose own record is not shown."""
    if not held.hidden:
        return rows
    return rows.annotate(about=WAITS_ABOUT).exclude(about__in=held.hidden)


def _referrals(family_id: int) -> QuerySet[Referral]:
    offered = Offer.objects.filter(referral=OuterRef("pk")).order_by("-decision__at", "-pk")
    return (
        Referral.objects.filter(family_id=family_id)
        .select_related("holder")
        .only(*REFERRAL_COLUMNS)
        .annotate(
            offered=ArraySubquery(
                offered.values(
                    row=JSONObject(
                        id="pk",
                        service="service__name",
                        slug="service__slug",
                        strand="service__strand",
                        answer="answer",
                        at="decision__at",
                        decision="decision_id",
                    )
                )
            )
        )
        .order_by("-received_at", "-pk")
    )


def _episodes(family_id: int) -> QuerySet[Episode]:
    met = Q(contacts__outcome="attended", contacts__superseded_by__isnull=True)
    return (
        Episode.objects.filter(family_id=family_id)
        .select_related("service", "holder")
        .only(*EPISODE_COLUMNS)
        .annotate(met=Count("contacts", filter=met), last_met=Max("contacts__happens_at", filter=met))
        .order_by("-opened_at", "-pk")
    )


def _main(
    members: Sequence[Member], referrals: Sequence[Referral], episodes: Sequence[Episode]
) -> Member | None:
    """Whom the page is about, as `standing` names the family: of the newest open thing, else an adult."""
    begun = [(row.received_at, row.person_id) for row in referrals if row.holder_id is not None]
    begun += [(row.opened_at, row.person_id) for row in episodes if row.holder_id is not None]
    main_id = max(begun)[1] if begun else None
    return min(
        members,
        key=lambda one: (one.person.pk != main_id, one.is_closed, not one.is_adult, one.id),
        default=None,
    )
