"""Everything the page of one request shows, read in one go: who, their words, what could help, decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from anydoor.access.policy import Standing
from anydoor.care import scope
from anydoor.care.deciding import kept_for_later, profile_of
from anydoor.care.joining import to_decide
from anydoor.care.measured import latest_scores, seen_by
from anydoor.care.measures.reading import newest_of
from anydoor.care.models import (
    Decision,
    Draft,
    FamilyCare,
    Grounds,
    Measure,
    Offer,
    Referral,
    Story,
    Wait,
)
from anydoor.care.models.record import DANGER_KINDS
from anydoor.care.picture import Member, members_of, stage_of
from anydoor.care.record import first_name
from anydoor.directory.matching import Matched, help_for
from anydoor.rules import working_time
from anydoor.rules.pathway import OPEN_REFERRAL, ReferralStage
from anydoor.rules.stage import Stage


@dataclass(frozen=True, slots=True)
class OneRequest:
    """A request with its family and what could help, on the day `today`. Stories are the person's own."""

    referral: Referral
    care: FamilyCare
    members: Sequence[Member]
    teller: Member | None  # whom it is about
    stage: Stage
    stories: Sequence[Story]
    waits: Sequence[Wait]
    matched: Matched
    decision: Decision | None  # the latest
    offers: Sequence[Offer]  # of the latest decision
    measures: Sequence[Measure]  # the newest of each instrument that this person answered
    is_kept: bool  # whether what the latest decision rested on was kept beside it
    draft: Draft | None
    matches: int  # possible matches still to decide
    at: datetime
    today: date

    @property
    def is_open(self) -> bool:
        return ReferralStage(self.referral.stage) in OPEN_REFERRAL

    @property
    def danger(self) -> Wait | None:
        """The open clock of words of danger, or of an answer that may mean danger, if there is one."""
        return next((wait for wait in self.waits if wait.kind in DANGER_KINDS), None)

    @property
    def answers(self) -> list[Wait]:
        """The open clocks of answers that may mean danger."""
        return [wait for wait in self.waits if wait.kind == "danger_answer"]

    @property
    def first(self) -> str:
        """What to call the person in a sentence: the first name, or "they"."""
        person = self.referral.person
        return first_name(person.called) if person.name or person.known_as else "they"


def read_request(who: Standing, referral: Referral, *, at: datetime) -> OneRequest:
    """Read it for somebody who may see its family in full."""
    care = scope.family_for(who, referral.family_id)
    today = working_time.london_day(at)
    members = members_of(referral.family_id)
    teller = next((one for one in members if one.person.pk == referral.person_id), None)
    stage = stage_of(care, members, today)
    decision = (
        Decision.objects.filter(referral=referral)
        .select_related("by")
        .annotate(is_kept=Exists(Grounds.objects.filter(decision=OuterRef("pk"))))
        .order_by("-at", "-pk")
        .first()
    )
    is_open = ReferralStage(referral.stage) in OPEN_REFERRAL
    return OneRequest(
        referral=referral,
        care=care,
        members=members,
        teller=teller,
        stage=stage,
        stories=list(
            Story.objects.filter(
                family_id=referral.family_id, person_id=referral.person_id, replaced_by__isnull=True
            )
        ),
        waits=list(Wait.objects.open().filter(referral=referral).select_related("referral").by_clock()),
        matched=help_for(
            area=referral.area,
            profile=profile_of(
                referral,
                family=care.family,
                teller=teller,
                stage=stage,
                on=today,
                scores=latest_scores(referral.person_id, on=today),
                seen_by=seen_by(referral.family_id),
            ),
        ),
        decision=decision,
        offers=list(Offer.objects.filter(decision=decision).select_related("service")) if decision else [],
        is_kept=decision is not None and decision.is_kept,
        measures=newest_of(referral.family_id, referral.person_id),
        draft=kept_for_later(referral) if is_open else None,
        matches=to_decide(who).filter(referral=referral).count(),
        at=at,
        today=today,
    )
