"""What a verb writes with: `move`, `hold`, `release`, `note`, `wait`, `done`. Made by `record.writing`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model

from anydoor.access import audit
from anydoor.access.audit import Outsider
from anydoor.access.models import Team, User
from anydoor.care import kept_apart
from anydoor.care.models import Contact, Episode, Handover, Happening, Holding, Referral, Wait
from anydoor.care.models.record import DANGER_KINDS, WaitQuerySet
from anydoor.directory.models import Area
from anydoor.people.models import ContactPoint, Family, Person
from anydoor.rules.errors import WrongMoment
from anydoor.rules.pathway import (
    CLOSED_REFERRAL,
    EpisodeStage,
    Event,
    HandoverStage,
    ReferralStage,
    next_stage,
)

Actor = User | Outsider
Held = Referral | Episode
Subject = Referral | Handover | Episode | Contact
M = TypeVar("M", bound=Model)


def _subject_field(subject: Subject) -> str:
    return type(subject).__name__.lower()


@dataclass
class Pen:
    """What a verb writes with. Made by `writing`; lives as long as the family's lock."""

    family: Family
    by: Actor
    at: datetime
    fresh: bool = False  # a family begun in this very transaction
    rows: list[Model] = field(default_factory=list)  # of a fresh family: stored when the block ends
    form_key: str = ""  # marks the first row of the timeline with the form it came from
    _kept: frozenset[int] | None = None

    def kept_from(self) -> frozenset[int]:
        """Who must not be given this family; of a fresh one, once its people and their ways are added."""
        if self._kept is None:
            self._kept = (
                kept_apart.declared_near(self.added(Person), self.added(ContactPoint))
                if self.fresh
                else kept_apart.kept_users(self.family.pk)
            )
        return self._kept

    def add(self, *new: Model) -> None:
        """Store new rows. Those of a fresh family are stored together when the block ends."""
        if self.fresh:
            self.rows.extend(new)
            return
        for row in new:
            row.save(force_insert=True)

    def added(self, kind: type[M]) -> list[M]:
        """The rows of this kind that wait to be stored."""
        return [row for row in self.rows if isinstance(row, kind)]

    # ---- stages
    def move(
        self, thing: Referral | Handover | Episode, event: Event, headline: str, words: str = "", **more: Any
    ) -> Happening:
        """Move `thing` by `event` along the table of moves, save it, and say so on the timeline.

        Fields of `thing` that changed with it must be set before the call; all of it is saved. Raises
        `WrongMoment` when the table has no such move.
        """
        old = thing.stage
        if isinstance(thing, Referral):
            thing.stage = next_stage(ReferralStage(old), event)
            if ReferralStage(thing.stage) in CLOSED_REFERRAL:
                thing.ended_at = self.at
            elif event == Event.REOPENED:
                thing.ended_at = None
        elif isinstance(thing, Handover):
            thing.stage = next_stage(HandoverStage(old), event)
        else:
            thing.stage = next_stage(EpisodeStage(old), event)
            thing.ended_at = self.at if thing.stage == EpisodeStage.ENDED else None
        if not thing._state.adding:
            thing.save()
        return self.note(
            str(event), headline, words, subject=thing, from_stage=old, to_stage=thing.stage, **more
        )

    # ---- holding
    def hold(self, thing: Held, user: User, team: Team, why: str, *, new: bool = False) -> None:
        """Make `user` in `team` the holder of `thing`, ending whoever held it until this moment.

        `new`: the thing begins with this and is stored here.
        """
        if not user.is_active:
            raise WrongMoment(f"{user.name}'s account is closed, so they cannot hold a family.")
        if not new:
            self.release(thing)
        kind = _subject_field(thing)
        thing.holder, thing.holder_team = user, team
        if new:
            self.add(thing)
        else:
            thing.save(update_fields=["holder", "holder_team"])
        self.add(Holding(family=self.family, user=user, team=team, from_at=self.at, why=why, **{kind: thing}))

    def release(self, thing: Held) -> None:
        """End the open holding of `thing`. The caller closes the thing, or has it held by another."""
        if not self.fresh:
            Holding.objects.filter(to_at__isnull=True, **{_subject_field(thing): thing}).update(to_at=self.at)
        thing.holder = thing.holder_team = None

    # ---- the timeline
    def note(
        self,
        kind: str,
        headline: str,
        words: str = "",
        *,
        subject: Subject | None = None,
        contact: Contact | None = None,
        from_stage: str = "",
        to_stage: str = "",
        moved_holding: bool = False,
        happened_at: datetime | None = None,
        facts: dict[str, Any] | None = None,
    ) -> Happening:
        """Add one row to the timeline and one to the audit."""
        row = Happening(
            family=self.family,
            kind=kind,
            headline=headline[:300],
            words=words,
            from_stage=from_stage,
            to_stage=to_stage,
            moved_holding=moved_holding,
            by=audit.user_of(self.by),
            by_words=audit.name_of(self.by)[:200],
            at=happened_at or self.at,
            facts={**(facts or {}), **({"form": self.form_key} if self.form_key else {})},
        )
        self.form_key = ""
        if subject is not None:
            setattr(row, _subject_field(subject), subject)
        if contact is not None:
            row.contact = contact
        entry = audit.entry(
            action=kind,
            subject=_subject_field(subject) if subject else "family",
            subject_id=subject.pk if subject else self.family.pk,
            by=self.by,
            at=self.at,
            family_id=self.family.pk,
        )
        self.add(row, entry)
        return row

    # ---- what waits
    def wait(
        self,
        kind: str,
        *,
        subject: Subject,
        user: User | None,
        team: Team,
        due_at: datetime,
        why: str,
        area: Area | None = None,
        urgent: bool = False,
    ) -> Wait:
        """Something now waits on `user` (or on `team`, nobody named yet) until `due_at`."""
        row = Wait(
            kind=kind,
            family=self.family,
            area_id=area.pk if area else _area_id(subject, self.family),
            user=user,
            team=team,
            due_at=due_at,
            why=why[:400],
            urgent=urgent,
            opened_at=self.at,
            **{_subject_field(subject): subject},
        )
        self.add(row)
        return row

    def waits(self, kind: str, subject: Subject) -> bool:
        """Whether something of this kind already waits on `subject`."""
        if self.fresh:
            return any(row.kind == kind for row in self.added(Wait))
        return self._open_waits((kind,), subject).exists()

    def done(self, *kinds: str, subject: Subject, words: str = "") -> int:
        """Close the open waits of these kinds on `subject`. Returns how many there were."""
        return self._open_waits(kinds, subject).update(
            done_at=self.at, done_by=audit.name_of(self.by)[:200], done_words=words[:500]
        )

    def all_done(self, subject: Subject, words: str = "") -> int:
        """Close every open wait on `subject`, except that danger is only ever acknowledged."""
        return (
            self._open_waits((), subject)
            .exclude(kind__in=DANGER_KINDS)
            .update(done_at=self.at, done_by=audit.name_of(self.by)[:200], done_words=words[:500])
        )

    def rest_on(self, subject: Subject, user: User, team: Team) -> None:
        """What waited on the holder of `subject` now waits on `user`."""
        self._open_waits((), subject).exclude(
            kind__in=["answer", "first_contact", "second_look", "meeting", "match"]
        ).update(user=user, team=team)

    def _open_waits(self, kinds: tuple[str, ...], subject: Subject) -> WaitQuerySet:
        rows: WaitQuerySet = Wait.objects.open().filter(**{_subject_field(subject): subject})
        return rows.filter(kind__in=kinds) if kinds else rows


def _area_id(subject: Subject, family: Family) -> int:
    return family.care.area_id if isinstance(subject, Contact) else subject.area_id


def fresh_referral(pk: int) -> Referral:
    """The referral as it is now, inside the family's lock."""
    return Referral.objects.select_related("area", "holder", "holder_team", "person", "front_door").get(pk=pk)


def fresh_handover(pk: int) -> Handover:
    """The handover as it is now, inside the family's lock.

    With it comes what nearly every verb asks for. The rest (the thing handed over, the alternative,
    organisations) is read when asked for: a dozen joins cost more than they save.
    """
    return Handover.objects.select_related(
        "area", "service__team", "to_team", "to_user", "from_user", "from_team", "person"
    ).get(pk=pk)


def fresh_episode(pk: int) -> Episode:
    """The episode as it is now, inside the family's lock."""
    return Episode.objects.select_related(
        "area", "holder", "holder_team", "service__organisation", "person"
    ).get(pk=pk)


def first_name(name: str) -> str:
    """The first word of a name, for a sentence about somebody."""
    return name.split(" ", maxsplit=1)[0] if name else "they"
